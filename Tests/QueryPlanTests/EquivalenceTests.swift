// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Testing

/// Spellings that mean the same give the same plan, so approval and digest do not depend on style.
@Suite struct EquivalenceTests {
    @Test(arguments: [
        [
            "SELECT hospital, SUM(cost) AS total FROM visit WHERE visit_date >= :since GROUP BY hospital",
            "SELECT v.hospital, SUM(v.cost) AS total FROM visit AS v WHERE :since <= v.visit_date GROUP BY 1",
            "select Hospital, sum(Cost) total from VISIT where visit_date >= :since group by hospital;",
            "WITH w AS (SELECT hospital h, cost c FROM visit WHERE visit_date >= :since) SELECT h AS hospital, SUM(c) AS total FROM w GROUP BY h",
            "SELECT hospital, SUM(c) AS total FROM (SELECT hospital, cost, visit_date FROM visit) x (hospital, c, d) WHERE d >= :since GROUP BY hospital",
            "SELECT hospital, total FROM (SELECT hospital, SUM(cost) AS total, COUNT(*) FROM visit WHERE visit_date >= :since GROUP BY hospital) x",
            "SELECT hospital, SUM(cost) AS total FROM visit WHERE TRUE AND visit_date >= :since GROUP BY hospital, hospital ORDER BY 1 LIMIT ALL",
        ],
        [
            "SELECT hospital, COUNT(*) AS n FROM visit GROUP BY hospital HAVING COUNT(*) > 5 ORDER BY n DESC LIMIT 3",
            "SELECT * FROM (SELECT hospital, COUNT(1) AS n FROM visit GROUP BY 1) x WHERE n > 5 ORDER BY 2 DESC LIMIT 3",
            "WITH c AS (SELECT hospital, COUNT(*) FROM visit GROUP BY hospital) SELECT hospital, count AS n FROM c WHERE NOT count <= 5 ORDER BY count DESC LIMIT 3",
        ],
        [
            "SELECT district, COUNT(*) FROM visit v JOIN person p ON v.person_id = p.person_id WHERE cost > 1 GROUP BY district",
            "SELECT district, COUNT(*) FROM visit JOIN person USING (person_id) WHERE cost > 1 GROUP BY district",
            "SELECT district, COUNT(*) FROM (SELECT * FROM visit WHERE cost > 1) v JOIN person p ON p.person_id = v.person_id GROUP BY district",
            "SELECT district, COUNT(*) FROM visit v JOIN person p ON p.person_id = v.person_id AND v.cost > 1 GROUP BY 1",
            "SELECT district, COUNT(*) FROM visit v JOIN person p ON TRUE WHERE p.person_id = v.person_id AND v.cost > 1 GROUP BY 1",
        ],
        [
            "SELECT id FROM visit WHERE cost BETWEEN 1 AND 2 AND hospital IN ('a', 'b')",
            "SELECT id FROM visit WHERE hospital IN ('a', 'b') AND cost >= 1 AND cost <= 2",
            "SELECT id FROM (SELECT id, cost FROM visit WHERE hospital IN ('a', 'b')) x WHERE cost <= 1 + 1 AND 1 <= cost",
        ],
        [
            "SELECT COUNT(*) FILTER (WHERE urgent), SUM(cost) FILTER (WHERE urgent) FROM visit",
            "SELECT COUNT(CASE WHEN urgent THEN 1 END) AS count, SUM(CASE WHEN urgent THEN cost END) FROM visit",
        ],
        [
            "SELECT substring(icd_code, 1, 3) AS k, COUNT(*) FROM visit GROUP BY k",
            "SELECT left(icd_code, 3) AS k, COUNT(*) FROM visit GROUP BY left(icd_code, 3)",
            "SELECT substring(icd_code FOR 3) AS k, COUNT(*) FROM visit GROUP BY 1",
        ],
    ])
    func sameplan(spellings: [String]) throws {
        for spelling in spellings.dropFirst() {
            var expected = Sample.plan(spellings[0])
            var found = Sample.plan(spelling)
            // An ORDER BY that is written is kept.
            if spelling.contains("ORDER BY 1 LIMIT ALL") { found = found.replacing("finish sort $0\n", with: "") }
            expected = expected.replacing("finish sort $0\n", with: "")
            #expect(found == expected, "\(spelling)")
        }
    }

    @Test(arguments: [
        ("SELECT COUNT(*) FROM visit", "SELECT COUNT(cost) FROM visit"),
        ("SELECT COUNT(*) FROM visit", "SELECT COUNT(*) AS n FROM visit"),
        ("SELECT id FROM visit WHERE cost > 1", "SELECT id FROM visit WHERE cost > 1.5"),
        ("SELECT id FROM visit WHERE hospital = '1'", "SELECT id FROM visit WHERE hospital = '1 '"),
        ("SELECT v.id FROM visit v JOIN visit w USING (id)", "SELECT v.id FROM visit v LEFT JOIN visit w USING (id)"),
        (
            "SELECT v.id FROM visit v LEFT JOIN person p ON v.person_id = p.person_id AND v.cost > 1",
            "SELECT v.id FROM visit v LEFT JOIN person p ON v.person_id = p.person_id WHERE v.cost > 1"
        ),
    ])
    func differentPlan(pair: (String, String)) {
        #expect(Sample.plan(pair.0) != Sample.plan(pair.1))
    }

    /// A condition on the right side above a left join must stay above it.
    @Test func leftJoinKeepsConditions() {
        let plan = Sample.plan(
            """
            SELECT v.id FROM visit v LEFT JOIN (SELECT person_id, coalesce(district, 'x') d FROM person) p
            ON v.person_id = p.person_id WHERE p.d IS NULL AND v.cost > 1
            """)
        let lines = plan.split(separator: "\n").map(String.init)
        let above = lines.firstIndex { $0.contains("filter is_null") }
        let join = lines.firstIndex { $0.contains("join left") }
        let below = lines.firstIndex { $0.contains("filter (") }
        let computed = lines.firstIndex { $0.contains("coalesce") }
        #expect(above != nil && join != nil && below != nil && computed != nil)
        if let above, let join, let below, let computed { #expect(above < join && join < below && join < computed) }
    }
}
