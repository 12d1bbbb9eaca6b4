// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan

/// A plan that the checker allowed, with the rules its result must pass. It has no initialiser outside this module, and the engine
/// accepts nothing else.
public struct ApprovedPlan: Sendable {
    /// The final plan: policy filters stand directly above the scans, parameters are still symbols.
    public let plan: BoundPlan
    public let rules: ReleaseRules
    /// Where each dimension of `rules.dimensions` comes from, in the same order.
    public let dimensions: [DimensionSource]
    /// For each table reference of the plan, what its scan must do besides yielding its columns.
    public let scans: [Int: ScanRequirement]
    /// For each aggregate, the branch conditions of its conditional argument over the columns of `plan.rows`: branch b is true for a
    /// row that falls into it. Evidence is counted for each. Same shape as `rules.aggregates[i].branchCount`.
    public let branchConditions: [[BoundExpression]]
    /// By dimension of `DimensionSource.Kind.row`: for how many entities a row of `plan.rows` stands. Without it: one.
    public let weights: [Int: BoundExpression]
    /// Protected columns by which cells are told apart, by table: for what a scenario uses altogether.
    public let quasiIdentifiers: [String: [String]]
    /// Canonical text whose SHA-256 is the plan digest: the printed final plan with its rules, without spans or statistics.
    public let canonicalText: String

    init(
        plan: BoundPlan, rules: ReleaseRules, dimensions: [DimensionSource], scans: [Int: ScanRequirement],
        branchConditions: [[BoundExpression]], weights: [Int: BoundExpression], quasiIdentifiers: [String: [String]], canonicalText: String
    ) {
        self.plan = plan
        self.rules = rules
        self.dimensions = dimensions
        self.scans = scans
        self.branchConditions = branchConditions
        self.weights = weights
        self.quasiIdentifiers = quasiIdentifiers
        self.canonicalText = canonicalText
    }
}

/// The entity of one dimension: which table reference it belongs to and which of its entities.
public struct DimensionSource: Sendable, Hashable {
    public let reference: Int
    public let kind: Kind

    public enum Kind: Sendable, Hashable {
        /// The stored entity number of this type. `isOrderingEntity`: it is the table's first entity, by which rows are stored in order.
        case entity(type: String, isOrderingEntity: Bool)
        /// Each row stands for an entity of its own (`none: max_rows_per_person`).
        case row
    }

    public init(reference: Int, kind: Kind) {
        self.reference = reference
        self.kind = kind
    }
}

/// What a scan does besides yielding columns.
public struct ScanRequirement: Sendable, Hashable {
    public let table: String
    /// Stored entity types of the table; rows that lack any of them take part in nothing.
    public let entities: [String]
    /// Most rows of one value of a column, which loads are held to. The scan itself does nothing about it.
    public let fanOut: FanOut?

    public init(table: String, entities: [String], fanOut: FanOut? = nil) {
        self.table = table
        self.entities = entities
        self.fanOut = fanOut
    }
}
