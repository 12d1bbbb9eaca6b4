// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The distance between neighbouring values of a parameter.
public enum ParameterStep: Sendable, Hashable {
    case days(Int64)
    case months(Int64)
    /// Exact number: units × 10^-scale.
    case number(units: Int128, scale: Int)

    /// Reads `7 days`, `1 month`, `1 quarter`, `1 year`, `7 天`, `1 个月`, `5`, `0.5`. Nil for anything else or below one.
    init?(text: String) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(digits.count).filter { $0 != " " }
        if unit.isEmpty {
            guard let (units, scale) = ExactDecimal.parse(digits), units > 0 else { return nil }
            self = .number(units: units, scale: scale)
            return
        }
        guard let count = Int64(digits), (1...100_000).contains(count) else { return nil }
        switch unit.lowercased() {
        case "day", "days", "天", "日": self = .days(count)
        case "week", "weeks", "周": self = .days(count * 7)
        case "month", "months", "月", "个月": self = .months(count)
        case "quarter", "quarters", "季", "季度", "个季度": self = .months(count * 3)
        case "year", "years", "年": self = .months(count * 12)
        default: return nil
        }
    }

    /// The one spelling of canonical documents.
    var text: String {
        switch self {
        case .days(let count): "\(count) day"
        case .months(let count): "\(count) month"
        case .number(let units, let scale): ScalarForm.decimal(ExactDecimal.text(units: units, scale: scale)) ?? "1"
        }
    }
}
