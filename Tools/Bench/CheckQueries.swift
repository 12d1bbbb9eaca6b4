// SPDX-License-Identifier: Apache-2.0

/// Statements of a given number of lines over the example policies, in the forms in which long statements come.
enum CheckQueries {
    /// What makes a statement long.
    enum Form: String, CaseIterable {
        case conditions, bands, aggregates, nesting, cells, joins
    }

    private static let hospitals = ["甲医院", "乙医院", "丙医院", "丁医院", "戊医院"]
    private static let tests = [
        "v.hospital IN ('甲医院', '乙医院')", "v.age > 60", "v.urgent", "substring(v.icd_code, 1, 3) = 'I10'", "v.visit_date >= DATE '2024-02-01'", "NOT v.hospital = '丙医院'",
        "v.age BETWEEN 20 AND 64", "date_trunc('month', v.visit_date) = TIMESTAMP '2024-03-01 00:00:00'",
    ]

    private static func test(_ number: Int) -> String {
        let test = tests[number % tests.count]
        return number % 3 == 0 ? "(\(test) OR v.hospital = '\(hospitals[number % 5])\(number)')" : test
    }

    /// `isRefused`: with parts that the examples do not grant.
    static func statement(_ form: Form, lines: Int, isRefused: Bool) -> String {
        let refused = isRefused ? ["AND v.icd_code = 'I10.9'", "AND v.visit_date > DATE '2024-02-03'"] : []
        let rest = max(1, lines - 4 - refused.count)
        func block(_ items: [String], _ from: String, _ conditions: [String], _ keys: String) -> String {
            (["SELECT " + items.joined(separator: ",\n"), from, "WHERE v.age >= 0"] + conditions + refused + [keys]).joined(separator: "\n")
        }
        switch form {
        case .conditions: return block(["v.hospital", "COUNT(*)"], "FROM visit v", (1..<rest).map { "AND " + test($0) }, "GROUP BY v.hospital")
        case .bands:
            let key = "CASE" + (1..<max(2, rest)).map { "\nWHEN v.age < \($0) AND \(test($0)) THEN '\($0)'" }.joined() + " ELSE 'x' END"
            return block([key, "COUNT(*)"], "FROM visit v", [], "GROUP BY 1")
        case .aggregates:
            let calls = (1...rest).map { $0 % 24 == 0 ? "COUNT(*) FILTER (WHERE \(tests[$0 / 24 % 8])) AS a\($0)" : "\(["SUM(v.cost)", "AVG(v.cost * \($0))", "SUM(v.insured * v.days)", "COUNT(DISTINCT v.person_id)"][$0 % 4]) AS a\($0)" }
            return block(["v.hospital"] + calls, "FROM visit v", [], "GROUP BY v.hospital")
        case .nesting:
            let levels = max(1, (rest - 2) / 2)
            let names = (0...levels).map { $0 == 0 ? "visit" : "t\($0)" }
            let steps = (1...levels).map { "\(names[$0]) AS (SELECT * FROM \(names[$0 - 1]) v\nWHERE \(test($0)))" }
            return "WITH " + steps.joined(separator: ", ") + "\n" + block(["v.hospital", "COUNT(*)", "SUM(v.cost)"], "FROM \(names[levels]) v", [], "GROUP BY v.hospital")
        case .cells:
            let cells = (1...rest).map { "CASE WHEN COUNT(*) > \($0) THEN SUM(v.cost) / COUNT(*) ELSE AVG(v.insured) END AS c\($0)" }
            return block(["v.hospital"] + cells, "FROM visit v", [], "GROUP BY v.hospital\nORDER BY 2 DESC LIMIT 10")
        case .joins:
            let from = "FROM visit v JOIN resident r ON v.person_id = r.person_id"
            return block(["v.hospital", "r.district", "COUNT(*)", "SUM(v.cost)"], from, (1..<rest).map { "AND " + test($0) }, "GROUP BY v.hospital, r.district")
        }
    }
}
