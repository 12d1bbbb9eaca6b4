// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Testing

/// Two domains that differ in one entity of a group that stays withheld must look the same from outside.
@Suite("Twin domains")
struct TwinTests {
    /// What a person can see of a run, but for what differs by chance: job, time, paths, keys.
    private static func visible(_ run: Yunei.Run) -> [String] {
        var members = run.json.members ?? [:]
        members["receipt"] = nil
        return [String(run.status), JSONValue.object(members).canonicalText, run.errors]
    }

    private static func people(_ run: Yunei.Run) -> [String] {
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("eceipt: ") && !$0.contains("Source: ") }
        return [String(run.status), lines.joined(separator: "\n"), run.errors]
    }

    private static let header = "person_id,hospital,visit_date,icd_code,cost,name\n"
    private static func csv(_ rows: [String]) -> String { header + rows.joined(separator: "\n") + "\n" }

    static let twins: [(String, [String], [String])] = {
        let rows = Hospital.rows()
        let oneFewer = Hospital.rows(smallGroup: 8)
        let none = Hospital.rows(smallGroup: 0)
        let more = rows + (1...20).map { "\(Hospital.person(51)),丙医院,2024-02-\(CivilDay.two($0)),I10,199999.00,病人" }
        let elsewhere = rows + ["\(Hospital.person(51)),己医院,2024-09-01,I10,5.00,病人"]
        let excluded = rows.map { $0.replacing("B20,9999.00", with: "B24,1.00") }
        let ownerless = rows + (1...15).map { ",戊医院,2024-02-\(CivilDay.two($0)),I10,1.00,无主" }
        return [
            ("a group of nine persons or eight", rows, oneFewer), ("a group of nine persons or none", rows, none),
            ("one of them with twenty rows more", rows, more), ("one of them in another hospital too", rows, elsewhere),
            ("rows that are excluded anyway", rows, excluded), ("rows of nobody", rows, ownerless),
            ("the order of rows", rows, Array(rows.reversed())),
        ]
    }()

    @Test("A product's run: same status, cells, withheld, release, order", arguments: twins.map(\.0))
    func product(name: String) throws {
        let (_, one, two) = try #require(Self.twins.first { $0.0 == name })
        let runs = try [one, two].map { rows in
            let yunei = try Yunei.withPolicy().loading(Self.csv(rows)).approving()
            return try (yunei.run(Yunei.january, as: "op"), yunei.runForPeople("job", "run", Yunei.product, "--param", "since=2024-01-01", as: "op"))
        }
        #expect(runs[0].0.status == 0)
        #expect(Self.visible(Self.undated(runs[0].0)) == Self.visible(Self.undated(runs[1].0)))
        #expect(Self.people(runs[0].1) == Self.people(runs[1].1))
    }

    static let statements = [
        "SELECT hospital, COUNT(*), SUM(cost), AVG(cost), COUNT(cost) FROM visit GROUP BY hospital",
        "SELECT hospital, COUNT(*) AS n FROM visit GROUP BY hospital HAVING COUNT(*) < 15 ORDER BY n DESC",
        "SELECT hospital, COUNT(*) FROM visit GROUP BY hospital ORDER BY 2 LIMIT 2",
        "SELECT hospital, COUNT(*) FROM visit GROUP BY hospital ORDER BY 2 LIMIT 5 OFFSET 1",
        "SELECT COUNT(*), SUM(cost) FROM visit WHERE hospital = '丙医院'",
        "SELECT hospital, COUNT(DISTINCT person_id) FROM visit WHERE hospital IN ('丙医院', '甲医院') GROUP BY 1",
        "SELECT hospital, SUM(cost) / COUNT(*) FROM visit GROUP BY 1 ORDER BY 2",
        "SELECT icd_code, COUNT(*) FROM visit WHERE hospital = '丙医院' GROUP BY icd_code",
        "SELECT hospital, COUNT(*) FROM visit WHERE name = '病人51' GROUP BY hospital",
        "SELECT hospital, SUM(cost / 0) FROM visit GROUP BY hospital",
    ]

    @Test("Free SQL in a rehearsal: same answers, refusals and messages")
    func queries() throws {
        let (_, one, two) = Self.twins[1]
        let first = try Yunei.withPolicy(rehearsal: true).loading(Self.csv(one))
        let second = try Yunei.withPolicy(rehearsal: true).loading(Self.csv(two))
        for statement in Self.statements {
            let runs = try [first, second].map { try $0.run("query", "--sql", statement) }
            #expect(Self.visible(Self.undated(runs[0])) == Self.visible(Self.undated(runs[1])), "\(statement)")
            #expect(runs[0].status < 2, "\(statement): \(runs[0].output)")
        }
    }

    /// The total over everything must differ where the rows differ: else the harness would see nothing.
    @Test("The harness sees a difference in a group that is released")
    func control() throws {
        let rows = Hospital.rows()
        let runs = try [rows, rows.map { $0.replacing("E11.9,50.50", with: "E11.9,50.60") }].map {
            try Yunei.withPolicy(rehearsal: true).loading(Self.csv($0)).run("query", "--sql", Self.statements[0])
        }
        #expect(Self.visible(Self.undated(runs[0])) != Self.visible(Self.undated(runs[1])))
    }

    /// Without the time of the load, which stands under `as_of`.
    private static func undated(_ run: Yunei.Run) -> Yunei.Run {
        var members = run.json.members ?? [:]
        members["sources"] = .array(
            (members["sources"]?.elements ?? []).map { source in
                var source = source.members ?? [:]
                source["as_of"] = nil
                return .object(source)
            })
        return Yunei.Run(status: run.status, output: JSONValue.object(members).canonicalText, errors: run.errors)
    }
}
