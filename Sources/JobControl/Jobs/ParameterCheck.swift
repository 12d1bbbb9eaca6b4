// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import Tabular

/// Parameter values against their approved domains, before anything is recorded. The executor checks again.
public enum ParameterCheck {
    /// The typed values. Throws `parameter.missing`, `parameter.unknown` or `parameter.value` with the parameter's name, never its value.
    @discardableResult
    public static func check(_ values: [String: String], domains: JSONValue) throws -> [String: Literal] {
        let declared = try ParameterDomain.domains(domains)
        for name in values.keys.sorted() where declared[name] == nil {
            throw ControlError(.parameterUnknown, name, declared.keys.sorted().joined(separator: ", "))
        }
        var typed: [String: Literal] = [:]
        for (name, domain) in declared.sorted(by: { $0.key < $1.key }) {
            guard let value = values[name] else { throw ControlError(.parameterMissing, name, domain.typeName) }
            guard let literal = domain.literal(value), domain.accepts(literal) else {
                throw ControlError(.parameterValue, name, domain.description)
            }
            typed[name] = literal
        }
        return typed
    }
}
