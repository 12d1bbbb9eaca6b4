// SPDX-License-Identifier: Apache-2.0

/// One row per person of the visits that the same number of persons and the same seed make.
struct PersonTable {
    private let personCount: Int
    private let seed: UInt64
    private let hospitals = Hospitals(count: Hospitals.namedCount)
    private let districts = ["东塘区", "南浦区", "西岭区", "北渡区", "青禾县", "松岩县", "临溪县", "云顶县", "高新区", "经开区"].map { Array($0.utf8) }

    init(personCount: Int, seed: UInt64) {
        self.personCount = personCount
        self.seed = seed
    }

    func write(to file: CSVFile) {
        file.append("患者索引,区县,性别,出生年份\n")
        for person in 0..<personCount { writeRow(person, to: file) }
    }

    private func writeRow(_ person: Int, to file: CSVFile) {
        let profile = Profile(person: person, seed: seed, hospitals: hospitals)
        var own = SplitMix64(seed: seed &+ 0x2545_F491_4F6C &* UInt64(person + 1))
        file.append(person: person, seed: seed)
        file.comma()
        file.append(districts[min(own.below(districts.count), own.below(districts.count))])
        file.comma()
        file.append(profile.isFemale ? "女" : "男")
        file.comma()
        file.append(2025 - 10 * profile.ageBand - own.below(10))
        file.endLine()
    }
}
