// SPDX-License-Identifier: Apache-2.0

internal import SQLLogic
internal import Tabular
internal import TestSupport

/// One way in which two databases may differ.
enum TwinChange: CaseIterable {
    /// A person less, in every table.
    case removed
    /// A person more, with one row or with many.
    case added
    /// Amounts far from all others.
    case outlier
    case nulls
    /// All visits in a group where nobody else is.
    case alone
    /// Any values at all.
    case values
    /// Columns that no grant shows, days within a period, letters behind a prefix.
    case hidden
    /// Rows that belong to nobody or that the policy leaves out.
    case ownerless

    /// Whether nothing at all may show.
    var isHidden: Bool {
        switch self {
        case .hidden, .ownerless: true
        case .removed, .added, .outlier, .nulls, .alone, .values: false
        }
    }

    /// The other twin, and the person in which it differs.
    func applied(to rows: AttackRows, _ schema: AttackSchema, _ random: inout RandomSource) -> (rows: AttackRows, person: UInt32) {
        var changed = rows
        let known = Set(rows.visits.compactMap { $0.entities.first ?? nil }).union(rows.residents.compactMap { $0.entities.first ?? nil }).sorted()
        let person: UInt32 = self == .added || known.isEmpty ? 1_000 : random.pick(known)
        switch self {
        case .removed:
            changed.visits.removeAll { $0.entities.first == person }
            changed.residents.removeAll { $0.entities.first == person }
        case .added:
            let visits = (0..<random.pick([1, 1, 3, 20])).map { _ in AttackRows.visit(schema, person: person, &random) }
            changed.visits += visits
            if random.chance(80) { changed.residents.append(AttackRows.resident(schema, person: person, &random)) }
        case .outlier:
            changed.edit(person, schema) { column, value in
                guard column.type.isExactNumeric else { return value }
                return column.type == .int64 ? .int64(129) : .decimal(units: 99_999_999, scale: 2)
            }
        case .nulls: changed.edit(person, schema) { column, value in column.name == "hospital" ? value : .null }
        case .alone: changed.edit(person, schema) { column, value in ["hospital", "district"].contains(column.name) ? .text("独") : value }
        case .values:
            var source = random
            changed.edit(person, schema) { column, _ in AttackRows.value(column, &source) }
        case .hidden: changed.hide(schema, &random)
        case .ownerless:
            changed.visits += (0..<8).map { _ in AttackRows.visit(schema, person: nil, &random) }
            for place in changed.visits.indices where schema.visit.isLeftOut(changed.visits[place].values) {
                for (position, column) in schema.visit.columns.enumerated() where column.entity == nil && !["hospital", "code"].contains(column.name) {
                    changed.visits[place].values[position] = AttackRows.value(column, &random)
                }
            }
        }
        return (changed, person)
    }
}

extension AttackRows {
    /// Other values in all rows of a person.
    fileprivate mutating func edit(_ person: UInt32, _ schema: AttackSchema, _ change: (AttackColumn, Literal) -> Literal) {
        func edited(_ row: MemoryTable.Row, _ columns: [AttackColumn]) -> MemoryTable.Row {
            guard row.entities.first == person else { return row }
            var row = row
            for (position, column) in columns.enumerated() where column.entity == nil { row.values[position] = change(column, row.values[position]) }
            return row
        }
        visits = visits.map { edited($0, schema.visit.columns) }
        residents = residents.map { edited($0, schema.resident.columns) }
    }

    /// Other values wherever no grant lets them be seen.
    fileprivate mutating func hide(_ schema: AttackSchema, _ random: inout RandomSource) {
        for place in visits.indices {
            for (position, column) in schema.visit.columns.enumerated() { visits[place].values[position] = Self.hidden(column, visits[place].values[position], &random) }
        }
        for place in residents.indices {
            for (position, column) in schema.resident.columns.enumerated() {
                residents[place].values[position] = Self.hidden(column, residents[place].values[position], &random)
            }
        }
    }

    private static func hidden(_ column: AttackColumn, _ value: Literal, _ random: inout RandomSource) -> Literal {
        guard column.entity == nil, value != .null else { return value }
        // Codes that are left out decide about their rows whatever else is granted.
        let isFree = column.excluded.isEmpty && column.name != "hospital"
        if isFree, column.allow.isEmpty { return self.value(column, &random) }
        if isFree, column.allow == ["count"] {
            let other = self.value(column, &random)
            return other == .null ? value : other
        }
        switch value {
        case .text(let text):
            guard let prefix = column.prefix else { return value }
            return .text(text.prefix(max(prefix, column.excluded.isEmpty ? 0 : 3)) + random.pick(["", "0", ".7", "XYZ"]))
        case .date(let days):
            guard let granularity = column.granularity else { return value }
            for _ in 0..<8 {
                let other = days + Int64(random.below(61)) - 30
                if isSamePeriod(days, other, granularity) { return .date(days: other) }
            }
            return value
        case .null, .bool, .int64, .decimal, .double, .timestamp: return value
        }
    }

    private static func isSamePeriod(_ one: Int64, _ other: Int64, _ granularity: String) -> Bool {
        guard let first = CivilDate(days: one), let second = CivilDate(days: other), first.year == second.year else { return false }
        switch granularity {
        case "year": return true
        case "quarter": return (first.month - 1) / 3 == (second.month - 1) / 3
        case "month": return first.month == second.month
        default: return one == other
        }
    }
}
