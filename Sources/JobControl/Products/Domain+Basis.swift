// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import LocalKnowledge
import MetadataStore
import PolicyCheck

extension Domain {
    /// What a verdict rests on beside statement and policies, as it stands now.
    /// - Parameter product: one that is left out of what its scenario uses already.
    func basis(_ terms: UseTerms?, besides product: String? = nil) throws -> CheckBasis {
        CheckBasis(terms: terms, profiles: try profiles(), scenario: try scenarioUses(terms?.scenario, besides: product))
    }

    /// What the newest load of each table measured.
    func profiles() throws -> [String: TableProfile] {
        var profiles: [String: TableProfile] = [:]
        for name in try policies().tableNames {
            guard let version = try metadata.latestVersion(of: name), let profile = try profile(of: StoredVersion(version)) else { continue }
            profiles[name] = profile
        }
        return profiles
    }

    /// What the load of a version measured; nil where it measured nothing. Throws `object.missing` or `object.altered`.
    func profile(of stored: StoredVersion) throws -> TableProfile? {
        guard let digest = stored.profile else { return nil }
        if let known = measured[digest] { return known }
        guard let profile = TableProfile(json: try document(digest)) else { throw ControlError(.objectAltered, paths.object(digest)) }
        measured[digest] = profile
        return profile
    }

    /// What the signed products of a scenario use, in order of their names.
    private func scenarioUses(_ scenario: String?, besides product: String?) throws -> [ScenarioUse] {
        guard let scenario else { return [] }
        return try metadata.products().filter { $0.name != product }.compactMap { record -> ScenarioUse? in
            guard try document(record.digest)["scenario"]?.text == scenario else { return nil }
            let state = try self.state(record, basis: .none)
            guard state.missing.isEmpty, case .ready(let prepared) = state.preparation else { return nil }
            return ScenarioUse(product: record.name, columns: prepared.approved.quasiIdentifiers)
        }.sorted { $0.product < $1.product }
    }
}
