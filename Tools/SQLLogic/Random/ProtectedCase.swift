// SPDX-License-Identifier: Apache-2.0

internal import CanonicalJSON
internal import DisclosureControl
internal import PolicyCheck
internal import QueryEngine
internal import QueryPlan
internal import Tabular
internal import TestSupport

/// Protected tables and statements over them that a seed stands for: cells, their evidence, what is withheld, and the steps above,
/// by the engine and by the naive interpreter.
package struct ProtectedCase {
    package let seed: UInt64
    package let queries: [String]
    private let tables: [String: MemoryTable]
    private let policies: PolicySet

    package static let queryCount = 20

    package init(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        self.seed = seed
        let minimum = Int64(1 + random.below(4))
        policies = try PolicySet(documents: [
            Self.policy("visit", Self.visitColumns, minimum: minimum, rounding: random.pick([1, 1, 5]), hasDominance: random.chance(60)),
            Self.policy("resident", Self.residentColumns, minimum: minimum, rounding: 1, hasDominance: false),
            TestTable(name: "code", columns: [.init(name: "code", type: .text, isNullable: false), .init(name: "title", type: .text, isNullable: true)]).policy,
        ])
        let persons = 2 + random.below(12)
        let layout = MemorySession.Layout(blockRows: random.pick([1, 4, 65_536]), partitionRows: random.pick([1, 10, .max]), sharesDictionaries: random.chance(50))
        let visits = Self.table(Self.visitColumns, count: random.pick([0, 5, 20, 40, 60]), persons, ordered: false, layout, &random)
        let residents = Self.table(Self.residentColumns, count: persons, persons, ordered: true, layout, &random)
        let codes = MemoryTable(
            columns: [("code", .text), ("title", .text)], entityTypes: [],
            rows: ["a", "b", "c"].map { MemoryTable.Row(values: [.text($0), random.chance(20) ? .null : .text(random.pick(["x", "y"]))], entities: []) })
        tables = ["visit": visits, "resident": residents, "code": codes]
        queries = (0..<Self.queryCount).map { _ in Self.query(&random) }
    }

    // MARK: Tables

    private struct Column {
        let name: String
        let type: LogicalType
        let allow: [String]
        var bounds: [String] = []
    }

    private static let money = LogicalType.decimal(precision: 8, scale: 2)

    private static let visitColumns = [
        Column(name: "person", type: .text, allow: ["join", "count_distinct"]), Column(name: "hospital", type: .text, allow: ["group", "filter_equal"]),
        Column(name: "code", type: .text, allow: ["group", "filter_equal", "join"]), Column(name: "age", type: .int64, allow: ["filter_range", "sum", "average", "count"], bounds: ["0", "100"]),
        Column(name: "urgent", type: .bool, allow: ["group", "filter_equal"]), Column(name: "cost", type: money, allow: ["sum", "average", "count"], bounds: ["0", "500"]),
        Column(name: "day", type: .date, allow: ["group", "filter_range"]),
    ]

    private static let residentColumns = [
        Column(name: "person", type: .text, allow: ["join", "count_distinct"]), Column(name: "district", type: .text, allow: ["group", "filter_equal"]),
        Column(name: "income", type: money, allow: ["sum", "average", "count"], bounds: ["0", "1000"]),
    ]

    private static func policy(_ name: String, _ columns: [Column], minimum: Int64, rounding: Int64, hasDominance: Bool) -> JSONValue {
        let lines = columns.map { column -> JSONValue in
            var members: [String: JSONValue] = ["name": .string(column.name), "type": .string(column.type.name), "nullable": true, "allow": .array(column.allow.map { .string($0) })]
            if !column.bounds.isEmpty { members["bounds"] = .array(column.bounds.map { .string($0) }) }
            if column.name == "person" { members["identifier"] = "key" }
            if column.type == .date { members["format"] = ["yyyy-MM-dd"] }
            return .object(members)
        }
        let dominance: JSONValue = hasDominance ? ["largest": "0.6", "two_largest": "0.9"] : "none"
        return [
            "kind": "table", "table": .string(name), "unit": "test", "grade": "general", "personal": "general", "entity": [["type": "person", "column": "person"]],
            "columns": .array(lines), "release": ["minimum_entities": .integer(minimum), "rounding": .integer(rounding), "dominance": dominance],
        ]
    }

    private static func table(
        _ columns: [Column], count: Int, _ persons: Int, ordered: Bool, _ layout: MemorySession.Layout, _ random: inout RandomSource
    ) -> MemoryTable {
        let rows = (0..<count).map { number -> MemoryTable.Row in
            let person = ordered ? UInt32(number) : random.chance(5) ? nil : UInt32(random.below(persons))
            let values = columns.map { column -> Literal in
                if column.name == "person" { return person.map { .int64(Int64($0)) } ?? .null }
                if random.chance(15) { return .null }
                switch column.type {
                case .text: return .text(random.pick(["a", "b", "c", "甲"]))
                case .int64: return .int64(Int64(random.pick([1, 30, 60, 90, 150, -5])))
                case .bool: return .bool(random.chance(50))
                case .date: return .date(days: Int64(19_700 + random.below(90)))
                case .decimal: return .decimal(units: Int128(random.pick([0, 100, 1_000, 1_050, 20_000, 90_000, -700])), scale: 2)
                case .double, .timestamp, .entity, .null: return .null
                }
            }
            return MemoryTable.Row(values: values, entities: [person])
        }
        return MemoryTable(
            columns: columns.map { ($0.name, $0.name == "person" ? .entity("person") : $0.type) }, entityTypes: ["person"], rows: rows,
            blockRows: layout.blockRows, partitionRows: layout.partitionRows, sharesDictionaries: layout.sharesDictionaries)
    }

    // MARK: Statements

    private static func query(_ random: inout RandomSource) -> String {
        var from = "visit v", keys = ["v.hospital", "v.code", "v.urgent", "date_trunc('month', v.day)", "extract(month FROM v.day)"]
        var arguments = ["v.cost", "v.age"]
        switch random.below(6) {
        case 0, 1:
            from += random.pick([" JOIN ", " LEFT JOIN "]) + "resident r ON v.person = r.person"
            keys.append("r.district")
            arguments.append("r.income")
        case 2:
            from += random.pick([" JOIN ", " LEFT JOIN "]) + "code c ON v.code = c.code"
            keys.append("c.title")
        default: break
        }
        let chosen = keys.shuffled(using: &random).prefix(random.pick([0, 1, 1, 2]))
        let calls = (0..<(1 + random.below(3))).map { _ -> String in
            let argument = random.pick(arguments)
            let conditional = "CASE WHEN v.urgent THEN \(argument) \(random.pick(["END", "ELSE 0 END"]))"
            return random.pick([
                "COUNT(*)", "COUNT(\(argument))", "COUNT(DISTINCT v.person)", "SUM(\(argument))", "SUM(\(argument))", "AVG(\(argument))", "SUM(\(conditional))", "COUNT(\(conditional))",
                "SUM(\(argument)) FILTER (WHERE v.hospital = 'a')", "AVG(coalesce(\(argument), 0))", "SUM(\(argument)) / COUNT(*)",
            ])
        }
        let items = (chosen + calls).enumerated().map { "\($1) AS o\($0)" }
        var sql = "SELECT " + items.joined(separator: ", ") + " FROM " + from
        let filters = ["v.hospital = 'a'", "v.age > 30", "v.age BETWEEN 0 AND 100", "v.urgent", "v.hospital IN ('a', '甲')", "v.day >= DATE '2024-01-01'", "NOT v.hospital = 'b'", "v.code = 'c'"]
        if random.chance(50) { sql += " WHERE " + (random.chance(30) ? random.pick(filters) + " AND " : "") + random.pick(filters) }
        if !chosen.isEmpty { sql += " GROUP BY " + chosen.joined(separator: ", ") }
        if random.chance(20) { sql += " HAVING COUNT(*) \(random.pick([">", "<"])) \(random.below(10))" }
        let order = " ORDER BY " + (1...items.count).shuffled(using: &random).map { "\($0)" + random.pick(["", " DESC", " NULLS FIRST"]) }.joined(separator: ", ")
        switch random.below(6) {
        case 0: return sql + order
        case 1: return sql + order + " LIMIT \(1 + random.below(3))"
        case 2: return "SELECT x.*, RANK() OVER (ORDER BY x.o0 DESC) AS k FROM (\(sql)) x"
        case 3: return "SELECT DISTINCT x.o0 FROM (\(sql)) x"
        case 4: return "SELECT x.o0, SUM(x.o\(items.count - 1)) OVER (PARTITION BY x.o0) AS k FROM (\(sql)) x WHERE x.o\(items.count - 1) IS NOT NULL"
        default: return sql
        }
    }

    // MARK: Comparison

    /// Nil: refused by policy or binder. Empty: all agree.
    package func differences(_ sql: String) throws -> [String]? {
        let outcome: CheckOutcome
        do { outcome = try QueryCheck.run(sql: sql, policies: policies, parameterDomains: .null) } catch {
            if MemorySession.refusal(error) != nil { return nil }
            throw error
        }
        guard case .approved(let approved) = outcome else { return nil }
        let plan = ExecutionPlan(
            rows: approved.plan.rows, release: approved.plan.release, rules: approved.rules, dimensions: approved.dimensions,
            scans: approved.scans, branchConditions: approved.branchConditions, parameters: [:])
        let scans = plan.rows.scans.reduce(into: [Int: MemoryTable]()) { $0[$1.reference] = tables[$1.table] }
        let interpreter = NaiveInterpreter(plan, tables: scans)
        var differences: [String] = []
        for workers in [1, 2] {
            let engine = QueryEngine(workers: workers, memoryLimitBytes: 256 << 20)
            if case .aggregate(let aggregation) = plan.release, case .groups(let groups) = try engine.run(plan, scans: scans) {
                let expected = interpreter.groups(aggregation), actual = GroupReading.groups(groups)
                if expected.count != actual.count { differences.append("\(actual.count) groups instead of \(expected.count)") }
                for group in actual where expected[group.keys].map(GroupReading.bounded) != group {
                    differences.append("evidence of a group, \(workers) workers: \(group) / \(String(describing: expected[group.keys]))")
                }
            }
            let cells = try engine.execute(approved, parameters: [:], scans: scans).release()
            let released = interpreter.released()
            if cells.rows != released { differences.append("released cells, \(workers) workers: \(cells.rows) / \(released)") }
            let finished = try engine.finish(cells, plan: approved.plan, parameters: [:]).rows
            let wanted = NaiveFinishing(parameters: [:]).finish(released, approved.plan.finishing)
            if finished != wanted { differences.append("finished cells: \(finished) / \(wanted)") }
        }
        return differences
    }
}
