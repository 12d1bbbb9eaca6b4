// SPDX-License-Identifier: Apache-2.0

import Tabular

extension ScalarFunction {
    /// The function that a name in SQL calls, nil for those that have a syntax of their own.
    static func named(_ name: String) -> ScalarFunction? {
        if let function = synonyms[name] { return function }
        guard let function = ScalarFunction(rawValue: name), !function.isSyntax else { return nil }
        return function
    }

    private static let synonyms: [String: ScalarFunction] = [
        "substr": .substring, "ceiling": .ceiling, "char_length": .length, "character_length": .length, "position": .position,
        "date_part": .extract, "pow": .power, "trim": .trimBoth,
    ]

    /// Functions that only operators and syntax make.
    private var isSyntax: Bool {
        switch self {
        case .extract, .addDays, .daysBetween, .addInterval, .isDistinct, .concatenate, .like, .likeInsensitive: true
        case .dateTrunc, .makeDate, .coalesce, .nullIf, .greatest, .least, .absolute, .round, .truncate, .floor, .ceiling, .sign, .power,
            .squareRoot, .exponential, .logarithm, .substring, .left, .right, .lower, .upper, .trimBoth, .trimLeft, .trimRight, .length,
            .concat, .position, .replace, .padLeft, .padRight, .startsWith, .reverse:
            false
        }
    }

    /// All names, for suggestions.
    static let names =
        allCases.filter { !$0.isSyntax }.map(\.rawValue) + synonyms.keys.sorted() + ["extract", "mod"] + AggregateFunction.names

    /// How the function is written.
    var usage: String {
        switch self {
        case .dateTrunc: "date_trunc('month', x)"
        case .extract: "EXTRACT(year FROM x), date_part('year', x)"
        case .addDays: "date + days"
        case .daysBetween: "date - date"
        case .addInterval: "x + INTERVAL '1 month'"
        case .makeDate: "make_date(year, month, day)"
        case .coalesce: "coalesce(a, b, …)"
        case .nullIf: "nullif(a, b)"
        case .greatest: "greatest(a, b, …)"
        case .least: "least(a, b, …)"
        case .isDistinct: "a IS DISTINCT FROM b"
        case .absolute: "abs(x)"
        case .round: "round(x), round(x, 2)"
        case .truncate: "trunc(x), trunc(x, 2)"
        case .floor: "floor(x)"
        case .ceiling: "ceil(x)"
        case .sign: "sign(x)"
        case .power: "power(x, y)"
        case .squareRoot: "sqrt(x)"
        case .exponential: "exp(x)"
        case .logarithm: "ln(x)"
        case .substring: "substring(text, from, count)"
        case .left: "left(text, 4)"
        case .right: "right(text, 4)"
        case .lower: "lower(text)"
        case .upper: "upper(text)"
        case .trimBoth: "btrim(text), btrim(text, characters)"
        case .trimLeft: "ltrim(text), ltrim(text, characters)"
        case .trimRight: "rtrim(text), rtrim(text, characters)"
        case .length: "length(text)"
        case .concat: "concat(a, b, …)"
        case .concatenate: "a || b"
        case .position: "position(part IN text), strpos(text, part)"
        case .replace: "replace(text, from, to)"
        case .padLeft: "lpad(text, length), lpad(text, length, fill)"
        case .padRight: "rpad(text, length), rpad(text, length, fill)"
        case .startsWith: "starts_with(text, prefix)"
        case .reverse: "reverse(text)"
        case .like: "text LIKE pattern ESCAPE '!'"
        case .likeInsensitive: "text ILIKE pattern ESCAPE '!'"
        }
    }

    /// Fields of date_trunc and EXTRACT for a type, empty when the type has none.
    func fields(of type: LogicalType) -> [String] {
        let isTimestamp = type == .timestamp
        guard isTimestamp || type == .date else { return [] }
        let fields = CalendarField.allCases.filter { isTimestamp || !$0.isOfClock }
        return (self == .dateTrunc ? fields.filter(\.isTruncation) : fields).map(\.rawValue)
    }
}
