// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular
import TestBasics
import TestSupport

/// Short spellings for hand-written cases.
enum Cases {
    static func rules(
        _ aggregates: [ReleaseRules.AggregateRule], minimum: Int = 3, second: ReleaseRules.Dimension? = nil
    ) -> ReleaseRules {
        let first = ReleaseRules.Dimension(entity: "person", minimumContributors: minimum, mayBeAbsent: false)
        return ReleaseRules(isOpen: false, dimensions: [first] + (second.map { [$0] } ?? []), aggregates: aggregates)
    }

    static func aggregate(
        _ kind: ReleaseRules.Kind, clamp: ReleaseRules.Clamp? = nil, dominance: ReleaseRules.Dominance? = nil, base: Int64 = 1,
        branches: Int = 0
    ) -> ReleaseRules.AggregateRule {
        ReleaseRules.AggregateRule(kind: kind, clamp: clamp, dominance: dominance, roundingBase: base, branchCount: branches)
    }

    static func share(_ numerator: Int64, _ denominator: Int64) -> ReleaseRules.Fraction {
        ReleaseRules.Fraction(numerator: numerator, denominator: denominator)
    }

    /// One row for each value, each of its own entity (numbered from 1), under one key.
    static func rows(_ values: [Int128?], key: Literal? = nil) -> [NaiveRow] {
        values.enumerated().map { position, value in row(UInt64(position + 1), value, key: key) }
    }

    static func row(_ entity: UInt64?, _ value: Int128?, key: Literal? = nil, second: UInt64?? = nil, branch: Int? = nil) -> NaiveRow {
        NaiveRow(
            keys: key.map { [$0] } ?? [], entities: [entity] + (second.map { [$0] } ?? []),
            arguments: [.init(value: value.map { .decimal(units: $0, scale: 0) } ?? .null, branch: branch)])
    }

    /// Releases rows by the real gate.
    static func release(_ rows: [NaiveRow], _ rules: ReleaseRules, keyTypes: [LogicalType] = []) throws -> ReleasedCells {
        var random = SplitMix64(seed: 7)
        return try Evidence(rules).result(rows, keyTypes: keyTypes, shuffledBy: &random).release()
    }

    /// The one cell of a result without keys.
    static func cell(_ rows: [NaiveRow], _ rules: ReleaseRules) throws -> ReleasedCell {
        try release(rows, rules).rows[0][0]
    }
}
