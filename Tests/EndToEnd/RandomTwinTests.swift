// SPDX-License-Identifier: Apache-2.0

import TestBasics
import TestSupport
import Testing

/// Statements that a seed stands for: useful ones, attacks and such as end in trouble elsewhere (overflow, division by zero, bad casts, huge
/// results). Each keeps hospitals apart, so that persons of the small one are in no other group.
private struct HospitalStatements {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private mutating func pick(_ items: [String]) -> String { items.randomElement(using: &random) ?? "" }

    mutating func next() -> String {
        let condition = pick([
            "visit_date >= DATE '2024-02-01'", "substring(icd_code, 1, 3) = 'E11'", "hospital <> '甲医院'", "icd_code IS NOT NULL", "hospital IN ('丙医院', '乙医院')",
            "NOT (hospital = '丁医院')", "date_trunc('month', visit_date) = TIMESTAMP '2024-02-01 00:00:00'", "name = '病人51'", "cost > 60", "icd_code LIKE 'E%'",
        ])
        let key = pick(["", "", ", date_trunc('month', visit_date)", ", substring(icd_code, 1, 1)", ", CASE WHEN \(condition) THEN 1 ELSE 0 END"])
        let call = pick([
            "COUNT(*)", "SUM(cost)", "AVG(cost)", "COUNT(DISTINCT person_id)", "SUM(CASE WHEN \(condition) THEN cost END)", "COUNT(*) FILTER (WHERE \(condition))", "COUNT(cost)",
            "SUM(cost * 0.5)", "SUM(cost * 99999999999999)", "MAX(cost)", "SUM(cost / 0)", "SUM(CAST(hospital AS int))",
        ])
        let cell = pick([
            call, call, "\(call) / (COUNT(*) - COUNT(*))", "CAST(hospital AS int)", "1 / (COUNT(*) - 9)", "9223372036854775807 * \(call)", "power(10, COUNT(*))", "CAST(\(call) AS text) || hospital",
            "replace(lpad('x', 500, 'y'), 'y', lpad(hospital, 500, 'z'))", "sqrt(0 - COUNT(*))", "COUNT(*) - COUNT(cost)", "nullif(\(call), 9)",
        ])
        let filter = pick(["", "", " WHERE " + condition])
        let having = pick(["", "", "", " HAVING COUNT(*) < 10", " HAVING \(call) > 500", " HAVING COUNT(*) = 9"])
        let grouped = "SELECT hospital AS h, \(cell) AS c FROM visit\(filter) GROUP BY hospital\(key)\(having)"
        return pick([
            grouped, grouped, grouped + " ORDER BY 2 DESC LIMIT 2", grouped + " ORDER BY c NULLS FIRST LIMIT 1 OFFSET 1", "SELECT h, c, rank() OVER (ORDER BY c) AS k FROM (\(grouped)) t",
            "SELECT COUNT(*) AS n, SUM(cost) AS s FROM visit WHERE hospital = '丙医院' AND \(condition)", "SELECT h FROM (\(grouped)) t WHERE c IS NULL",
        ])
    }
}

@Suite("Twin domains under random statements")
struct RandomTwinTests {
    @Test("A person more or less in a group that stays withheld shows nowhere", arguments: [(0, 1), (1, 3)])
    func statements(seed: Int, twin: Int) throws {
        var source = HospitalStatements(seed: UInt64(seed))
        let statements = (0..<14).map { _ in source.next() }
        let (_, one, two) = TwinTests.twins[twin]
        let twins = try Twins(one, two) { try TwinTests.domain($0, rehearsal: true) }
        #expect(try twins.differences(statements) { try $0.sighting("query", "--sql", $1) } == [])
        let released = try statements.count { try twins.one.run("query", "--sql", $0).status == 0 }
        #expect(released >= statements.count / 4)
    }
}
