// SPDX-License-Identifier: Apache-2.0

/// A small domain of visits that most tests use. Every number in it can be worked out by hand.
enum Hospital {
    static let unit = "市卫健委"

    /// The single-table form of the policy language.
    static let policy = """
        table: visit
        unit: 市卫健委
        entity: { person: person_id }
        grade: 一般
        personal: 敏感
        columns:
          person_id:  { type: text, identifier: key, allow: [join, count_distinct] }
          hospital:   { type: text, allow: [group, filter_equal] }
          visit_date: { type: date, format: yyyy-MM-dd, allow: [group, filter_range], granularity: month }
          icd_code:   { type: text, nullable: true, allow: [group, filter_equal], prefix: 3, exclude_rows: [B20-B24] }
          cost:       { type: "decimal(12,2)", nullable: true, allow: [sum, average, count], bounds: [0, 200000] }
          name:       { type: text }
        release: { minimum_entities: 10, dominance: { largest: 0.5, two_largest: 0.8 }, rounding: 1, noise: none, review: none }
        """

    static let product = """
        product: 医院月度就诊统计
        form: 数据集
        category: 公共治理、公益事业
        purpose: 地区人群流行病学分析
        recipients: [某研究院]
        parameters: { since: { type: date, min: 2024-01-01, max: 2025-12-01, step: 1 month } }
        sql: |
          SELECT hospital, date_trunc('month', visit_date) AS month, COUNT(*) AS visits, SUM(cost) AS total
          FROM visit WHERE visit_date >= :since GROUP BY 1, 2
        """

    /// Marks that must never be found anywhere outside the domain's ciphertext.
    static let canaryName = "金丝雀张三丰"
    static let canaryPerson = "CANARY-PERSON-7731"
    static let canaryCost = "73315.97"
    static let marks = [canaryName, canaryPerson, canaryCost]

    /// A key that is met nowhere by chance.
    static func person(_ number: Int) -> String { "p-7331-\(number)" }

    /// 甲医院: 30 persons, two visits each of 100.00 in January 2024. 乙医院: 12 persons, one visit each of 50.50, February.
    /// 丙医院: 9 persons (one under the minimum). 丁医院: 20 persons where one has 100,000.00 (dominated). 10 persons with excluded codes.
    static func rows(smallGroup: Int = 9) -> [String] {
        var rows: [String] = []
        for person in 1...30 {
            rows.append("\(Hospital.person(person)),甲医院,2024-01-\(CivilDay.two(person % 28 + 1)),J06.9,100.00,病人\(person)")
            rows.append("\(Hospital.person(person)),甲医院,2024-01-\(CivilDay.two(person % 27 + 2)),I10,100.00,病人\(person)")
        }
        for person in 31...42 { rows.append("\(Hospital.person(person)),乙医院,2024-02-03,E11.9,50.50,病人\(person)") }
        if smallGroup > 0 { for person in 51..<(51 + smallGroup) { rows.append("\(Hospital.person(person)),丙医院,2024-02-03,E11.9,70.00,病人\(person)") } }
        for person in 61...79 { rows.append("\(Hospital.person(person)),丁医院,2024-03-03,E11.9,10.00,病人\(person)") }
        rows.append("\(canaryPerson),丁医院,2024-03-04,E11.9,\(canaryCost),\(canaryName)")
        for person in 81...90 { rows.append("\(Hospital.person(person)),甲医院,2024-01-09,B20,9999.00,病人\(person)") }
        rows.append(",甲医院,2024-01-09,J06.9,5000.00,无主")
        return rows
    }

    static func csv(smallGroup: Int = 9) -> String {
        (["person_id,hospital,visit_date,icd_code,cost,name"] + rows(smallGroup: smallGroup)).joined(separator: "\n") + "\n"
    }
}

enum CivilDay {
    static func two(_ day: Int) -> String { day < 10 ? "0\(day)" : "\(day)" }
}
