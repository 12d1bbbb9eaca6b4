// SPDX-License-Identifier: Apache-2.0

/// Two thousand codes in the shape of ICD-10 (letter, two digits, one digit), each with the department that treats it.
/// The codes are shapes, not a copy of a classification; what they would mean is of no interest here.
struct Diseases {
    let codes: [[UInt8]]
    let departments: [[UInt8]]

    private static let chapters: [(letter: Character, from: Int, department: String)] = [
        ("I", 10, "心血管内科"), ("E", 10, "内分泌科"), ("J", 0, "呼吸内科"), ("K", 20, "消化内科"), ("M", 10, "骨科"), ("N", 10, "泌尿外科"),
        ("Z", 0, "全科"), ("F", 20, "精神科"), ("G", 40, "神经内科"), ("H", 25, "眼科"), ("L", 20, "皮肤科"), ("O", 80, "产科"), ("S", 50, "急诊科"),
        ("C", 15, "肿瘤科"), ("D", 50, "血液科"), ("A", 0, "感染科"), ("B", 15, "感染科"), ("P", 20, "儿科"), ("R", 0, "全科"), ("T", 10, "急诊科"),
    ]

    init() {
        var codes: [[UInt8]] = []
        var departments: [[UInt8]] = []
        for category in 0..<10 {
            for detail in 0..<10 {
                for chapter in Self.chapters {
                    let number = chapter.from + category
                    codes.append(Array("\(chapter.letter)\(number / 10)\(number % 10).\(detail)".utf8))
                    departments.append(Array(chapter.department.utf8))
                }
            }
        }
        self.codes = codes
        self.departments = departments
    }

    /// A code by a square law: the first tenth of the list has about a third of the visits.
    func pick(_ unit: Double) -> Int { Int(unit * unit * Double(codes.count)) }
}
