// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import TestSupport
import Testing

/// What the wider dialect refuses: the code, its first argument and the place. Beside each what differs little and is right.
@Suite struct DialectRefusalTests {
    @Test(arguments: [
        ("SELECT count(*) FROM nation CROSS JOIN region", BindError.Code.joinWithoutKey, "", 22, 24),
        ("SELECT count(*) FROM nation, region WHERE n_regionkey < r_regionkey", .joinWithoutKey, "", 22, 14),
        ("SELECT r_name FROM region WHERE EXISTS (SELECT 1 FROM nation WHERE n_regionkey < r_regionkey)", .joinWithoutKey, "", 33, 61),
        ("SELECT n_name, n_regionkey FROM nation UNION ALL SELECT r_name FROM region", .unionColumns, "2", 50, 25),
        ("SELECT n_name FROM nation UNION ALL SELECT r_regionkey FROM region", .typeMismatch, "UNION ALL", 44, 11),
        ("SELECT 'x' FROM nation UNION ALL SELECT r_regionkey FROM region", .invalidLiteral, "int64", 8, 3),
        ("SELECT n_name FROM nation UNION ALL SELECT r_name FROM region ORDER BY n_regionkey", .unknownColumn, "n_regionkey", 72, 11),
        ("SELECT DISTINCT n_name FROM nation ORDER BY n_regionkey", .orderNotSelected, "", 45, 11),
        ("SELECT r_name FROM region WHERE r_regionkey = (SELECT n_regionkey, n_name FROM nation)", .subqueryColumns, "(SELECT …)", 48, 38),
        ("SELECT r_name FROM region WHERE r_regionkey IN (SELECT * FROM nation)", .subqueryColumns, "IN", 49, 20),
        ("SELECT r_name FROM region WHERE r_name IN (SELECT n_regionkey FROM nation)", .typeMismatch, "=", 68, 6),
        ("SELECT (SELECT count(*) FROM nation WHERE n_regionkey < r_regionkey) FROM region", .correlation, "GROUP BY, COUNT, SUM …", 43, 25),
        ("SELECT (SELECT sum(n_nationkey * r_regionkey) FROM nation WHERE n_name = r_name) FROM region", .correlation, "GROUP BY, COUNT, SUM …", 20, 25),
        ("SELECT (SELECT rank() OVER (ORDER BY n_name) FROM nation WHERE n_regionkey < r_regionkey) FROM region", .correlation, "OVER", 64, 25),
        ("SELECT (SELECT n_name FROM nation WHERE n_regionkey < r_regionkey ORDER BY n_name LIMIT 1) FROM region", .correlation, "LIMIT", 41, 25),
        ("SELECT r_name FROM region WHERE EXISTS (SELECT 1 FROM nation LEFT JOIN supplier ON s_nationkey = n_nationkey AND s_name = r_name)", .correlation, "LEFT JOIN", 114, 15),
        ("SELECT r_name FROM region WHERE NOT EXISTS (SELECT 1 FROM nation WHERE NOT EXISTS (SELECT 1 FROM supplier WHERE s_nationkey = n_nationkey AND s_name > r_name))", .correlation, "EXISTS, IN", 143, 15),
        ("SELECT count(*) FROM nation LEFT JOIN region ON n_regionkey = r_regionkey AND EXISTS (SELECT 1 FROM supplier)", .unsupported, "EXISTS (SELECT …)", 79, 31),
        ("SELECT n_name, (SELECT r_name FROM region WHERE r_regionkey = n_regionkey) FROM nation GROUP BY n_name", .notGrouped, "n_regionkey", 63, 11),
        ("SELECT r_name FROM region WHERE EXISTS (SELECT nothing FROM nation)", .unknownColumn, "nothing", 48, 7),
        ("SELECT r_name FROM region r WHERE EXISTS (SELECT n.r_name FROM nation n)", .unknownColumn, "r_name", 52, 6),
        ("SELECT n_name FROM nation WHERE rank() OVER (ORDER BY n_name) = 1", .windowNotAllowed, "WHERE", 33, 29),
        ("SELECT count(*) FROM nation GROUP BY rank() OVER (ORDER BY n_name)", .windowNotAllowed, "GROUP BY", 38, 29),
        ("SELECT count(*) FROM nation HAVING rank() OVER () = 1", .windowNotAllowed, "HAVING", 36, 14),
        ("SELECT sum(rank() OVER ()) FROM nation", .windowNotAllowed, "COUNT / SUM …", 12, 14),
        ("SELECT sum(rank() OVER ()) OVER () FROM nation", .windowNotAllowed, "OVER", 12, 14),
        ("SELECT a.n_name FROM nation a JOIN nation b ON rank() OVER () = 1", .windowNotAllowed, "JOIN", 48, 14),
        ("SELECT sum(DISTINCT n_nationkey) OVER () FROM nation", .unsupported, "SUM(DISTINCT …) OVER", 8, 33),
        ("SELECT ntile(4) OVER () FROM nation", .unknownFunction, "ntile OVER", 8, 5),
        ("SELECT rank(1) OVER () FROM nation", .wrongArguments, "rank", 8, 15),
        ("SELECT sum(n_name) OVER () FROM nation", .typeMismatch, "sum", 12, 6),
        ("SELECT sum(n_nationkey) OVER (ORDER BY n_name RANGE 2 PRECEDING) FROM nation", .unsupported, "RANGE … PRECEDING / FOLLOWING", 53, 1),
        ("SELECT sum(n_nationkey) OVER (ORDER BY n_name ROWS n_nationkey PRECEDING) FROM nation", .limitNotConstant, "ROWS … PRECEDING / FOLLOWING", 52, 11),
        ("SELECT grouping(n_name) FROM nation", .wrongArguments, "GROUPING", 8, 16),
        ("SELECT grouping(n_name || 'x') FROM nation GROUP BY n_name", .wrongArguments, "GROUPING", 8, 23),
        ("SELECT n_name, n_regionkey FROM nation GROUP BY ROLLUP (n_name)", .notGrouped, "n_regionkey", 16, 11),
        ("SELECT n_name FROM nation WHERE n_name IS TRUE", .typeMismatch, "IS TRUE", 33, 6),
        ("SELECT x.k FROM (SELECT n_nationkey k FROM nation) x FULL JOIN (SELECT r_regionkey k FROM region) y USING (j)", .unknownColumn, "j", 108, 1),
    ])
    func refused(example: (text: String, code: BindError.Code, argument: String, column: Int, length: Int)) throws {
        let statement = try SQLParser.parse(example.text)
        do throws(BindError) {
            _ = try Binder.bind(statement, catalog: TPCHCatalog(), parameters: [])
            Issue.record("accepted: \(example.text)")
        } catch {
            #expect(error.code == example.code, "\(example.text)")
            #expect((error.arguments.first ?? "") == example.argument, "\(example.text)")
            #expect([error.span.column, error.span.length] == [example.column, example.length], "\(example.text)")
        }
    }

    @Test(arguments: [
        "SELECT count(*) FROM nation CROSS JOIN region WHERE n_regionkey = r_regionkey",
        "SELECT r_name FROM region WHERE EXISTS (SELECT 1 FROM nation WHERE n_regionkey <= r_regionkey AND n_regionkey = r_regionkey)",
        "SELECT n_name, n_regionkey FROM nation UNION ALL SELECT r_name, 2.5 FROM region",
        "SELECT '7' FROM nation UNION ALL SELECT r_regionkey FROM region",
        "SELECT n_name FROM nation UNION ALL SELECT r_name FROM region ORDER BY n_name",
        "SELECT DISTINCT n_name, n_regionkey FROM nation ORDER BY n_regionkey",
        "SELECT r_name FROM region WHERE r_name IN (SELECT n_name FROM nation)",
        "SELECT (SELECT count(*) FROM nation WHERE n_regionkey = r_regionkey AND n_name > 'A') FROM region",
        "SELECT (SELECT sum(n_nationkey * r_regionkey) FROM nation WHERE n_regionkey = r_regionkey) FROM region",
        "SELECT (SELECT sum(n_nationkey) * r_regionkey FROM nation WHERE n_regionkey = r_regionkey) FROM region",
        "SELECT (SELECT rank() OVER (ORDER BY n_name) FROM nation WHERE n_regionkey = r_regionkey) FROM region",
        "SELECT r_name FROM region WHERE EXISTS (SELECT 1 FROM nation LEFT JOIN supplier ON s_nationkey = n_nationkey WHERE n_regionkey = r_regionkey AND s_name IS NULL)",
        "SELECT r_name FROM region WHERE EXISTS (SELECT 1 FROM nation WHERE EXISTS (SELECT 1 FROM supplier WHERE s_nationkey = n_nationkey AND s_name = r_name))",
        "SELECT count(*) FROM nation JOIN region ON n_regionkey = r_regionkey AND EXISTS (SELECT 1 FROM supplier)",
        "SELECT n_name, (SELECT r_name FROM region WHERE r_name = n_name) FROM nation GROUP BY n_name",
        "SELECT n_name FROM nation ORDER BY rank() OVER (ORDER BY n_name)",
        "SELECT sum(sum(n_nationkey)) OVER () FROM nation GROUP BY n_name",
        "SELECT sum(n_nationkey) OVER (ORDER BY n_name ROWS 2 PRECEDING) FROM nation",
        "SELECT grouping(n_name) FROM nation GROUP BY n_name",
        "SELECT n_name IS NOT DISTINCT FROM 'a', (n_name = 'a') IS NOT UNKNOWN FROM nation",
        "SELECT k FROM (SELECT n_nationkey k FROM nation) x FULL JOIN (SELECT r_regionkey k FROM region) y USING (k)",
    ])
    func accepted(text: String) throws {
        #expect(throws: Never.self) { try Binder.bind(try SQLParser.parse(text), catalog: TPCHCatalog(), parameters: []) }
    }
}
