// SPDX-License-Identifier: Apache-2.0

import LocalKnowledge
import PolicyCheck
import Tabular

/// Invented identifiers of the entities of one type: the same in all tables of a domain for the same seed.
struct SyntheticKeys {
    private enum Form {
        /// Resident numbers of a region that does not exist.
        case resident
        /// Credit codes of a division that does not exist.
        case enterprise
        case name(String)
    }

    private let form: Form
    private let type: String
    private let seed: UInt64

    /// Births between 1950 and 2009.
    private static let firstBirthYear = 1950
    private static let birthDays = 21_915

    init(_ type: String, _ plan: SyntheticPlan) {
        self.type = type
        seed = plan.seed
        if plan.hasResidentNumbers(type) {
            form = .resident
        } else if type == "enterprise" || type == "organisation" {
            form = .enterprise
        } else {
            form = .name(type)
        }
    }

    /// The identifier of an entity.
    func key(_ number: Int) -> String {
        switch form {
        case .resident:
            var random = SampleRandom(seed, "birth", type, String(number))
            let first = CivilDate(year: Self.firstBirthYear, month: 1, day: 1)?.days ?? 0
            let date = CivilDate(days: first + Int64(random.below(Self.birthDays)))
            return date.flatMap { ResidentNumber.invented(index: number, year: $0.year, month: $0.month, day: $0.day) } ?? named(type, number)
        case .enterprise: return CreditCode.invented(index: number + offset) ?? named(type, number)
        case .name(let name): return named(name, number)
        }
    }

    /// Another seed, another domain: its enterprises are others.
    private var offset: Int {
        var random = SampleRandom(seed, "offset", type)
        return random.below(90) * 1_000_000
    }

    private func named(_ name: String, _ number: Int) -> String { name + "-" + CivilDate.padded(number + 1 + offset, 9) }
}

/// The texts that a column without identifiers may hold. Columns that follow the same code list or data element, or have the same name,
/// share them, so that joins between such columns hit.
enum SyntheticVocabulary {
    private static let diseases = ["J06.9", "I10.0", "E11.9", "K29.5", "M54.5", "N39.0"]
    private static let divisions = ["990101", "990102", "990103", "990201", "990202", "990301"]
    private static let categories = 6
    private static let others = 50

    static func words(_ column: ColumnPolicy, seed: UInt64) -> [String] {
        let list = column.codeList ?? ""
        if list == "ICD-10" { return diseases }
        if list.contains("2260") || list.contains("行政区划") { return divisions }
        let name = list.isEmpty ? column.element ?? column.name : list
        if let prefix = column.prefix {
            // The part that may be seen differs, and there is more behind it.
            return "ABCDEF".map { String($0) + String(repeating: "0", count: prefix - 1) + "1" }
        }
        let isCategory = !column.capabilities.isDisjoint(with: [.group, .filterEqual])
        return (1...(isCategory ? categories : others)).map { name + "-" + String($0) }
    }
}

/// Dates in the spelling of a source file.
enum SyntheticDate {
    static func text(days: Int64, seconds: Int, _ column: ColumnPolicy) -> String {
        guard let date = CivilDate(days: days) else { return "" }
        let usual = column.type == .timestamp ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd"
        return text(date, seconds, column.formats.first ?? usual)
    }

    /// Letters of a format become as many digits, everything else stays.
    private static func text(_ date: CivilDate, _ seconds: Int, _ format: String) -> String {
        var text = ""
        var rest = Substring(format)
        while let letter = rest.first {
            let width = rest.prefix { $0 == letter }.count
            let value: Int? =
                switch letter {
                case "y": date.year
                case "M": date.month
                case "d": date.day
                case "H": seconds / 3_600
                case "m": seconds / 60 % 60
                case "s": seconds % 60
                case "S": 0
                default: nil
                }
            text += value.map { CivilDate.padded($0, width) } ?? String(repeating: letter, count: width)
            rest = rest.dropFirst(width)
        }
        return text
    }
}
