// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

/// The values that a parameter may take: a list, or a range with a step. Approved as a whole; the checker proves all instances.
public struct ParameterDomain: Sendable, Hashable {
    public let type: LogicalType
    public let bounds: Range?
    /// Allowed values when they are listed; nil for a range or for anything of the type.
    public let values: [Literal]?

    public struct Range: Sendable, Hashable {
        public let minimum: Literal?
        public let maximum: Literal?
        public let step: Step?
    }

    /// Distance between neighbouring values, counted from the minimum.
    public enum Step: Sendable, Hashable {
        case months(Int)
        case days(Int)
        /// In units of the type's scale.
        case units(Int128)
    }

    /// The type's name.
    public var typeName: String { type.name }

    /// Bounds and step for a message: they are public, part of what was approved.
    public var description: String {
        if let values { return values.map(Self.text).joined(separator: ", ") }
        guard let bounds else { return type.name }
        let limits = [bounds.minimum.map { ">= " + Self.text($0) }, bounds.maximum.map { "<= " + Self.text($0) }].compactMap { $0 }
        return ([type.name] + limits + (bounds.step.map { ["step " + Self.text($0)] } ?? [])).joined(separator: " ")
    }

    private static func text(_ step: Step) -> String {
        switch step {
        case .months(let count): "\(count) month"
        case .days(let count): "\(count) day"
        case .units(let units): "\(units)"
        }
    }

    static func text(_ literal: Literal) -> String {
        switch literal {
        case .null: "NULL"
        case .bool(let value): value ? "true" : "false"
        case .int64(let value): String(value)
        case .decimal(let units, let scale): ExactDecimal.text(units: units, scale: scale)
        case .double(let value): String(value)
        case .date(let days): CivilDate(days: days)?.text ?? ""
        case .timestamp(let microseconds): CivilTimestamp.text(microseconds: microseconds) ?? ""
        case .text(let value): value
        }
    }
}

extension ParameterDomain {
    /// The value in the parameter's type, nil when the text is none.
    public func literal(_ text: String) -> Literal? { Self.literal(text, type: type) }

    /// Whether a value of the parameter's type is in the domain.
    public func accepts(_ literal: Literal) -> Bool {
        if let values { return values.contains(literal) }
        guard let bounds else { return true }
        if let minimum = bounds.minimum, Self.isLess(literal, minimum) { return false }
        if let maximum = bounds.maximum, Self.isLess(maximum, literal) { return false }
        guard let step = bounds.step, let minimum = bounds.minimum else { return true }
        return Self.isOnStep(literal, from: minimum, step)
    }

    static func literal(_ text: String, type: LogicalType) -> Literal? {
        switch type {
        case .bool: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .int64: Int64(text).map { .int64($0) }
        case .decimal(let precision, let scale):
            ExactDecimal.parse(text).flatMap { parsed in
                guard parsed.scale <= scale, let units = ExactDecimal.rescale(parsed.units, from: parsed.scale, to: scale),
                    ExactDecimal.digits(of: units) <= precision
                else { return nil }
                return .decimal(units: units, scale: scale)
            }
        case .double: Double(text).flatMap { $0.isFinite ? .double($0) : nil }
        case .date: CivilDate(iso: text).map { .date(days: $0.days) }
        case .timestamp: CivilTimestamp.parse(iso: text).map { .timestamp(microseconds: $0) }
        case .text: .text(text)
        case .entity, .null: nil
        }
    }

    private static func isLess(_ left: Literal, _ right: Literal) -> Bool {
        switch (left, right) {
        case (.int64(let left), .int64(let right)): left < right
        case (.decimal(let left, _), .decimal(let right, _)): left < right
        case (.double(let left), .double(let right)): left < right
        case (.date(let left), .date(let right)): left < right
        case (.timestamp(let left), .timestamp(let right)): left < right
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        default: false
        }
    }

    private static func isOnStep(_ literal: Literal, from minimum: Literal, _ step: Step) -> Bool {
        switch (literal, minimum, step) {
        case (.date(let days), .date(let first), .days(let count)): (days - first) % Int64(count) == 0
        case (.date(let days), .date(let first), .months(let count)):
            months(days, since: first).map { $0 % count == 0 } ?? false
        case (.int64(let value), .int64(let first), .units(let units)): (Int128(value) - Int128(first)) % units == 0
        case (.decimal(let value, _), .decimal(let first, _), .units(let units)): (value - first) % units == 0
        default: false
        }
    }

    /// Whole months between two dates of the same day of the month, else nil.
    static func months(_ days: Int64, since first: Int64) -> Int? {
        guard let date = CivilDate(days: days), let start = CivilDate(days: first), date.day == start.day else { return nil }
        return (date.year - start.year) * 12 + date.month - start.month
    }
}

extension ParameterDomain {
    /// Reads the `parameters` member of a product. Throws `policy.parameter-domain` with the parameter's name.
    public static func domains(_ json: JSONValue) throws(PolicyError) -> [String: ParameterDomain] {
        var domains: [String: ParameterDomain] = [:]
        for (name, member) in json.members ?? [:] { domains[name] = try ParameterDomain(member, name: name) }
        return domains
    }

    private init(_ json: JSONValue, name: String) throws(PolicyError) {
        guard let type = json["type"]?.text.flatMap(LogicalType.init(name:)) else { throw PolicyError(.parameterDomain, name) }
        func value(_ key: String) throws(PolicyError) -> Literal? {
            guard let text = json[key]?.text else { return nil }
            guard let literal = Self.literal(text, type: type) else { throw PolicyError(.parameterDomain, name) }
            return literal
        }
        self.type = type
        let minimum = try value("min")
        let maximum = try value("max")
        let step = try Self.step(json["step"]?.text, type: type, name: name)
        guard step == nil || minimum != nil else { throw PolicyError(.parameterDomain, name) }
        bounds = minimum == nil && maximum == nil ? nil : Range(minimum: minimum, maximum: maximum, step: step)
        if let listed = json["values"]?.elements {
            var values: [Literal] = []
            for element in listed {
                guard let literal = element.text.flatMap({ Self.literal($0, type: type) }) else { throw PolicyError(.parameterDomain, name) }
                values.append(literal)
            }
            guard !values.isEmpty, bounds == nil else { throw PolicyError(.parameterDomain, name) }
            self.values = values
        } else {
            values = nil
        }
    }

    /// `1 month`, `7 days`, `1 year`, `1 个月`, `7 天`, or a number of the type.
    private static func step(_ text: String?, type: LogicalType, name: String) throws(PolicyError) -> Step? {
        guard let text else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).filter { $0 != " " }
        if type == .date, let count = Int(digits), (1...10_000).contains(count) {
            switch unit {
            case "month", "months", "月", "个月": return .months(count)
            case "quarter", "quarters", "季", "季度": return .months(3 * count)
            case "year", "years", "年": return .months(12 * count)
            case "day", "days", "日", "天": return .days(count)
            case "week", "weeks", "周": return .days(7 * count)
            default: throw PolicyError(.parameterDomain, name)
            }
        }
        switch literal(text, type: type) {
        case .int64(let value) where value > 0: return .units(Int128(value))
        case .decimal(let units, _) where units > 0: return .units(units)
        default: throw PolicyError(.parameterDomain, name)
        }
    }
}
