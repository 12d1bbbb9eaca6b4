// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import Tabular

/// Values as sqllogictest writes them.
package enum Rendering {
    /// `I`: the whole part of a number; `R`: three digits behind the point; else as SQL casts it to text. NULL is `NULL`, the empty
    /// text `(empty)`.
    package static func text(_ literal: Literal, _ type: Character) -> String {
        switch (type, literal) {
        case (_, .null): return "NULL"
        case ("I", .bool(let value)): return value ? "1" : "0"
        case ("I", .decimal(let units, let scale)):
            return ExactDecimal.power(scale).map { String(units / $0) } ?? "NULL"
        case ("I", .double(let value)): return abs(value) < 9e18 ? String(Int64(value)) : plain(literal) ?? "NULL"
        case ("R", .int64(let value)): return fixed(Int128(value), scale: 0)
        case ("R", .decimal(let units, let scale)): return fixed(units, scale: scale)
        case ("R", .double(let value)): return String(format: "%.3f", value)
        default:
            guard let text = plain(literal) else { return "NULL" }
            if text.isEmpty { return "(empty)" }
            return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 ? "@" : $0 }))
        }
    }

    private static func fixed(_ units: Int128, scale: Int) -> String {
        let moved = ExactDecimal.rescale(units, from: scale, to: 3)
        return moved.map { ExactDecimal.text(units: $0, scale: 3) } ?? ExactDecimal.text(units: units, scale: scale)
    }

    /// The value in full; nil for NULL.
    package static func plain(_ literal: Literal) -> String? {
        switch literal {
        case .null: return nil
        case .bool(let value): return value ? "true" : "false"
        case .int64(let value): return String(value)
        case .decimal(let units, let scale): return ExactDecimal.text(units: units, scale: scale)
        case .double(let value): return String(format: "%.12g", value == 0 ? 0 : value)
        case .date(let days): return CivilDate(days: days)?.text
        case .timestamp(let microseconds): return timestamp(microseconds)
        case .text(let text): return text
        }
    }

    /// With a blank, and only the digits of a fraction that count.
    private static func timestamp(_ microseconds: Int64) -> String? {
        guard var text = CivilTimestamp.text(microseconds: microseconds)?.replacing("T", with: " ") else { return nil }
        if text.contains(".") { while text.last == "0" { text.removeLast() } }
        return text
    }

    /// The value as SQL.
    package static func sql(_ literal: Literal) -> String {
        switch literal {
        case .null: return "NULL"
        case .bool(let value): return value ? "TRUE" : "FALSE"
        case .int64(let value): return String(value)
        case .decimal(let units, let scale): return ExactDecimal.text(units: units, scale: scale)
        case .double(let value): return "\(value)"
        case .date: return "DATE '\(plain(literal) ?? "")'"
        case .timestamp: return "TIMESTAMP '\(plain(literal) ?? "")'"
        case .text(let text): return "'" + text.replacing("'", with: "''") + "'"
        }
    }

    /// Whether two renderings are the same value: also numbers that differ in zeros at their ends, and doubles within 10^-9.
    package static func areSame(_ actual: String, _ expected: String, isApproximate: Bool) -> Bool {
        if actual == expected { return true }
        if let one = ExactDecimal.parse(actual), let other = ExactDecimal.parse(expected) {
            let scale = max(one.scale, other.scale)
            if let a = ExactDecimal.rescale(one.units, from: one.scale, to: scale),
                let b = ExactDecimal.rescale(other.units, from: other.scale, to: scale), a == b
            {
                return true
            }
        }
        guard isApproximate, let one = Double(actual), let other = Double(expected) else { return false }
        return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1e-3)
    }
}
