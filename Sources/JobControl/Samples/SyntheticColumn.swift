// SPDX-License-Identifier: Apache-2.0

import PolicyCheck
import Tabular

/// One column of invented rows: what its values are made from, and where in its own sequence of chance it is.
struct SyntheticColumn {
    let physicalName: String
    private let policy: ColumnPolicy
    private let source: Source
    /// Values of the table's row range that most rows have.
    private let preferred: [String]
    /// One row in so many has no value; 0: every row has one.
    private let nullEvery: Int
    private var random: SampleRandom

    private enum Source {
        /// Identifiers of so many entities of a type; the first rows have one each.
        case entity(SyntheticKeys, count: Int, takesTurns: Bool)
        /// The row's own key.
        case unique
        /// Keys of the first rows of a parent.
        case reference(count: Int)
        case vocabulary([String])
        case number(lower: Int128, upper: Int128)
        /// Days since 1970-01-01.
        case day(first: Int64, count: Int)
        case truth
        case quarter
    }

    private static let nullShare = 20
    private static let excludedShare = 25

    init(_ column: ColumnPolicy, _ plan: SyntheticPlan) {
        physicalName = column.physicalName
        policy = column
        random = SampleRandom(plan.seed, "column", plan.policy.name, column.name)
        preferred = plan.policy.rowRange.first { $0.column == column.name }?.values ?? []
        source = Self.source(column, plan)
        let isKey = plan.isUnique(column.name) || plan.policy.rowKey.contains(column.name)
        nullEvery = column.isNullable && !isKey ? Self.nullShare : 0
    }

    private static func source(_ column: ColumnPolicy, _ plan: SyntheticPlan) -> Source {
        if column.identifier != nil, let type = column.entityType {
            let isRow = plan.policy.rowKey == [column.name]
            return .entity(SyntheticKeys(type, plan), count: isRow ? plan.rows : plan.entities(type), takesTurns: plan.isLimited(type))
        }
        if plan.isLink(column.name) { return .reference(count: plan.parents) }
        if plan.isUnique(column.name) { return .unique }
        if plan.isForeignKey(column.name) { return .reference(count: plan.parents) }
        switch column.type {
        case .text: return .vocabulary(SyntheticVocabulary.words(column, seed: plan.seed))
        case .bool: return .truth
        case .double: return .quarter
        case .int64, .decimal: return number(column)
        case .date, .timestamp: return days(column)
        case .entity, .null: return .vocabulary([""])
        }
    }

    private static func number(_ column: ColumnPolicy) -> Source {
        if let bounds = column.bounds { return .number(lower: bounds.lower, upper: bounds.upper) }
        // What may head a group, or be looked for, has few values.
        let isCategory = !column.capabilities.isDisjoint(with: [.group, .filterEqual, .join]) && !column.capabilities.contains(.sum)
        var most = Int128(isCategory ? 6 : 1_000)
        if case .decimal(let precision, let scale) = column.type {
            most = ExactDecimal.power(min(precision, scale + 3)).map { $0 - 1 } ?? 9
        }
        return .number(lower: isCategory ? 1 : 0, upper: most)
    }

    /// Few periods, so that groups by the finest of them are not too small to be seen.
    private static func days(_ column: ColumnPolicy) -> Source {
        func from(_ year: Int, _ count: Int) -> Source {
            .day(first: CivilDate(year: year, month: 1, day: 1)?.days ?? 0, count: count)
        }
        switch column.granularity {
        case .year: return from(1980, 3_652)
        case .quarter: return from(2024, 731)
        case .day, .month, nil: return from(2025, 181)
        }
    }

    /// The value of the next row; empty: none. Rows are asked for in order.
    mutating func next(_ row: Int) -> String {
        let chance = random.below(1_000_000)
        if nullEvery > 0, chance % nullEvery == 0 { return "" }
        if !preferred.isEmpty, chance % 10 > 0, let value = fitting(preferred[random.below(preferred.count)]) { return value }
        if let excluded = policy.excludedRows.first, chance % Self.excludedShare == 1 { return excluded.lower }
        switch source {
        case .entity(let keys, let count, let takesTurns): return keys.key(row < count || takesTurns ? row % count : random.below(count))
        case .unique: return key(row)
        case .reference(let count): return key(random.below(count))
        case .vocabulary(let words): return words[random.below(words.count)]
        case .number(let lower, let upper): return ExactDecimal.text(units: random.within(lower, upper), scale: policy.type.scale)
        case .day(let first, let count):
            return SyntheticDate.text(
                days: first + Int64(random.below(count)), seconds: policy.type == .date ? 0 : random.below(86_400), policy)
        case .truth: return random.below(2) == 0 ? "true" : "false"
        case .quarter:
            let quarters = random.below(400)
            return "\(quarters / 4).\(quarters % 4 * 25)"
        }
    }

    /// The key of a row, the same in the table and in those that name it.
    private func key(_ row: Int) -> String {
        switch policy.type {
        case .text: return policy.name + "-" + CivilDate.padded(row + 1, 6)
        case .date, .timestamp: return SyntheticDate.text(days: Int64(row), seconds: 0, policy)
        case .int64, .decimal, .double, .bool, .entity, .null: return String(row + 1)
        }
    }

    /// A value of the row range as the file spells it.
    private func fitting(_ value: String) -> String? {
        guard policy.type == .date || policy.type == .timestamp else { return value }
        guard let moment = CivilTimestamp.parse(iso: value) else { return nil }
        let (days, rest) = CivilTimestamp.split(moment)
        return SyntheticDate.text(days: days, seconds: Int(rest / CivilTimestamp.microsecondsPerSecond), policy)
    }
}
