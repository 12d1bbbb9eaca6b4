// SPDX-License-Identifier: Apache-2.0

/// What the gate demands of one result, decided by PolicyCheck from the policies of every table read. Carried by `ApprovedPlan`.
public struct ReleaseRules: Sendable, Hashable {
    /// The open rule: every table read is open data; cells leave as they are. No dimensions then.
    public let isOpen: Bool
    /// Entity dimensions: thresholds hold in each of them.
    public let dimensions: [Dimension]
    /// One for each aggregate of the release node, in order.
    public let aggregates: [AggregateRule]

    public init(isOpen: Bool, dimensions: [Dimension], aggregates: [AggregateRule]) {
        self.isOpen = isOpen
        self.dimensions = dimensions
        self.aggregates = aggregates
    }

    /// One kind of entity that one table reference is about.
    public struct Dimension: Sendable, Hashable {
        /// Entity type, e.g. `person` or `自然人`; for messages.
        public let entity: String
        /// Fewest distinct contributors of a cell. Already multiplied by max_rows_per_person where rows stand for entities.
        public let minimumContributors: Int
        /// Whether rows may lack this entity because a left join found no partner. Such a dimension is in order with none or enough.
        public let mayBeAbsent: Bool

        public init(entity: String, minimumContributors: Int, mayBeAbsent: Bool) {
            self.entity = entity
            self.minimumContributors = minimumContributors
            self.mayBeAbsent = mayBeAbsent
        }
    }

    /// How one aggregate is judged and shaped.
    public struct AggregateRule: Sendable, Hashable {
        public let kind: Kind
        /// Bounds of one entity's merged contribution, in units of the argument's scale, with the dimension it is merged by. Sums and averages only.
        public let clamp: Clamp?
        /// Applied to sums and averages, in every dimension.
        public let dominance: Dominance?
        /// Base of rounding to the nearest multiple, in whole units; 1 = none.
        public let roundingBase: Int64
        /// Number of branches of conditional arguments; each branch that anyone is in needs the minimum in every dimension.
        public let branchCount: Int

        public init(kind: Kind, clamp: Clamp?, dominance: Dominance?, roundingBase: Int64, branchCount: Int) {
            self.kind = kind
            self.clamp = clamp
            self.dominance = dominance
            self.roundingBase = roundingBase
            self.branchCount = branchCount
        }
    }

    public enum Kind: Sendable, Hashable {
        case count
        case countDistinct
        /// `scale` of the sum's units.
        case sum(scale: Int)
        /// Sum over count; `scale` of the sum, `resultScale` of the quotient.
        case average(scale: Int, resultScale: Int)
        /// Floating sums, averages, minima and maxima: open data only.
        case openValue
    }

    public struct Clamp: Sendable, Hashable {
        public let lower: Int128
        public let upper: Int128
        public let dimension: Int

        public init(lower: Int128, upper: Int128, dimension: Int) {
            self.lower = lower
            self.upper = upper
            self.dimension = dimension
        }
    }

    /// (1,k) and (2,k) concentration rules on |x| merged per entity, as exact fractions; strict: unsafe when the share is greater.
    public struct Dominance: Sendable, Hashable {
        public let largest: Fraction?
        public let twoLargest: Fraction?

        public init(largest: Fraction?, twoLargest: Fraction?) {
            self.largest = largest
            self.twoLargest = twoLargest
        }
    }

    /// A number between 0 and 1 as written in a policy, exactly.
    public struct Fraction: Sendable, Hashable {
        public let numerator: Int64
        public let denominator: Int64

        public init(numerator: Int64, denominator: Int64) {
            self.numerator = numerator
            self.denominator = denominator
        }
    }
}
