// SPDX-License-Identifier: Apache-2.0

/// The closed set of scalar functions. Each has a stated privacy effect in PolicyCheck. Semantics are PostgreSQL's; where PostgreSQL
/// fails on a value, the result is NULL. NULL in, NULL out, unless said otherwise.
public enum ScalarFunction: String, Sendable, CaseIterable {
    // MARK: Dates

    /// First argument a literal text: year, quarter, month, week, day and coarser, of timestamps also the clock's. Keeps date or timestamp.
    case dateTrunc = "date_trunc"
    /// First argument a literal text. int64, but second, milliseconds and epoch of a timestamp are decimals with their fraction.
    case extract = "extract"
    /// date, then int64 days. Subtracted days are negated.
    case addDays = "add_days"
    /// Days from the second date to the first, int64.
    case daysBetween = "days_between"
    /// date or timestamp, then three int64 literals: months, days, microseconds, added in this order. Gives a timestamp.
    case addInterval = "add_interval"
    /// Year, month, day.
    case makeDate = "make_date"

    // MARK: Choices

    /// The first argument that is not NULL.
    case coalesce = "coalesce"
    case nullIf = "nullif"
    /// The largest of the arguments that are not NULL.
    case greatest = "greatest"
    case least = "least"
    /// IS DISTINCT FROM: NULL equals NULL; never NULL. IS NOT DISTINCT FROM is its negation.
    case isDistinct = "is_distinct_from"

    // MARK: Numbers

    case absolute = "abs"
    /// round(x) and round(x, digits), half away from zero; of doubles half to even.
    case round = "round"
    /// trunc(x) and trunc(x, digits), towards zero.
    case truncate = "trunc"
    case floor = "floor"
    case ceiling = "ceil"
    case sign = "sign"
    /// Of doubles, as the next three.
    case power = "power"
    case squareRoot = "sqrt"
    case exponential = "exp"
    case logarithm = "ln"

    // MARK: Texts, by code points

    /// substring(text, from, count), positions from 1; also `substr` and `left(text, n)` = substring(text, 1, n).
    case substring = "substring"
    /// left(text, n): the first n; below zero all but the last.
    case left = "left"
    case right = "right"
    case lower = "lower"
    case upper = "upper"
    /// Text, then the characters to take off.
    case trimBoth = "btrim"
    case trimLeft = "ltrim"
    case trimRight = "rtrim"
    case length = "length"
    /// Texts joined; NULL arguments are left out.
    case concat = "concat"
    /// `||`.
    case concatenate = "concatenate"
    /// strpos(text, part): the place of the part, 0 when it is not there; `position(part IN text)` is the same.
    case position = "strpos"
    /// replace(text, from, to).
    case replace = "replace"
    /// lpad(text, length, fill).
    case padLeft = "lpad"
    case padRight = "rpad"
    case startsWith = "starts_with"
    case reverse = "reverse"
    /// Text, pattern, and a literal escape character or an empty text.
    case like = "like"
    case likeInsensitive = "ilike"
}
