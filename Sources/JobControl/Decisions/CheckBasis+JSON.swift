// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import LocalKnowledge
import PolicyCheck

/// What a verdict rests on, as decision records keep it.
extension CheckBasis {
    /// Null where no grant is judged.
    var termsJSON: JSONValue { terms?.json ?? .null }

    /// By table.
    var profilesJSON: JSONValue { .object(profiles.mapValues(\.json)) }

    var scenarioJSON: JSONValue {
        .array(
            scenario.map { use in
                ["product": .string(use.product), "columns": .object(use.columns.mapValues { .array($0.map { .string($0) }) })]
            })
    }

    /// Reads the members of a decision record strictly. Throws `decision.malformed` with the place.
    package init(record: JSONValue) throws(ControlError) {
        var terms: UseTerms?
        if let json = record["terms"], !json.isNull {
            guard json.members != nil, let read = try? UseTerms(json: json) else { throw ControlError(.decisionMalformed, "/terms") }
            terms = read
        }
        guard let tables = record["profiles"]?.members else { throw ControlError(.decisionMalformed, "/profiles") }
        var profiles: [String: TableProfile] = [:]
        for (name, json) in tables {
            guard let profile = TableProfile(json: json) else { throw ControlError(.decisionMalformed, "/profiles/" + name) }
            profiles[name] = profile
        }
        guard let elements = record["scenario"]?.elements else { throw ControlError(.decisionMalformed, "/scenario") }
        var scenario: [ScenarioUse] = []
        for (index, json) in elements.enumerated() {
            guard let members = json.members, Set(members.keys) == ["product", "columns"], let product = json["product"]?.text,
                let tables = json["columns"]?.members
            else { throw ControlError(.decisionMalformed, "/scenario/\(index)") }
            var columns: [String: [String]] = [:]
            for (table, names) in tables {
                guard let texts = names.elements?.compactMap(\.text), texts.count == names.elements?.count else {
                    throw ControlError(.decisionMalformed, "/scenario/\(index)")
                }
                columns[table] = texts
            }
            scenario.append(ScenarioUse(product: product, columns: columns))
        }
        self.init(terms: terms, profiles: profiles, scenario: scenario)
    }
}
