// SPDX-License-Identifier: Apache-2.0

public import DisclosureControl
public import Tabular

/// One row below the release node, as the oracle sees it.
public struct NaiveRow: Sendable {
    public var keys: [Literal]
    /// The entity of each dimension; nil = none.
    public var entities: [UInt64?]
    /// The argument of each aggregate.
    public var arguments: [Argument]
    /// For how many entities of each dimension it stands; nil, or beyond the end: for one.
    public var weights: [Int64?]

    public struct Argument: Sendable {
        /// NULL = no value. COUNT(*) has some value in every row. Numbers in the scale of their aggregate.
        public var value: Literal
        /// The branches that the row is in.
        public var branches: Set<Int>

        public init(value: Literal, branch: Int? = nil) { self.init(value: value, branches: branch.map { [$0] } ?? []) }

        public init(value: Literal, branches: Set<Int>) {
            self.value = value
            self.branches = branches
        }
    }

    public init(keys: [Literal], entities: [UInt64?], arguments: [Argument], weights: [Int64?] = []) {
        self.keys = keys
        self.entities = entities
        self.arguments = arguments
        self.weights = weights
    }
}

extension NaiveRow {
    fileprivate func weight(_ dimension: Int) -> Int64? { weights.indices.contains(dimension) ? weights[dimension] : nil }
}

/// The release gate in its most literal form: the oracle for the real one. Slow, row by row, no shared code with it.
/// Covers counts, distinct counts, exact sums and averages; `openValue` columns are outside its scope and read as NULL.
///
/// Merging: |Σx| of each entity; contributions are clamped in the dimension of the clamp (there also before dominance is
/// judged), other dimensions see them unclamped. Rows without an entity in a dimension that may not be absent do not count at all.
public struct NaiveGate {
    public let rules: ReleaseRules

    public init(rules: ReleaseRules) { self.rules = rules }

    public struct Release: Equatable, Sendable {
        public var rows: [[ReleasedCell]] = []
        public var reasons: [WithheldReason] = []
        public var withheldCount = 0
    }

    public func release(_ rows: [NaiveRow], hasKeys: Bool) -> Release {
        let counted = rows.filter { row in
            rules.isOpen || zip(rules.dimensions, row.entities).allSatisfy { $0.mayBeAbsent || $1 != nil }
        }
        guard hasKeys else { return finish([([], counted)]) }
        let groups = Dictionary(grouping: counted, by: \.keys).filter { isEnough($0.value) }
        return finish(groups.sorted { Self.precedes($0.key, $1.key) }.map { ($0.key, $0.value) })
    }

    private func finish(_ groups: [(keys: [Literal], rows: [NaiveRow])]) -> Release {
        var release = Release()
        var reasons: Set<WithheldReason> = []
        for group in groups {
            var released = group.keys.map { ReleasedCell.value($0) }
            for position in rules.aggregates.indices {
                let verdict = isEnough(group.rows) ? judge(group.rows, position) : Verdict.withheld(.tooFewContributors)
                switch verdict {
                case .safe(let value): released.append(.value(value))
                case .withheld(let reason):
                    released.append(.withheld)
                    reasons.insert(reason)
                    release.withheldCount += 1
                }
            }
            release.rows.append(released)
        }
        release.reasons = reasons.sorted()
        return release
    }

    private enum Verdict {
        case safe(Literal)
        case withheld(WithheldReason)
    }

    /// Counts the entities in every dimension.
    private func isEnough(_ rows: [NaiveRow]) -> Bool {
        if rules.isOpen { return true }
        var isPresentAnywhere = false
        for (position, dimension) in rules.dimensions.enumerated() {
            let entities = Set(rows.compactMap { $0.entities[position] })
            if entities.isEmpty, dimension.mayBeAbsent { continue }
            let count = rows.contains { $0.weight(position) != nil } ? rows.reduce(Int128(0)) { $0 + Int128($1.weight(position) ?? 1) } : Int128(entities.count)
            if entities.isEmpty || count < dimension.minimumContributors { return false }
            isPresentAnywhere = true
        }
        return isPresentAnywhere
    }

    private func judge(_ rows: [NaiveRow], _ position: Int) -> Verdict {
        let rule = rules.aggregates[position]
        let valued = rows.filter { $0.arguments[position].value != .null }
        if rules.isOpen { return .safe(value(valued, position)) }
        if !isEnough(valued) { return .withheld(.tooFewContributors) }
        for branch in 0..<rule.branchCount {
            let inside = rows.filter { $0.arguments[position].branches.contains(branch) }
            if !inside.isEmpty, !isEnough(inside) { return .withheld(.branchTooSmall) }
        }
        if let dominance = rule.dominance {
            for dimension in rules.dimensions.indices where isDominated(valued, position, dimension, dominance) {
                return .withheld(.dominance)
            }
        }
        return .safe(value(valued, position))
    }

    private func isDominated(_ rows: [NaiveRow], _ position: Int, _ dimension: Int, _ dominance: ReleaseRules.Dominance) -> Bool {
        let magnitudes = merged(rows, position, dimension).values.map { $0 < 0 ? -$0 : $0 }.sorted(by: >)
        let total = magnitudes.reduce(0, +)
        func isAbove(_ count: Int, _ share: ReleaseRules.Fraction?) -> Bool {
            guard let share else { return false }
            return magnitudes.prefix(count).reduce(0, +) * Int128(share.denominator) > total * Int128(share.numerator)
        }
        return isAbove(1, dominance.largest) || isAbove(2, dominance.twoLargest)
    }

    /// Σx of each entity, clamped when this is the dimension of the clamp.
    private func merged(_ rows: [NaiveRow], _ position: Int, _ dimension: Int) -> [UInt64: Int128] {
        var sums: [UInt64: Int128] = [:]
        for row in rows {
            if let entity = row.entities[dimension] { sums[entity, default: 0] += Self.units(row.arguments[position].value) }
        }
        guard let clamp = rules.aggregates[position].clamp, clamp.dimension == dimension else { return sums }
        return sums.mapValues { min(max($0, clamp.lower), clamp.upper) }
    }

    private func value(_ rows: [NaiveRow], _ position: Int) -> Literal {
        let rule = rules.aggregates[position]
        let base = rules.isOpen ? 1 : Int128(rule.roundingBase)
        func rounded(_ count: Int) -> Int128 { Self.divide(Int128(count), base) * base }
        switch rule.kind {
        case .count: return .int64(Int64(rounded(rows.count)))
        case .countDistinct: return .int64(Int64(rounded(Set(rows.map { $0.arguments[position].value }).count)))
        case .sum(let scale):
            return rows.isEmpty ? .null : .decimal(units: sum(rows, position, base: base * Self.power(scale)), scale: scale)
        case .average(let scale, let resultScale):
            let count = rounded(rows.count)
            if count == 0 { return .null }
            let numerator = sum(rows, position, base: base * Self.power(scale)) * Self.power(resultScale)
            return .decimal(units: Self.divide(numerator, count * Self.power(scale)), scale: resultScale)
        case .openValue: return .null
        }
    }

    /// The sum, to the nearest multiple of `base` when the rule rounds.
    private func sum(_ rows: [NaiveRow], _ position: Int, base: Int128) -> Int128 {
        let rule = rules.aggregates[position]
        let exact =
            rule.clamp.map { merged(rows, position, $0.dimension).values.reduce(0, +) }
            ?? rows.reduce(0) { $0 + Self.units($1.arguments[position].value) }
        return rules.isOpen || rule.roundingBase == 1 ? exact : Self.divide(exact, base) * base
    }

    /// The quotient, halves away from zero.
    private static func divide(_ units: Int128, _ divisor: Int128) -> Int128 {
        let magnitude = (2 * (units < 0 ? -units : units) + divisor) / (2 * divisor)
        return units < 0 ? -magnitude : magnitude
    }

    private static func power(_ exponent: Int) -> Int128 { (0..<exponent).reduce(1) { product, _ in product * 10 } }

    private static func units(_ value: Literal) -> Int128 {
        switch value {
        case .int64(let number): Int128(number)
        case .decimal(let units, _): units
        case .null, .bool, .double, .date, .timestamp, .text: 0
        }
    }

    /// By keys from the left, NULL last.
    package static func precedes(_ left: [Literal], _ right: [Literal]) -> Bool {
        for (one, other) in zip(left, right) where one != other {
            switch (one, other) {
            case (.null, _): return false
            case (_, .null): return true
            case (.bool(let a), .bool(let b)): return !a && b
            case (.int64(let a), .int64(let b)): return a < b
            case (.decimal(let a, _), .decimal(let b, _)): return a < b
            case (.double(let a), .double(let b)): return a < b
            case (.date(let a), .date(let b)): return a < b
            case (.timestamp(let a), .timestamp(let b)): return a < b
            case (.text(let a), .text(let b)): return Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8))
            case (.bool, _), (.int64, _), (.decimal, _), (.double, _), (.date, _), (.timestamp, _), (.text, _): return false
            }
        }
        return false
    }
}
