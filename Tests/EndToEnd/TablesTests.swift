// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Testing

@Suite("Tables of every kind, against a naive computation over the same rows")
struct TablesTests {
    private static let city = City.shared

    /// All tables of the city, loaded, in a domain for rehearsal.
    private static let loaded = Result { () throws -> Yunei in
        let yunei = try Yunei.founded(rehearsal: true)
        try Yunei.expectDone(yunei.run("identity", "add", "gaj", "--role", "unit", "--org", "市公安局"))
        for policy in [City.care, City.prescription, City.survey, City.openWeather] { try yunei.applying(policy) }
        try yunei.applying(City.resident, as: "gaj")
        try yunei.loading(city.careCSV, into: "care")
        try yunei.loading(city.prescriptionCSV, into: "prescription")
        try yunei.loading(city.surveyCSV, into: "survey")
        try yunei.loading(city.weatherCSV, into: "weather")
        try yunei.loading(city.residentCSV, into: "resident", as: "gaj")
        return yunei
    }

    private func expect(_ sql: String, _ expected: [[JSONValue]], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let run = try Self.loaded.get().copy().run("query", "--sql", sql)
        #expect(run.status == 0, "\(sql): \(run.output)", sourceLocation: sourceLocation)
        #expect(run.rows == expected, "\(sql)", sourceLocation: sourceLocation)
    }

    // MARK: Entities

    @Test("Keyed by two: a cell needs enough persons and enough hospitals; rows that lack either are nobody's")
    func twoEntities() throws {
        let groups = Naive.care(Self.city.visits) { $0.district }
        #expect(groups.contains { $0.key == nil } && !groups.contains { $0.key == "北区" })
        try expect(
            "SELECT district, COUNT(*), COUNT(DISTINCT person_id), COUNT(DISTINCT hospital), SUM(cost), COUNT(cost) FROM care GROUP BY district ORDER BY district",
            groups.map { key, rows in
                [
                    key.map { .string($0) } ?? .null, .count(rows.count), .count(Set(rows.compactMap(\.person)).count),
                    .count(Set(rows.compactMap(\.hospital)).count), .amount(rows.compactMap(\.cost).reduce(0, +)), .count(rows.compactMap(\.cost).count),
                ]
            })
    }

    @Test("Through another table: prescriptions count for the persons and hospitals of their visits")
    func via() throws {
        let visits = Dictionary(uniqueKeysWithValues: Self.city.visits.map { ($0.id, $0) })
        var groups: [String: (persons: Set<Int>, hospitals: Set<String>, count: Int, amount: Int)] = [:]
        for row in Self.city.prescriptions {
            guard let visit = row.visit.flatMap({ visits[$0] }), let person = visit.person, let hospital = visit.hospital else { continue }
            var group = groups[row.drug] ?? ([], [], 0, 0)
            group.persons.insert(person)
            group.hospitals.insert(hospital)
            group.count += 1
            group.amount += row.amount
            groups[row.drug] = group
        }
        let kept = groups.filter { min($0.value.persons.count, $0.value.hospitals.count) >= City.minimum }
        try expect(
            "SELECT drug, COUNT(*), SUM(amount) FROM prescription GROUP BY drug ORDER BY drug",
            kept.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { [.string($0.key), .count($0.value.count), .amount($0.value.amount)] })
    }

    @Test("Without identifiers: as many rows as the fewest persons could have")
    func none() throws {
        var groups: [String: (rows: Int, scores: [Int])] = [:]
        for row in Self.city.answers {
            groups[row.district, default: (0, [])].rows += 1
            if let score = row.score { groups[row.district, default: (0, [])].scores.append(score) }
        }
        let least = City.minimum * 4
        #expect(groups.contains { $0.value.rows < least } && groups.contains { $0.value.rows >= least })
        try expect(
            "SELECT district, COUNT(*), SUM(score), COUNT(score) FROM survey GROUP BY district ORDER BY district",
            groups.filter { $0.value.rows >= least }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { name, group in
                let isEnough = group.scores.count >= least
                // The difference of both counts is how many gave no score.
                let silent = group.rows - group.scores.count
                return [
                    .string(name), .count(group.rows), isEnough ? .sum(group.scores.reduce(0, +)) : .null,
                    isEnough && (silent == 0 || silent >= least) ? .count(group.scores.count) : .null,
                ]
            })
    }

    @Test("Open: rows, MIN, MAX, no minimum")
    func open() throws {
        let rows = Self.city.weather
        // 六 (U+516D) comes before 合 (U+5408).
        func order(_ city: String) -> Int { city == "六安" ? 0 : 1 }
        try expect(
            "SELECT city, day, pm25 FROM weather WHERE pm25 > 200 ORDER BY pm25 DESC, city, day LIMIT 7",
            rows.filter { ($0.pm25 ?? 0) > 200 }.sorted { left, right in
                (right.pm25 ?? 0, order(left.city), left.day) < (left.pm25 ?? 0, order(right.city), right.day)
            }.prefix(7).map { [.string($0.city), .string("2024-02-" + CivilDay.two($0.day)), $0.pm25.map { .count($0) } ?? .null] })
        let cities = ["六安", "合肥"].sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        try expect(
            "SELECT city, MIN(pm25), MAX(pm25), MIN(day), MAX(day), COUNT(*), COUNT(pm25), SUM(pm25) FROM weather GROUP BY city ORDER BY city",
            cities.map { city in
                let own = rows.filter { $0.city == city }
                let values = own.compactMap(\.pm25)
                return [
                    .string(city), .count(values.min() ?? 0), .count(values.max() ?? 0), "2024-02-01", "2024-02-28", .count(own.count),
                    .count(values.count), .sum(values.reduce(0, +)),
                ]
            })
        try expect("SELECT COUNT(*) FROM weather WHERE pm25 IS NULL", [[.count(rows.count { $0.pm25 == nil })]])
    }

    // MARK: Joins

    @Test("Two units' tables joined by the person, whichever form of the identity number each has")
    func innerJoin() throws {
        let homes = Dictionary(uniqueKeysWithValues: Self.city.residents.map { ($0.person, $0.home) })
        let joined = Self.city.visits.filter { $0.person.map { homes[$0] != nil } ?? false }
        #expect(joined.contains { ($0.person ?? 1) % 3 == 0 } && joined.contains { ($0.person ?? 0) % 3 != 0 })
        let groups = Naive.care(joined) { $0.person.flatMap { homes[$0] } }
        try expect(
            "SELECT r.home, COUNT(*) AS n, SUM(c.cost) FROM care c JOIN resident r ON c.person_id = r.id_number GROUP BY r.home ORDER BY r.home",
            groups.map { [.string($0 ?? ""), .count($1.count), .amount($1.compactMap(\.cost).reduce(0, +))] })
    }

    @Test("A left join keeps the rows that have no partner")
    func leftJoin() throws {
        let incomes = Dictionary(uniqueKeysWithValues: Self.city.residents.map { ($0.person, $0.income) })
        let groups = Naive.care(Self.city.visits) { $0.district }
        try expect(
            "SELECT c.district, COUNT(*), SUM(r.income), COUNT(r.income) FROM care c LEFT JOIN resident r ON c.person_id = r.id_number GROUP BY c.district ORDER BY c.district",
            groups.map { key, rows in
                // What one person adds is clamped to the bounds once, not once for each visit.
                var own: [Int: Int] = [:]
                for row in rows { if let person = row.person, let income = incomes[person] { own[person, default: 0] += income } }
                let total = own.values.reduce(0) { $0 + min($1, 1_000_000) }
                return [key.map { .string($0) } ?? .null, .count(rows.count), .sum(total), .count(rows.compactMap { $0.person.flatMap { incomes[$0] } }.count)]
            })
    }

    @Test("A product that reads two units' tables needs both signatures and the authority's")
    func bothUnitsSign() throws {
        let yunei = try Yunei.founded(rehearsal: false)
        try Yunei.expectDone(yunei.run("identity", "add", "gaj", "--role", "unit", "--org", "市公安局"))
        try yunei.applying(City.care).applying(City.resident, as: "gaj")
        try yunei.loading(Self.city.careCSV, into: "care").loading(Self.city.residentCSV, into: "resident", as: "gaj")
        let product = "product: 家乡\nform: 报告\nsql: SELECT r.home, COUNT(*) FROM care c JOIN resident r ON c.person_id = r.id_number GROUP BY r.home\n"
        try Yunei.expectDone(yunei.run("product", "submit", try yunei.write("p.yaml", product), as: "op"))
        func run() throws -> Yunei.Run { try yunei.run("job", "run", "家乡", as: "op") }
        for (signer, missing) in [("", "市公安局"), ("authority", "市公安局"), ("gaj", Hospital.unit)] {
            if !signer.isEmpty { try Yunei.expectDone(yunei.run("product", "approve", "家乡", as: signer)) }
            try run().expectRefusal(status: 1, "product.not-signed", naming: [missing])
        }
        try Yunei.expectDone(yunei.run("product", "approve", "家乡", as: "wjw"))
        let result = try run()
        #expect(result.status == 0, "\(result.output)")
        #expect(result.json["sources"]?.elements?.compactMap { $0["table"]?.text } == ["care", "resident"])
        try Yunei.expectDone(yunei.run("product", "reject", "家乡", as: "gaj"))
        try run().expectRefusal(status: 1, "product.not-signed", naming: ["市公安局"])
        try yunei.expectSound()
    }

    // MARK: Statements

    @Test("HAVING, ORDER BY, LIMIT, OFFSET work on what was released")
    func finishing() throws {
        let months = Naive.care(Self.city.visits) { CivilDay.two($0.day.month) }
        let busy = months.filter { $0.1.count >= 35 }.sorted { ($1.1.count, $0.0 ?? "") < ($0.1.count, $1.0 ?? "") }
        try expect(
            "SELECT date_trunc('month', visit_date) AS month, COUNT(*) AS n FROM care GROUP BY 1 HAVING COUNT(*) >= 35 ORDER BY n DESC, month LIMIT 3 OFFSET 1",
            busy.dropFirst().prefix(3).map { [.string("2024-\($0 ?? "")-01"), .count($1.count)] })
        try expect(
            "SELECT extract(quarter FROM visit_date) AS quarter, COUNT(*) * 2 + 1 FROM care GROUP BY 1 ORDER BY 1 DESC",
            Naive.care(Self.city.visits) { String(($0.day.month + 2) / 3) }.reversed().map { [.count(Int($0 ?? "") ?? 0), .count($1.count * 2 + 1)] })
    }

    @Test("CTEs, derived tables, CASE, BETWEEN, IN, NOT")
    func shapes() throws {
        let some = Self.city.visits.filter { ["东区", "西区"].contains($0.district ?? "") && $0.urgent }
        let groups = Naive.care(some) { $0.district }
        let expected: [[JSONValue]] = groups.map { [.string($0 ?? ""), .count($1.count), .amount($1.compactMap(\.cost).reduce(0, +))] }
        try expect(
            "WITH u AS (SELECT * FROM care WHERE urgent) SELECT district, COUNT(*), SUM(cost) FROM u WHERE district IN ('东区', '西区') GROUP BY district ORDER BY district",
            expected)
        try expect(
            "SELECT d.district, COUNT(*), SUM(d.cost) FROM (SELECT district, cost, urgent FROM care WHERE NOT (district <> '东区' AND district <> '西区')) d WHERE d.urgent = TRUE GROUP BY d.district ORDER BY d.district",
            expected)
        let first = Self.city.visits.filter { $0.day.month <= 3 }
        try expect(
            "SELECT CASE WHEN urgent THEN '急' ELSE '缓' END AS kind, COUNT(*) FROM care WHERE visit_date BETWEEN DATE '2024-01-01' AND DATE '2024-03-31' GROUP BY 1 ORDER BY 1",
            Naive.care(first) { $0.urgent ? "急" : "缓" }.map { [.string($0 ?? ""), .count($1.count)] })
        let whole = Naive.care(Self.city.visits) { _ in "" }[0].1
        try expect(
            "SELECT COUNT(*), SUM(CASE WHEN urgent THEN cost ELSE 0 END) FROM care",
            [[.count(whole.count), .amount(whole.filter(\.urgent).compactMap(\.cost).reduce(0, +))]])
        try expect("WITH t AS (SELECT district, COUNT(*) AS n FROM care GROUP BY district) SELECT district FROM t WHERE n > 100000", [])
    }

    @Test("What one person adds to a sum is clamped to the bounds")
    func clamped() throws {
        let yunei = try Yunei.founded(rehearsal: true)
        try yunei.applying(City.care.replacing("bounds: [0, 200000]", with: "bounds: [0, 800]"))
        try yunei.loading(Self.city.careCSV, into: "care")
        let groups = Naive.care(Self.city.visits) { $0.district }
        let run = try yunei.run("query", "--sql", "SELECT district, SUM(cost) FROM care GROUP BY district ORDER BY district")
        #expect(run.rows == groups.map { key, rows in
            var own: [Int: Int] = [:]
            for row in rows { if let person = row.person, let cost = row.cost { own[person, default: 0] += cost } }
            return [key.map { .string($0) } ?? .null, .amount(own.values.reduce(0) { $0 + min($1, 80_000) })]
        }, "\(run.output)")
    }

    @Test("Variances and deviations come from cells that passed on their own, and are those of the values")
    func spread() throws {
        let yunei = try Yunei.founded(rehearsal: true)
        try yunei.applying(City.survey.replacing("[sum, average, count]", with: "[variance]"))
        try yunei.loading(Self.city.surveyCSV, into: "survey")
        let run = try yunei.run(
            "query", "--sql", "SELECT district, VAR_POP(score), VAR_SAMP(score), STDDEV(score) FROM survey GROUP BY district ORDER BY district")
        var groups: [String: (rows: Int, scores: [Double])] = [:]
        for row in Self.city.answers {
            groups[row.district, default: (0, [])].rows += 1
            if let score = row.score { groups[row.district, default: (0, [])].scores.append(Double(score)) }
        }
        let kept = groups.filter { $0.value.rows >= City.minimum * 4 }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        #expect(run.rows.map { $0[0].text } == kept.map(\.key), "\(run.output)")
        for (row, group) in zip(run.rows, kept) {
            let scores = group.value.scores
            guard scores.count >= City.minimum * 4 else {
                #expect(row.dropFirst() == [.null, .null, .null])
                continue
            }
            let mean = scores.reduce(0, +) / Double(scores.count)
            let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let variances = [squares / Double(scores.count), squares / Double(scores.count - 1)]
            for (cell, expected) in zip(row.dropFirst(), variances + [variances[1].squareRoot()]) {
                #expect(abs((cell.text.flatMap { Double($0) } ?? -1) - expected) < 1e-9, "\(row) \(expected)")
            }
        }
    }

    // MARK: Loading

    @Test("A file in GB18030, or with a byte-order mark and CRLF, gives the same table")
    func encodings() throws {
        let query = ["query", "--sql", "SELECT district, COUNT(*), SUM(cost) FROM care GROUP BY district ORDER BY district"]
        let expected = try Self.loaded.get().copy().run(query).rows
        let utf8 = Array(Self.city.careCSV.utf8)
        let gb = try #require(Encoding.gb18030(utf8))
        #expect(gb != utf8)
        let windows = [0xEF, 0xBB, 0xBF] + Array(Self.city.careCSV.replacing("\n", with: "\r\n").utf8)
        for bytes in [gb, windows] {
            let yunei = try Yunei.founded(rehearsal: true).applying(City.care)
            try Yunei.expectDone(yunei.run("table", "load", "care", try yunei.write("care.csv", bytes: bytes), as: "wjw"))
            #expect(try yunei.run(query).rows == expected)
        }
    }

    @Test("Replace, append, upsert: versions, periods and times are named in results")
    func modes() throws {
        let yunei = try Yunei.founded(rehearsal: true).applying(City.care)
        var visits = Array(Self.city.visits.prefix(300))
        func check(_ version: Int64, asOf: String) throws {
            let run = try yunei.run("query", "--sql", "SELECT district, COUNT(*), SUM(cost) FROM care GROUP BY district ORDER BY district")
            #expect(run.rows == Naive.care(visits) { $0.district }.map { key, rows in
                [key.map { .string($0) } ?? .null, .count(rows.count), .amount(rows.compactMap(\.cost).reduce(0, +))]
            }, "version \(version): \(run.output)")
            #expect(run.json["sources"] == [["table": "care", "version": .integer(version), "as_of": .string(asOf)]], "\(run.output)")
            let table = try yunei.run("table", "list").json["tables"]?.elements?.first
            #expect(table?["version"] == .integer(version) && table?["as_of"] == .string(asOf))
        }
        func load(_ rows: [City.Visit], _ options: String...) throws {
            let file = try yunei.write("care.csv", City.careHeader + rows.map(City.line).joined())
            try Yunei.expectDone(yunei.run(["table", "load", "care", file] + options, as: "wjw"))
        }
        try load(visits, "--as-of", "2024-06-30", "--period", "2024-06")
        try check(1, asOf: "2024-06-30")
        #expect(try yunei.run("table", "show", "care").json["period"] == "2024-06")
        let more = Array(Self.city.visits[300..<450])
        visits += more
        try load(more, "--mode", "append", "--as-of", "2024-07-31", "--period", "2024-07")
        try check(2, asOf: "2024-07-31")
        // Half of them known already, with another price; the others new.
        let changed = Self.city.visits[400..<520].map { visit in
            var visit = visit
            visit.cost = 12_345
            visit.district = "东区"
            return visit
        }
        let ids = Set(changed.map(\.id))
        visits = visits.filter { !ids.contains($0.id) } + changed
        try load(changed, "--mode", "upsert", "--as-of", "2024-08-31T12:00:00Z")
        try check(3, asOf: "2024-08-31T12:00:00Z")
        visits = Array(Self.city.visits.suffix(200))
        try load(visits, "--mode", "replace", "--as-of", "2024-09-30")
        try check(4, asOf: "2024-09-30")
        let twice = try yunei.write("twice.csv", City.careHeader + (changed.prefix(3) + changed.prefix(1)).map(City.line).joined())
        let refused = try yunei.run("table", "load", "care", twice, "--mode", "upsert", as: "wjw")
        refused.expectRefusal(status: 2, "table.bad-values", naming: ["care"])
        #expect(refused.json["details"] == [["row": 4, "column": "visit_id", "reason": "repeated-key"]], "\(refused.output)")
        try check(4, asOf: "2024-09-30")
        try yunei.expectSound()
    }
}

/// The same answers by the plainest means.
private enum Naive {
    /// Groups with enough persons and enough hospitals, in byte order of the key, the missing key last; rows that lack a person or a
    /// hospital take part in nothing.
    static func care(_ visits: [City.Visit], by key: (City.Visit) -> String?) -> [(key: String?, rows: [City.Visit])] {
        var groups: [String?: [City.Visit]] = [:]
        for visit in visits where visit.person != nil && visit.hospital != nil { groups[key(visit), default: []].append(visit) }
        return groups.filter { _, rows in
            Set(rows.map(\.person)).count >= City.minimum && Set(rows.map(\.hospital)).count >= City.minimum
        }.map { (key: $0.key, rows: $0.value) }.sorted { left, right in
            guard let one = left.key else { return false }
            guard let two = right.key else { return true }
            return one.utf8.lexicographicallyPrecedes(two.utf8)
        }
    }
}

extension JSONValue {
    fileprivate static func count(_ number: Int) -> JSONValue { .integer(Int64(number)) }
    /// A sum of integers is a decimal, as in PostgreSQL, and decimals are strings.
    fileprivate static func sum(_ number: Int) -> JSONValue { .string(String(number)) }
    fileprivate static func amount(_ hundredths: Int) -> JSONValue { .string(City.amount(hundredths)) }
}
