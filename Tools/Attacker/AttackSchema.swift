// SPDX-License-Identifier: Apache-2.0

package import CanonicalJSON
package import PolicyCheck
internal import SQLLogic
package import Tabular

/// A random policy over three tables: visits, the residents who make them, and an open list of codes.
package struct AttackSchema: Sendable {
    package struct Table: Sendable {
        package let name: String
        package let columns: [AttackColumn]
        /// Protected entities, first the one by which rows are stored. Empty: open data.
        package let entities: [String]
        package let minimum: Int
        let rounding: Int64
        /// Shares in percent; nil: no rule.
        package let largest: Int?
        package let twoLargest: Int?
        let rowRange: [String]

        package var isOpen: Bool { entities.isEmpty }
        package func column(_ name: String) -> AttackColumn? { columns.first { $0.name == name } }
    }

    package let visit: Table
    package let resident: Table
    package let code: Table
    package let policies: PolicySet
    package let parameters: JSONValue

    package var tables: [Table] { [visit, resident, code] }

    package static let hospitals = ["甲", "乙", "丙", "丁"]
    package static let codes = ["I10.1", "I10.9", "I11.0", "E11.9", "E12.0", "B20.1", "Z21.0"]
    package static let districts = ["东", "西", "南"]
    package static let firstDay: Int64 = 19_662
    static let money = LogicalType.decimal(precision: 10, scale: 2)

    init(_ random: inout RandomSource) throws {
        let tendency = random.pick([60, 85, 100])
        let types = random.chance(25) ? ["person", "clinic"] : ["person"]
        let text = ["group", "filter_equal", "join", "count", "count_distinct"], number = ["filter_range", "sum", "average", "count", "group", "filter_equal"]
        func column(_ name: String, _ type: LogicalType, _ possible: [String]) -> AttackColumn { .random(name, type, possible, tendency, &random) }
        func entity(_ type: String) -> AttackColumn {
            var result = column(type, .text, ["join", "count_distinct"])
            result.entity = type
            return result
        }
        func amount(_ name: String, _ type: LogicalType, _ bounds: [String]) -> AttackColumn {
            var result = column(name, type, Array(number.prefix(random.pick([4, 4, 4, 6]))))
            result.bounds = bounds
            return result
        }
        var visits = types.map(entity)
        visits.append(column("hospital", .text, text))
        var code = column("code", .text, text)
        if random.chance(50) { code.prefix = 1 + random.below(3) }
        if random.chance(40) { code.excluded = ["B20-B24", "Z21"] }
        visits.append(code)
        visits.append(column("urgent", .bool, ["group", "filter_equal"]))
        visits.append(column("day", .date, ["group", "filter_range", "filter_equal", "count"]))
        visits.append(amount("age", .int64, ["0", "130"]))
        visits.append(amount("cost", Self.money, random.pick([["0", "5000"], ["-100", "100"], ["0", "1000000"]])))
        visits.append(amount("insured", Self.money, ["0", "5000"]))
        visits.append(AttackColumn(name: "name", type: .text))
        var residents = [entity("person")]
        residents.append(column("district", .text, text))
        residents.append(column("sex", .text, text))
        residents.append(amount("income", Self.money, ["0", "100000"]))
        residents.append(column("born", .date, ["group", "filter_range", "filter_equal"]))
        let minimum = 2 + random.below(9)
        visit = Self.table("visit", visits, types, minimum, rowRange: random.chance(15) ? ["甲", "乙", "丙"] : [], &random)
        resident = Self.table("resident", residents, ["person"], random.chance(70) ? minimum : 2 + random.below(9), rowRange: [], &random)
        let open: [AttackColumn] = ["code", "title", "chapter"].map { AttackColumn(name: $0, type: .text, allow: ["project", "group", "filter_equal", "join", "count_distinct", "count"]) }
        self.code = Table(name: "code", columns: open, entities: [], minimum: 0, rounding: 1, largest: nil, twoLargest: nil, rowRange: [])
        parameters = [
            "since": ["type": "date", "min": "2023-11-01", "max": "2024-06-01", "step": "1 month"],
            "place": ["type": "text", "values": .array(Self.hospitals.map { .string($0) })],
        ]
        policies = try PolicySet(documents: [visit, resident, self.code].map(\.document))
    }

    private static func table(
        _ name: String, _ columns: [AttackColumn], _ entities: [String], _ minimum: Int, rowRange: [String], _ random: inout RandomSource
    ) -> Table {
        let hasDominance = random.chance(50)
        return Table(
            name: name, columns: columns, entities: entities, minimum: minimum, rounding: random.pick([1, 1, 1, 5]), largest: hasDominance ? 60 : nil,
            twoLargest: hasDominance && random.chance(70) ? 90 : nil, rowRange: rowRange)
    }
}

extension AttackSchema.Table {
    /// The canonical policy document.
    var document: JSONValue {
        var members: [String: JSONValue] = [
            "kind": "table", "table": .string(name), "unit": "test", "grade": "general", "personal": "general", "columns": .array(columns.map(\.document)),
        ]
        guard !isOpen else {
            members["open"] = true
            return .object(members)
        }
        members["entity"] = .array(entities.map { ["type": .string($0), "column": .string($0)] })
        if !rowRange.isEmpty { members["row_range"] = [["column": "hospital", "values": .array(rowRange.map { .string($0) })]] }
        var dominance: [String: JSONValue] = [:]
        if let largest { dominance["largest"] = .string("0.\(largest)") }
        if let twoLargest { dominance["two_largest"] = .string("0.\(twoLargest)") }
        members["release"] = [
            "minimum_entities": .integer(Int64(minimum)), "rounding": .integer(rounding), "dominance": dominance.isEmpty ? "none" : .object(dominance),
        ]
        return .object(members)
    }

    /// Whether the policy leaves a row out of everything.
    package func isLeftOut(_ values: [Literal]) -> Bool {
        for (column, value) in zip(columns, values) {
            guard case .text(let text) = value else {
                if column.name == "hospital", !rowRange.isEmpty { return true }
                continue
            }
            if column.name == "hospital", !rowRange.isEmpty, !rowRange.contains(text) { return true }
            if !column.excluded.isEmpty, text.hasPrefix("Z21") || text.hasPrefix("B2") && ("B20"..."B24").contains(String(text.prefix(3))) { return true }
        }
        return false
    }
}
