// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBasics

/// A city's tables with pseudo-random rows, the same in every run: visits of persons to hospitals, their prescriptions, residents of
/// another unit, answers without identifiers, open weather.
struct City: Sendable {
    struct Visit: Sendable {
        var id: String
        /// Number of the person; nil where the key is missing.
        var person: Int?
        var hospital: String?
        var district: String?
        var day: (month: Int, day: Int)
        /// Hundredths; nil where it is missing.
        var cost: Int?
        var urgent: Bool
    }

    struct Prescription: Sendable {
        let visit: String?
        let drug: String
        let amount: Int
    }

    struct Resident: Sendable {
        let person: Int
        let home: String
        let income: Int
    }

    struct Answer: Sendable {
        let district: String
        let score: Int?
    }

    struct Weather: Sendable {
        let city: String
        let day: Int
        let pm25: Int?
        let wind: Double
    }

    var visits: [Visit] = []
    var prescriptions: [Prescription] = []
    var residents: [Resident] = []
    var answers: [Answer] = []
    var weather: [Weather] = []

    static let minimum = 5

    static let shared = City(seed: 7)

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let districts = ["东区", "西区", "南区", "北区", nil]
        for number in 0..<600 {
            // The northern district has three hospitals only, fewer than the minimum.
            let district = districts[random.below(5)]
            let hospitals = district == "北区" ? 3 : 12
            visits.append(
                Visit(
                    id: Self.visit(number), person: random.below(20) == 0 ? nil : random.below(150),
                    hospital: random.below(25) == 0 ? nil : "\(district ?? "外")\(random.below(hospitals))", district: district,
                    day: (random.below(12) + 1, random.below(28) + 1), cost: random.below(10) == 0 ? nil : random.below(100_000),
                    urgent: random.below(3) == 0))
        }
        for _ in 0..<900 {
            let visit = random.below(30) == 0 ? nil : Self.visit(random.below(660))
            prescriptions.append(
                Prescription(visit: visit, drug: "药\(random.below(100) < 97 ? random.below(6) : 9)", amount: random.below(5_000)))
        }
        for person in stride(from: 0, to: 200, by: 2) {
            residents.append(Resident(person: person, home: ["甲镇", "乙镇", "丙镇"][random.below(3)], income: random.below(900_000)))
        }
        for _ in 0..<130 {
            answers.append(
                Answer(district: ["东区", "西区", "北区"][[0, 0, 0, 1, 1, 2][random.below(6)]], score: random.below(8) == 0 ? nil : random.below(11)))
        }
        for day in 1...28 {
            for city in ["六安", "合肥"] {
                weather.append(
                    Weather(city: city, day: day, pm25: random.below(6) == 0 ? nil : random.below(300), wind: Double(random.below(80)) / 4))
            }
        }
    }

    /// A key that is met nowhere by chance.
    private static func visit(_ number: Int) -> String { "v-7331-\(number)" }

    // MARK: Policies

    static let otherUnit = "市公安局"

    static let care = """
        table: care
        unit: 市卫健委
        entity: [{ person: person_id }, { organisation: hospital }]
        grade: 一般
        personal: 敏感
        row_key: [visit_id]
        columns:
          visit_id:   { type: text, allow: [join] }
          person_id:  { type: text, identifier: resident_id, allow: [join, count_distinct] }
          hospital:   { type: text, identifier: key, allow: [count_distinct] }
          district:   { type: text, nullable: true, allow: [group, filter_equal] }
          visit_date: { type: date, format: [yyyy-MM-dd, yyyyMMdd], allow: [group, filter_range], granularity: month }
          urgent:     { type: bool, allow: [group, filter_equal] }
          cost:       { type: "decimal(12,2)", nullable: true, allow: [sum, average, count], bounds: [0, 200000] }
        release: { minimum_entities: 5 }
        """

    static let prescription = """
        table: prescription
        unit: 市卫健委
        entity: { via: care(visit_id) }
        grade: 一般
        personal: 敏感
        columns:
          visit_id: { type: text, nullable: true, allow: [join] }
          drug:     { type: text, allow: [group, filter_equal] }
          amount:   { type: "decimal(10,2)", allow: [sum, average], bounds: [0, 50000] }
        release: { minimum_entities: 5 }
        """

    static let resident = """
        table: resident
        unit: 市公安局
        entity: { person: id_number }
        grade: 一般
        personal: 敏感
        columns:
          id_number: { column: 公民身份号码, type: text, identifier: resident_id, allow: [join, count_distinct] }
          home:      { type: text, allow: [group, filter_equal] }
          income:    { type: int64, allow: [sum, average, count], bounds: [0, 1000000] }
        release: { minimum_entities: 5 }
        """

    static let survey = """
        table: survey
        unit: 市卫健委
        entity: { none: 4 }
        grade: 一般
        personal: 一般
        columns:
          district: { type: text, allow: [group, filter_equal] }
          score:    { type: int64, nullable: true, allow: [sum, average, count], bounds: [0, 10] }
        release: { minimum_entities: 5 }
        """

    static let openWeather = """
        table: weather
        unit: 市卫健委
        grade: 一般
        personal: 非个人
        open: true
        columns:
          city: { type: text }
          day:  { type: date }
          pm25: { type: int64, nullable: true }
          wind: { type: double }
        """

    // MARK: Files

    var careCSV: String { Self.careHeader + visits.map(Self.line).joined() }

    static let careHeader = "visit_id,person_id,hospital,district,visit_date,urgent,cost\n"

    /// Dates in both formats; every third person with the old form of the identity number.
    static func line(_ visit: Visit) -> String {
        let (month, day) = (CivilDay.two(visit.day.month), CivilDay.two(visit.day.day))
        let date = visit.day.day % 2 == 0 ? "2024-\(month)-\(day)" : "2024\(month)\(day)"
        let person = visit.person.map { $0 % 3 == 0 ? IdentityNumber.short($0) : IdentityNumber.full($0) } ?? ""
        return [
            visit.id, person, visit.hospital ?? "", visit.district ?? "", date, visit.urgent ? "true" : "false", visit.cost.map(Self.amount) ?? "",
        ].joined(separator: ",") + "\n"
    }

    var prescriptionCSV: String {
        "visit_id,drug,amount\n" + prescriptions.map { "\($0.visit ?? ""),\($0.drug),\(Self.amount($0.amount))\n" }.joined()
    }

    var residentCSV: String {
        "公民身份号码,home,income\n" + residents.map { "\(IdentityNumber.full($0.person)),\($0.home),\($0.income)\n" }.joined()
    }

    var surveyCSV: String { "district,score\n" + answers.map { "\($0.district),\($0.score.map(String.init) ?? "")\n" }.joined() }

    var weatherCSV: String {
        "city,day,pm25,wind\n" + weather.map { "\($0.city),2024-02-\(CivilDay.two($0.day)),\($0.pm25.map(String.init) ?? ""),\($0.wind)\n" }.joined()
    }

    /// `12.05` for 1205.
    static func amount(_ hundredths: Int) -> String { "\(hundredths / 100).\(CivilDay.two(hundredths % 100))" }
}

/// Invented identity numbers (GB 11643): well-formed, of nobody.
enum IdentityNumber {
    /// 18 digits with the check digit of ISO 7064 MOD 11-2.
    static func full(_ number: Int) -> String {
        checked("341501" + "19" + birth(number) + order(number), number % 2 == 0 ? "X" : "x")
    }

    private static func checked(_ digits: String, _ ten: String) -> String {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits.compactMap(\.wholeNumberValue), weights).reduce(0) { $0 + $1.0 * $1.1 }
        return digits + ["1", "0", ten, "9", "8", "7", "6", "5", "4", "3", "2"][sum % 11]
    }

    /// The old form: no century, no check digit.
    static func short(_ number: Int) -> String { "341501" + birth(number) + order(number) }

    /// Other ways to write what may be such a number.
    static func spellings(of text: String) -> [String] {
        guard text.dropLast().allSatisfy(\.isNumber) else { return [] }
        switch text.count {
        case 15: return [checked(text.prefix(6) + "19" + text.dropFirst(6), "X")]
        case 18: return [text.uppercased(), text.lowercased(), String(text.prefix(6) + text.dropFirst(8).dropLast())]
        default: return []
        }
    }

    private static func birth(_ number: Int) -> String {
        "\(50 + number % 49)\(CivilDay.two(number % 12 + 1))\(CivilDay.two(number % 28 + 1))"
    }

    private static func order(_ number: Int) -> String { String(String(1_000 + number).suffix(3)) }
}
