// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One row per visit. What belongs to a person (sex, age band, usual hospital) is drawn from the person's own stream, so that
/// it is the same in all of the person's rows.
struct VisitTable {
    private let rowCount: Int
    private let personCount: Int
    private let seed: UInt64
    private var random: SplitMix64
    private let hospitals: Hospitals
    private let diseases = Diseases()
    private let days: [[UInt8]] = VisitTable.days()
    private let ageBands = ["0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+"].map { Array($0.utf8) }

    init(rowCount: Int, personCount: Int, hospitalCount: Int, seed: UInt64) {
        hospitals = Hospitals(count: hospitalCount)
        self.rowCount = rowCount
        self.personCount = personCount
        self.seed = seed
        random = SplitMix64(seed: seed)
    }

    mutating func write(to file: CSVFile) {
        file.append("就诊流水号,患者索引,医疗机构,科室,就诊日期,疾病编码,总费用,医保支付,性别,年龄段\n")
        for row in 0..<rowCount { writeRow(row, to: file) }
    }

    private mutating func writeRow(_ row: Int, to file: CSVFile) {
        // The first rows make sure that every person has a visit; later rows favour few persons.
        let isFirstVisit = row < personCount
        let person = isFirstVisit ? row : Int(pow(random.unit(), 1.6) * Double(personCount))
        let profile = Profile(person: person, seed: seed, hospitals: hospitals)
        let hospital = hospitalOfVisit(of: person, usual: profile.hospital)
        let disease = diseases.pick(random.unit())
        let costInCents = cost(of: person, at: hospital)

        file.append("JZ")
        file.append(row + 1, width: 10)
        file.comma()
        if isFirstVisit || !random.onceIn(400) { file.append(person: person, seed: seed) }
        file.comma()
        file.append(hospitals.names[hospital])
        file.comma()
        file.append(diseases.departments[disease])
        file.comma()
        file.append(days[random.below(days.count)])
        file.comma()
        if !random.onceIn(500) { file.append(diseases.codes[disease]) }
        file.comma()
        writeCosts(costInCents, to: file)
        file.comma()
        file.append(profile.isFemale ? "女" : "男")
        file.comma()
        file.append(ageBands[profile.ageBand])
        file.endLine()
    }

    private mutating func hospitalOfVisit(of person: Int, usual: Int) -> Int {
        let special = personCount / 3
        if person >= special, person < special + Hospitals.stationPatients, random.onceIn(2) { return Hospitals.station }
        if person >= 2 * special, person < 2 * special + Hospitals.clinicPatients, random.onceIn(2) { return Hospitals.clinic }
        return random.below(10) < 7 ? usual : hospitals.pick(random.unit())
    }

    /// Most visits cost tens to hundreds of yuan, one in thirty is a stay of some thousands. The first patient of the clinic has
    /// a cost there that outweighs all others.
    private mutating func cost(of person: Int, at hospital: Int) -> Int {
        if hospital == Hospitals.clinic, person == 2 * (personCount / 3) { return 15_000_000 + random.below(4_000_000) }
        let spread = random.unit() * random.unit() * random.unit()
        let isStay = hospital < 18 && random.onceIn(30)
        return Int(isStay ? 200_000 + spread * 6_000_000 : 1_500 + spread * 300_000)
    }

    /// Total, then the part that the insurance pays. Some rows lack the one or the other.
    private mutating func writeCosts(_ cents: Int, to file: CSVFile) {
        if !random.onceIn(300) { writeMoney(cents, to: file) }
        file.comma()
        if !random.onceIn(12) { writeMoney(cents * (30 + random.below(56)) / 100, to: file) }
    }

    private func writeMoney(_ cents: Int, to file: CSVFile) {
        file.append(cents / 100)
        file.append(".")
        file.append(cents % 100, width: 2)
    }

    /// 2024-01-01 to 2025-12-31.
    private static func days() -> [[UInt8]] {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        var days: [[UInt8]] = []
        for year in [2024, 2025] {
            for month in 1...12 {
                let length = month == 2 && year == 2024 ? 29 : lengths[month - 1]
                days += (1...length).map { Array("\(year)-\(two(month))-\(two($0))".utf8) }
            }
        }
        return days
    }
}

/// What stays the same over all visits of a person.
struct Profile {
    let isFemale: Bool
    let ageBand: Int
    let hospital: Int

    init(person: Int, seed: UInt64, hospitals: Hospitals) {
        var own = SplitMix64(seed: seed &+ 0x5DEE_CE66_D000 &* UInt64(person + 1))
        isFemale = own.below(100) < 53
        ageBand = min(8, Int((own.unit() + own.unit()) * 4.9))
        hospital = hospitals.pick(own.unit())
    }
}
