// SPDX-License-Identifier: Apache-2.0

import LocalKnowledge

/// What a verdict rests on beside statement, policies and parameter domains.
public struct CheckBasis: Sendable, Hashable {
    /// The grant under which the statement is to run; nil where no grant is judged: a rehearsal, a tool of the policies.
    public let terms: UseTerms?
    /// What loads measured, by table; tables without data have none.
    public let profiles: [String: TableProfile]
    /// What the other products of the same scenario use, in order of their names.
    public let scenario: [ScenarioUse]

    public init(terms: UseTerms? = nil, profiles: [String: TableProfile] = [:], scenario: [ScenarioUse] = []) {
        self.terms = terms
        self.profiles = profiles
        self.scenario = scenario
    }

    /// Nothing is known.
    public static let none = CheckBasis()
}

/// Columns by which one product of a scenario tells its cells apart.
public struct ScenarioUse: Sendable, Hashable {
    public let product: String
    /// By table, in order.
    public let columns: [String: [String]]

    public init(product: String, columns: [String: [String]]) {
        self.product = product
        self.columns = columns
    }
}
