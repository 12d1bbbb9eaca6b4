// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import QueryPlan
package import Tabular

/// Casts through Swift's own texts.
extension NaiveExpressions {
    package static func cast(_ literal: Literal, to type: LogicalType) -> Literal {
        if literal == .null { return .null }
        switch type {
        case .text: return text(literal).map { .text($0) } ?? .null
        case .int64, .decimal: return number(literal, type)
        case .double:
            if case .double = literal { return literal }
            if case .text(let text) = literal {
                guard let (_, _, isZero) = spelled(text), let value = Double(trimmed(text)), value.isFinite, isZero == (value == 0) else { return .null }
                return .double(value)
            }
            return exact(literal).map { fitted($0, $1, .double) } ?? .null
        case .bool: return truth(literal)
        case .date:
            switch literal {
            case .date: return literal
            case .timestamp(let value): return .date(days: Int64((Double(value) / 86_400_000_000).rounded(.down)))
            case .text(let text): return moment(text).map { .date(days: $0.0) } ?? .null
            default: return .null
            }
        case .timestamp:
            switch literal {
            case .timestamp: return literal
            case .date(let days): return .timestamp(microseconds: days * 86_400_000_000)
            case .text(let text): return moment(text).map { .timestamp(microseconds: $0.0 * 86_400_000_000 + $0.1) } ?? .null
            default: return .null
            }
        case .entity, .null: return literal
        }
    }

    private static func truth(_ literal: Literal) -> Literal {
        switch literal {
        case .bool: return literal
        case .int64(let value): return .bool(value != 0)
        case .text(let text):
            let word = trimmed(text).lowercased()
            if ["t", "tr", "tru", "true", "y", "ye", "yes", "on", "1"].contains(word) { return .bool(true) }
            return ["f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0"].contains(word) ? .bool(false) : .null
        default: return .null
        }
    }

    private static func number(_ literal: Literal, _ type: LogicalType) -> Literal {
        switch literal {
        case .bool(let value): return .int64(value ? 1 : 0)
        case .double(let value):
            if type == .int64 { return Int64(exactly: value.rounded(.toNearestOrEven)).map { .int64($0) } ?? .null }
            let (digits, exponent) = decimalDigits(value, count: 15)
            return scaled(Int128(String(digits))! * (value < 0 ? -1 : 1), digits.count - 1 - exponent, type)
        case .text(let text):
            if type == .int64 { return Int64(trimmed(text)).map { .int64($0) } ?? .null }
            return spelled(text).map { scaled($0.0, $0.1, type) } ?? .null
        default: return exact(literal).map { fitted($0, $1, type) } ?? .null
        }
    }

    /// A number of any scale, also a negative one.
    private static func scaled(_ units: Int128, _ scale: Int, _ type: LogicalType) -> Literal {
        if units == 0 { return fitted(0, 0, type) }
        if scale > 38 { return scale > 76 ? fitted(0, 0, type) : scaled(rounded(units, power(scale - 38)), 38, type) }
        if scale >= 0 { return fitted(units, scale, type) }
        guard scale >= -38 else { return .null }
        let (product, overflow) = units.multipliedReportingOverflow(by: power(-scale))
        return overflow ? .null : fitted(product, 0, type)
    }

    private static func trimmed(_ text: String) -> String {
        let blanks: Set<Unicode.Scalar> = [" ", "\t", "\n", "\r", "\u{B}", "\u{C}"]
        var points = Array(text.unicodeScalars)[...]
        while let first = points.first, blanks.contains(first) { points.removeFirst() }
        while let last = points.last, blanks.contains(last) { points.removeLast() }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: points)
        return String(view)
    }

    /// Units and scale that a text spells, and whether it is zero.
    private static func spelled(_ text: String) -> (Int128, Int, Bool)? {
        let parts = trimmed(text).lowercased().split(separator: "e", omittingEmptySubsequences: false)
        guard parts.count <= 2, var mantissa = parts.first.map({ $0[...] }) else { return nil }
        var exponent = 0
        if parts.count == 2 {
            guard let value = Int(parts[1]) else { return nil }
            exponent = value
        }
        let isNegative = mantissa.first == "-"
        if isNegative || mantissa.first == "+" { mantissa = mantissa.dropFirst() }
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, !halves.joined().isEmpty, halves.joined().allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        guard let units = Int128(halves.joined()) else { return nil }
        return (isNegative ? -units : units, (halves.count == 2 ? halves[1].count : 0) - exponent, units == 0)
    }

    /// Day number and microseconds of the day.
    private static func moment(_ text: String) -> (Int64, Int64)? {
        let parts = trimmed(text).split(maxSplits: 1, omittingEmptySubsequences: true) { $0 == " " || $0 == "T" }
        guard let written = parts.first.map(String.init) else { return nil }
        var numbers = written.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        if numbers.count == 1 { numbers = written.split(separator: "/", omittingEmptySubsequences: false).map(String.init) }
        if numbers.count == 1, written.count == 8 { numbers = [String(written.prefix(4)), String(written.dropFirst(4).prefix(2)), String(written.suffix(2))] }
        guard numbers.count == 3, (3...4).contains(numbers[0].count), numbers.dropFirst().allSatisfy({ (1...2).contains($0.count) }),
            numbers.joined().allSatisfy({ $0.isASCII && $0.isNumber }), let year = Int(numbers[0]), let month = Int(numbers[1]), let day = Int(numbers[2]),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        guard parts.count == 2 else { return (date.days, 0) }
        let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(clock.count), let hour = Int(clock[0]), let minute = Int(clock[1]), (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        guard let seconds = clock.count == 3 ? Double(clock[2]) : 0, (0..<60).contains(seconds) else { return nil }
        return (date.days, Int64(hour * 60 + minute) * 60_000_000 + Int64((seconds * 1_000_000).rounded()))
    }

    // MARK: To text

    private static func text(_ literal: Literal) -> String? {
        switch literal {
        case .bool(let value): value ? "true" : "false"
        case .int64(let value): String(value)
        case .decimal(let units, let scale): ExactDecimal.text(units: units, scale: scale)
        case .double(let value): doubleText(value)
        case .date(let days): CivilDate(days: days)?.text
        case .timestamp(let value): timestampText(value)
        case .text(let text): text
        case .null: nil
        }
    }

    private static func timestampText(_ value: Int64) -> String? {
        guard let text = CivilTimestamp.text(microseconds: value) else { return nil }
        var spaced = text.split(separator: "T").joined(separator: " ")
        if spaced.contains(".") { while spaced.last == "0" { spaced.removeLast() } }
        return spaced
    }

    /// The shortest digits, at most `count` of them, and the exponent of the first.
    private static func decimalDigits(_ value: Double, count: Int) -> (digits: [Character], exponent: Int) {
        var (digits, exponent) = digitsAndExponent("\(value.magnitude)")
        // The shortest digits are rounded already; rounding them once more may end on the other side.
        if digits.count > count { (digits, exponent) = digitsAndExponent(printed(value.magnitude, count)) }
        return (digits, digits == ["0"] ? 0 : exponent)
    }

    /// Of a text like 12.5 or 1.25e+01, without zeros at either end.
    private static func digitsAndExponent(_ text: String) -> (digits: [Character], exponent: Int) {
        let parts = text.split(separator: "e")
        let halves = parts[0].split(separator: ".")
        var exponent = (parts.count == 2 ? Int(parts[1])! : 0) + halves[0].count - 1
        var digits = Array(halves.joined())
        while digits.first == "0", digits.count > 1 {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.last == "0", digits.count > 1 { digits.removeLast() }
        return (digits, exponent)
    }

    /// So many digits, rounded once.
    private static func printed(_ value: Double, _ count: Int) -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        withVaList([value]) { _ = vsnprintf(&buffer, buffer.count, "%.\(count - 1)e", $0) }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    }

    private static func doubleText(_ value: Double) -> String {
        let (digits, exponent) = decimalDigits(value, count: 17)
        let sign = value.sign == .minus ? "-" : ""
        if exponent < -4 || exponent >= 15 {
            let fraction = digits.count > 1 ? "." + String(digits.dropFirst()) : ""
            let size = String(abs(exponent))
            return sign + String(digits[0]) + fraction + "e" + (exponent < 0 ? "-" : "+") + (size.count < 2 ? "0" : "") + size
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + String(digits) }
        let whole = String(digits.prefix(exponent + 1)) + String(repeating: "0", count: max(exponent + 1 - digits.count, 0))
        return sign + whole + (digits.count > exponent + 1 ? "." + String(digits.dropFirst(exponent + 1)) : "")
    }
}
