// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

/// How a scalar's text is typed. A scalar is text until its key says otherwise: `1E50`, `NO`, `01` stay what they are.
public indirect enum ScalarForm: Sendable {
    /// A name or code, as it is.
    case name
    /// Free text, in which full-width punctuation is at home.
    case prose
    /// One of some words.
    case word([Word])
    case integer(ClosedRange<Int64>)
    /// An exact decimal.
    case decimal
    /// 是/否, true/false, yes/no.
    case boolean
    /// `yyyy-MM-dd`.
    case date
    /// A column type.
    case type
    /// A value of a type that stands elsewhere.
    case constant
    /// `column = value` or `column in (value, value)`.
    case condition
    /// A code, or `from-to` of codes of one length.
    case codeRange
    /// Which versions of tables: 最新, 批准时, or a period as loads name it.
    case epoch
    /// `1 month`, `7 days`, `1 year`, or a number.
    case step
}

/// A word of a document in both languages.
public struct Word: Sendable, Hashable {
    /// As it stands in canonical JSON.
    public let english: String
    /// Further spellings, the Chinese one first.
    public let others: [String]
    public let isAvailable: Bool

    init(_ english: String, _ others: String..., available: Bool = true) {
        self.english = english
        self.others = others
        isAvailable = available
    }
}

extension [Word] {
    static let forbidden = [Word("forbidden", "禁用")]
}

/// What a scalar's text means under a form.
public enum ScalarReading: Sendable, Hashable {
    case value(JSONValue)
    /// Not of the form; `expected` says of which.
    case invalid(expected: String)
    /// Known, but not to be had in this version.
    case unavailable(String)
}

extension ScalarForm {
    /// The canonical value of a scalar's text.
    public func read(_ text: String) -> ScalarReading {
        switch self {
        case .name, .prose, .constant:
            return text.isEmpty ? .invalid(expected: "text") : .value(.string(text))
        case .word(let words): return Self.word(text, words)
        case .integer(let range):
            guard let value = Self.integer(text), range.contains(value) else {
                return .invalid(expected: "\(range.lowerBound)…\(range.upperBound)")
            }
            return .value(.integer(value))
        case .decimal:
            return Self.decimal(text).map { .value(.string($0)) } ?? .invalid(expected: "0.5, 200000")
        case .boolean: return Self.boolean(text)
        case .date: return CivilDate(iso: text) == nil ? .invalid(expected: "yyyy-MM-dd") : .value(.string(text))
        case .type:
            return LogicalType(name: text).map { .value(.string($0.name)) }
                ?? .invalid(expected: "bool, int64, decimal(p,s), double, date, timestamp, text")
        case .condition:
            return RowCondition(text: text).map { .value($0.json) } ?? .invalid(expected: "column = value, column in (value, value)")
        case .codeRange: return RowExclusion(text: text) == nil ? .invalid(expected: "Z21, B20-B24") : .value(.string(text))
        case .epoch:
            if text.isEmpty { return .invalid(expected: "latest, as_approved, 2026-10") }
            let words = [Word(DataEpoch.latestWord, "最新"), Word(DataEpoch.asApprovedWord, "批准时")]
            if case .value(let word) = Self.word(text, words) { return .value(word) }
            return .value(.string(text))
        case .step: return ParameterStep(text: text).map { .value(.string($0.text)) } ?? .invalid(expected: "1 month, 7 days, 1 year, 5")
        }
    }

    /// The words that may stand here, for suggestions.
    public var spellings: [String] {
        guard case .word(let words) = self else { return [] }
        return words.filter(\.isAvailable).flatMap { [$0.english] + $0.others.prefix(1) }
    }

    private static func word(_ text: String, _ words: [Word]) -> ScalarReading {
        guard let word = words.first(where: { $0.english == text || $0.others.contains(text) }) else {
            return .invalid(expected: ScalarForm.word(words).spellings.joined(separator: ", "))
        }
        return word.isAvailable ? .value(.string(word.english)) : .unavailable(text)
    }

    private static func boolean(_ text: String) -> ScalarReading {
        switch text {
        case "是", "true", "yes": .value(.bool(true))
        case "否", "false", "no": .value(.bool(false))
        default: .invalid(expected: "是, 否, true, false, yes, no")
        }
    }

    /// Digits with an optional sign, nothing else.
    static func integer(_ text: String) -> Int64? {
        text.utf8.first == UInt8(ascii: "+") ? nil : Int64(text)
    }

    /// The shortest spelling of an exact decimal.
    static func decimal(_ text: String) -> String? {
        guard var (units, scale) = ExactDecimal.parse(text) else { return nil }
        while scale > 0, units % 10 == 0 {
            units /= 10
            scale -= 1
        }
        return ExactDecimal.text(units: units, scale: scale)
    }
}
