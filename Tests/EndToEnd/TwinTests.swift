// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import JobControl
import MetadataStore
import TestSupport
import Testing

/// Two domains that differ in one entity of a group that stays withheld must look the same from outside.
@Suite("Twin domains")
struct TwinTests {
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

    @Test("A product's run, for programs and for people: same status, bytes, order, records", arguments: twins.map(\.0))
    func product(name: String) throws {
        let (_, one, two) = try #require(Self.twins.first { $0.0 == name })
        let twins = try Twins(one, two) { try Self.domain($0).approving() }
        #expect(try twins.differences { try $0.sighting("job", "run", Yunei.product, "--param", "since=2024-01-01", as: "op") } == [])
        #expect(try twins.differences { try $0.sighting("job", "run", Yunei.product, "--param", "since=2024-01-01", as: "op", forPeople: true) } == [])
        #expect(try twins.one.run(Yunei.january, as: "op").status == 0)
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

    @Test("Free SQL in a rehearsal: same answers, refusals, messages and records")
    func queries() throws {
        let (_, one, two) = Self.twins[1]
        let twins = try Twins(one, two) { try Self.domain($0, rehearsal: true) }
        #expect(try twins.differences(Self.statements) { try $0.sighting("query", "--sql", $1) } == [])
        for statement in Self.statements { #expect(try twins.one.run("query", "--sql", statement).status < 2, "\(statement)") }
    }

    @Test("The runs of a standing approval are used up alike, and then refused alike")
    func standing() throws {
        let (_, one, two) = Self.twins[0]
        let standing = "standing: 监测\nscenario: 监测\nroles: [operator]\ntables: [visit]\nruns: 2\nexpires: 2999-12-31\n"
        let twins = try Twins(one, two) { try Self.domain($0).applying(standing, as: "authority") }
        let jobs = [Self.statements[4], Self.statements[8], Self.statements[0], Self.statements[1]]
        #expect(try twins.differences(jobs) { try $0.sighting("query", "--sql", $1, as: "op") } == [])
        #expect(try twins.one.run("query", "--sql", jobs[0], as: "op").rules == ["standing.missing"])
    }

    /// The total over everything must differ where the rows differ: else the harness would see nothing.
    @Test("The harness sees a difference in a group that is released, in the output and in the records")
    func control() throws {
        let rows = Hospital.rows()
        let twins = try Twins(rows, rows.map { $0.replacing("E11.9,50.50", with: "E11.9,50.60") }) { try Self.domain($0, rehearsal: true) }
        let differences = try twins.differences { try $0.sighting("query", "--sql", Self.statements[0]) }
        #expect(differences.contains { $0.hasPrefix("output from byte") } && differences.contains { $0.hasPrefix("record ") }, "\(differences)")
    }

    static func domain(_ rows: [String], rehearsal: Bool = false) throws -> Yunei {
        let yunei = try Yunei.withPolicy(rehearsal: rehearsal)
        // A time of its own would stand in every result.
        let load = ["table", "load", "visit", try yunei.write("visit.csv", csv(rows)), "--as-of", "2024-06-30"]
        try Yunei.expectDone(yunei.run(load, as: "wjw"))
        return yunei
    }
}

extension Yunei {
    /// Runs a command and collects all that it shows and leaves, but for what differs by chance: directory, job, salt, keys.
    func sighting(_ arguments: String..., as identity: String? = nil, forPeople: Bool = false) throws -> Sighting {
        let before = try inProcess { try $0.auditEntries().count }
        let who = identity.map { ["--as", $0] } ?? []
        let run = try Self.run(["--domain", domain, forPeople ? "--lang=en" : "--json"] + who + arguments, [:], in: scratch)
        let (entries, jobs) = try inProcess { domain in (try domain.auditEntries(), try domain.metadata.jobs()) }
        let own = entries.dropFirst(before).map(\.entry)
        let job = own.compactMap { $0.body["job"]?.text }.first
        func plain(_ text: String) -> String {
            let placed = text.replacing(scratch.path, with: "PLACE")
            return job.map { placed.replacing($0, with: "JOB") } ?? placed
        }
        var records = own.map { plain("\($0.type.rawValue) \($0.actor) \(Self.withoutChance($0.body).canonicalText)") }
        records += jobs.map { "\($0.status) \($0.standing ?? "")" }
        if let result = job.flatMap({ FileManager.default.contents(atPath: domain + "/results/" + $0 + "/result.json") }) {
            records.append("result " + String(decoding: result, as: UTF8.self))
        }
        return Sighting(status: Int(run.status), output: plain(run.output), errors: plain(run.errors), records: records)
    }

    /// Ciphertext and salted commitments differ between any two domains.
    private static func withoutChance(_ value: JSONValue) -> JSONValue {
        if let members = value.members {
            return .object(members.filter { !["manifest", "parameters"].contains($0.key) }.mapValues(withoutChance))
        }
        return value.elements.map { .array($0.map(withoutChance)) } ?? value
    }
}
