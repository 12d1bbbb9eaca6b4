// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

/// The values that a product's parameter may take: approved as a whole and proved for every one of them.
public struct ParameterDomain: Sendable, Hashable {
    public let name: String
    public let type: LogicalType
    public let minimum: Literal?
    public let maximum: Literal?
    public let step: ParameterStep?
    /// The values one by one; no range then.
    public let values: [Literal]?

    /// SQL spelling of the type.
    public var typeName: String { type.name }

    /// Reads the `parameters` of a canonical product; `null` or an empty object is none.
    /// - Throws: `policy.bad-parameter-domain` with the parameter's name.
    public static func domains(_ json: JSONValue) throws(PolicyError) -> [String: ParameterDomain] {
        guard !json.isNull else { return [:] }
        guard let members = json.members else { throw PolicyError(.badDocument, "parameters") }
        var domains: [String: ParameterDomain] = [:]
        for name in members.keys.sorted() {
            guard let member = members[name], let domain = ParameterDomain(name: name, json: member) else {
                throw PolicyError(.badParameterDomain, name)
            }
            domains[name] = domain
        }
        return domains
    }

    init?(name: String, json: JSONValue) {
        guard let members = json.members, Set(members.keys).isSubset(of: ["type", "min", "max", "step", "values"]),
            let typeText = json["type"]?.text, let type = LogicalType(name: typeText)
        else { return nil }
        self.name = name
        self.type = type
        guard let minimum = Self.bound(json["min"], type), let maximum = Self.bound(json["max"], type) else { return nil }
        self.minimum = minimum.literal
        self.maximum = maximum.literal
        var values: [Literal]?
        if let listed = json["values"]?.elements {
            values = []
            for element in listed {
                guard let text = element.text, let literal = Self.literal(text, type) else { return nil }
                values?.append(literal)
            }
            guard !listed.isEmpty, listed.count <= Limits.domainValues, json["min"] == nil, json["max"] == nil, json["step"] == nil else {
                return nil
            }
        } else if json["values"] != nil { return nil }
        self.values = values
        step = json["step"]?.text.flatMap { ParameterStep(text: $0) }
        guard (json["step"] == nil) == (step == nil), isConsistent else { return nil }
    }

    /// The value that a text spells in the parameter's type, exactly; nil when it spells none.
    public func literal(_ text: String) -> Literal? { Self.literal(text, type) }

    /// Whether a value lies in the domain. A type alone accepts every value of it.
    public func accepts(_ literal: Literal) -> Bool {
        if let values { return values.contains(literal) }
        guard let position = Self.position(literal, type) else { return minimum == nil && maximum == nil && literal.fits(type) }
        if let low = minimum.flatMap({ Self.position($0, type) }), position < low { return false }
        if let high = maximum.flatMap({ Self.position($0, type) }), position > high { return false }
        guard step != nil, let minimum, let low = Self.position(minimum, type) else { return true }
        return isReached(position, from: low)
    }

    /// For people: type, range, step or number of values.
    public var description: String {
        if let values { return "\(typeName), {" + values.map(Self.text).joined(separator: ", ") + "}" }
        var parts = [typeName]
        if let minimum { parts.append(">= " + Self.text(minimum)) }
        if let maximum { parts.append("<= " + Self.text(maximum)) }
        if let step { parts.append("step " + step.text) }
        return parts.joined(separator: ", ")
    }
}
