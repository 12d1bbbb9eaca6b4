// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular
import Testing

@Suite struct LimitTests {
    private func code(_ text: String, _ catalog: any TableCatalog = SampleCatalog()) throws -> BindError.Code? {
        let statement = try SQLParser.parse(text)
        do throws(BindError) {
            _ = try Binder.bind(statement, catalog: catalog, parameters: [])
            return nil
        } catch {
            return error.code
        }
    }

    @Test func tableReferences() throws {
        func text(_ count: Int) -> String {
            "WITH w AS (SELECT id FROM visit) SELECT COUNT(*) FROM w"
                + (1..<count).map { " JOIN w AS w\($0) ON w.id = w\($0).id" }.joined()
        }
        #expect(try code(text(QueryPlan.Limits.tableReferences)) == nil)
        // One FROM clause cannot hold more, so the further table comes from a query that doubles.
        let doubled = "WITH a AS (SELECT x.id FROM visit x JOIN visit y USING (id))"
            + (1...6).map { ", a\($0) AS (SELECT x.id FROM a\($0 == 1 ? "" : String($0 - 1)) x JOIN a\($0 == 1 ? "" : String($0 - 1)) y USING (id))" }
            .joined()
        #expect(try code(doubled + " SELECT id FROM a5") == .tooManyTableReferences)
        #expect(try code("WITH a AS (SELECT x.id FROM visit x JOIN visit y USING (id)) SELECT id FROM a") == nil)
    }

    /// An IN with columns among its values repeats what stands before it: 2 a - 1 nodes, k + 1 times, beside k columns and itself.
    @Test func expressionNodes() throws {
        let limit = QueryPlan.Limits.expressionNodes
        func text(_ nodes: Int) -> String {
            let others = nodes / 200 - 2
            let value = Array(repeating: "days", count: 100).joined(separator: " + ")
            let single = nodes - (1 + 199 + others + 199 * (others + 1))
            return "SELECT \(value) IN (\(Array(repeating: "id", count: others).joined(separator: ", "))) AS x"
                + (0..<single).map { ", id AS y\($0)" }.joined() + " FROM visit"
        }
        #expect(try code(text(limit)) == nil)
        #expect(try code(text(limit + 1)) == .tooLarge)
        // Doubling is counted before it is done.
        let between = (0..<20).reduce("days") { text, _ in "CASE WHEN (\(text)) BETWEEN 1 AND 2 THEN 1 ELSE 2 END" }
        #expect(try code("SELECT \(between) FROM visit") == .tooLarge)
    }

    @Test func columns() throws {
        struct Wide: TableCatalog {
            let count: Int
            var tableNames: [String] { ["wide"] }
            func schema(of table: String) -> TableSchema? {
                let columns = (0..<count).map { ColumnSchema(name: "c\($0)", type: .int64, isNullable: false) }
                return table == "wide" ? TableSchema(name: "wide", columns: columns) : nil
            }
        }
        #expect(try code("SELECT * FROM wide", Wide(count: QueryPlan.Limits.columns)) == nil)
        #expect(try code("SELECT c0 FROM wide", Wide(count: QueryPlan.Limits.columns + 1)) == .tooManyColumns)
    }

    private func projections(_ text: String) throws -> Int {
        let plan = try Binder.bind(try SQLParser.parse(text), catalog: SampleCatalog(), parameters: [])
        #expect(plan.brokenInvariant == nil)
        return plan.canonicalText.split(separator: "\n").filter { $0.contains("project") }.count
    }

    private func sum(_ name: String, _ count: Int) -> String { Array(repeating: name, count: count).joined(separator: " + ") }

    /// Written out, 200 sums of 50 columns have 99 nodes each and 199 above them; each sign is one more.
    @Test func inlinedNodes() throws {
        let count = QueryPlan.Limits.inlinedNodes / 100
        func text(_ nodes: Int) -> String {
            let signs = nodes - (100 * count - 1)
            let first = String(repeating: "-(", count: signs) + "x" + String(repeating: ")", count: signs)
            return "SELECT \(first) + \(sum("x", count - 1)) AS y FROM (SELECT \(sum("days", 50)) AS x FROM visit) t"
        }
        #expect(try projections(text(QueryPlan.Limits.inlinedNodes)) == 1)
        #expect(try projections(text(QueryPlan.Limits.inlinedNodes + 1)) == 2)
    }

    /// A sum of n columns is n high; the leftmost of them lies deepest.
    @Test func inlinedHeight() throws {
        func text(_ height: Int) -> String {
            "SELECT x + \(sum("id", height - 300)) AS y FROM (SELECT id, \(sum("days", 300)) AS x FROM visit) t"
        }
        #expect(try projections(text(QueryPlan.Limits.inlinedHeight)) == 1)
        #expect(try projections(text(QueryPlan.Limits.inlinedHeight + 1)) == 2)
    }

    /// The first names in order of their bytes are compared, whatever order they come in.
    @Test func suggestionCandidates() throws {
        struct Many: TableCatalog {
            let count: Int
            var tableNames: [String] { ["visits"] + (1..<count).reversed().map { "a\($0)" } }
            func schema(of table: String) -> TableSchema? { nil }
        }
        func suggestion(_ count: Int) throws -> String? {
            let statement = try SQLParser.parse("SELECT id FROM visit")
            let error = #expect(throws: BindError.self) { try Binder.bind(statement, catalog: Many(count: count), parameters: []) }
            return error?.arguments.last
        }
        #expect(try suggestion(QueryPlan.Limits.suggestionCandidates) == "visits")
        #expect(try suggestion(QueryPlan.Limits.suggestionCandidates + 1) == "-")
    }

    /// Columns that double at each level are computed by projections once they grow too large to write out.
    @Test func inlining() throws {
        var text = "SELECT days AS x FROM visit"
        for _ in 0..<40 { text = "SELECT x + x AS x FROM (\(text)) t" }
        let plan = try Binder.bind(try SQLParser.parse(text), catalog: SampleCatalog(), parameters: [])
        #expect(plan.brokenInvariant == nil)
        #expect(plan.canonicalText.utf8.count < 2_000_000)
        #expect(plan.canonicalText.split(separator: "\n").filter { $0.contains("project") }.count >= 2)
        let cells = "SELECT n + n AS n FROM (SELECT COUNT(*) AS n FROM visit) t"
        var deep = cells
        for _ in 0..<40 { deep = "SELECT n + n AS n FROM (\(deep)) t" }
        #expect(try Binder.bind(try SQLParser.parse(deep), catalog: SampleCatalog(), parameters: []).brokenInvariant == nil)
    }

    /// As deep as the parser lets queries nest.
    @Test func deepQueries() throws {
        func nested(_ depth: Int, _ open: String, _ close: String) -> String {
            String(repeating: open, count: depth) + "SELECT id FROM visit" + String(repeating: close, count: depth)
        }
        #expect(try code(nested(60, "SELECT id FROM (", ") x")) == nil)
        #expect(try code(nested(50, "SELECT id FROM visit WHERE id IN (", ")")) == nil)
        #expect(try code(nested(30, "SELECT id FROM (SELECT DISTINCT id FROM (", ") x LIMIT 5) y")) == nil)
    }

    @Test func longListsAndChains() throws {
        let list = (0..<9_999).map(String.init).joined(separator: ",")
        #expect(try code("SELECT id FROM visit WHERE id IN (\(list))") == nil)
        let chain = (0..<240).map { "cost + \($0)" }.joined(separator: " + ")
        #expect(try code("SELECT SUM(\(chain)) FROM visit") != .invariantViolated)
        let additions = String(repeating: " + 1", count: 498)
        #expect(try code("SELECT SUM(cost\(additions)) FROM visit") == nil)
        #expect(try code("SELECT SUM(cost)\(additions) AS x FROM visit ORDER BY x") == nil)
        #expect(try code("SELECT hospital FROM visit GROUP BY hospital, cost\(additions)") == nil)
        let either = (0..<240).map { "id = \($0)" }.joined(separator: " OR ")
        #expect(try code("SELECT hospital, COUNT(*) FROM visit WHERE \(either) GROUP BY hospital HAVING COUNT(*) > 1") == nil)
    }

    /// A join without keys needs a side that LIMIT, or an aggregation without keys, proves small.
    @Test func smallSideRows() throws {
        func text(_ limit: Int64) -> String { "SELECT COUNT(*) FROM visit CROSS JOIN (SELECT id FROM visit LIMIT \(limit)) x" }
        #expect(try code(text(QueryPlan.Limits.smallSideRows)) == nil)
        #expect(try code(text(QueryPlan.Limits.smallSideRows + 1)) == .joinWithoutKey)
        #expect(try code("SELECT COUNT(*) FROM visit CROSS JOIN (SELECT COUNT(*) FROM visit) x") == nil)
        #expect(try code("SELECT COUNT(*) FROM visit CROSS JOIN (SELECT id FROM visit GROUP BY id) x") == .joinWithoutKey)
    }

    @Test func groupingSets() throws {
        func cube(_ columns: String) -> String { "SELECT COUNT(*) FROM visit GROUP BY CUBE(\(columns))" }
        #expect(QueryPlan.Limits.groupingSets == 64)
        #expect(try code(cube("id, hospital, cost, days, weight, urgent")) == nil)
        #expect(try code(cube("id, hospital, cost, days, weight, urgent, icd_code")) == .tooManyGroupingSets)
        #expect(try code(cube("id, hospital, cost, days, weight") + ", ROLLUP(urgent)") == nil)
        #expect(try code(cube("id, hospital, cost, days, weight") + ", ROLLUP(urgent, icd_code)") == .tooManyGroupingSets)
        func sets(_ count: Int) -> String {
            "SELECT COUNT(*) FROM visit GROUP BY GROUPING SETS (\(Array(repeating: "(id)", count: count).joined(separator: ", ")))"
        }
        #expect(try code(sets(QueryPlan.Limits.groupingSets)) == nil)
        #expect(try code(sets(QueryPlan.Limits.groupingSets + 1)) == .tooManyGroupingSets)
    }
}
