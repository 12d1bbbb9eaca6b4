// SPDX-License-Identifier: Apache-2.0

import Tabular

extension ScalarFunction {
    /// The function that a name in SQL calls. `left` is substring from 1, `extract` has a syntax of its own.
    static func named(_ name: String) -> ScalarFunction? {
        switch name {
        case "substr", "left": .substring
        case "ceiling": .ceiling
        case "extract": nil
        default: ScalarFunction(rawValue: name)
        }
    }

    /// All names, for suggestions.
    static let names = allCases.map(\.rawValue) + ["substr", "left", "ceiling"] + AggregateFunction.names

    /// How the function is written.
    var usage: String {
        switch self {
        case .dateTrunc: "date_trunc('month', x)"
        case .extract: "EXTRACT(year FROM x)"
        case .substring: "substring(text, from, count), left(text, 4)"
        case .coalesce: "coalesce(a, b, …)"
        case .nullIf: "nullif(a, b)"
        case .absolute: "abs(x)"
        case .round: "round(x), round(x, 2)"
        case .floor: "floor(x)"
        case .ceiling: "ceil(x)"
        case .lower: "lower(text)"
        case .upper: "upper(text)"
        }
    }

    /// Fields of date_trunc and EXTRACT for a type, empty when the type has none.
    func fields(of type: LogicalType) -> [String] {
        let isTimestamp = type == .timestamp
        guard isTimestamp || type == .date else { return [] }
        switch self {
        case .dateTrunc: return ["year", "quarter", "month", "week", "day"] + (isTimestamp ? ["hour"] : [])
        case .extract:
            return ["year", "quarter", "month", "day", "dow", "isodow", "doy", "week"]
                + (isTimestamp ? ["hour", "minute", "second"] : [])
        case .substring, .coalesce, .nullIf, .absolute, .round, .floor, .ceiling, .lower, .upper: return []
        }
    }
}
