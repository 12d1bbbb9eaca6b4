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

    @Test func expressionNodes() throws {
        func nested(_ depth: Int) -> String {
            (0..<depth).reduce("urgent") { text, _ in "(\(text) IN (TRUE, urgent)) = TRUE AND (\(text)) = urgent" }
        }
        #expect(try code("SELECT \(nested(3)) FROM visit") == nil)
        func between(_ depth: Int) -> String {
            (0..<depth).reduce("days") { text, _ in "CASE WHEN (\(text)) BETWEEN 1 AND 2 THEN 1 ELSE 2 END" }
        }
        #expect(try code("SELECT \(between(12)) FROM visit") == nil)
        #expect(try code("SELECT \(between(20)) FROM visit") == .tooLarge)
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
}
