// SPDX-License-Identifier: Apache-2.0

public import CanonicalJSON

/// What the gate did, for people who read a result: the checks and their public parameters, never an amount that depends on
/// data which is not released. Parameters of concentration rules stay secret: the record says only that they were applied.
public struct ReleaseRecord: Sendable, Hashable {
    /// Open data left as it is.
    public let isOpen: Bool
    public let minimums: [ReleaseRules.Dimension]
    /// One for each aggregate, in order.
    public let columns: [Column]
    public let withheld: WithheldClass

    /// The shaping of one aggregate.
    public struct Column: Sendable, Hashable {
        public let kind: String
        /// Each entity's contribution was limited to the range that the policy declares.
        public let isClamped: Bool
        public let isDominanceApplied: Bool
        public let areBranchesChecked: Bool
        /// 1 = not rounded.
        public let roundingBase: Int64
    }

    /// Version of the canonical form.
    public static let version: Int64 = 1
    /// Stands in every record of protected data, whether or not a group was left out: its presence tells nothing.
    public static let smallGroupsStatement = "left-out-with-their-keys-without-notice"

    init(rules: ReleaseRules, withheldCells: Int) {
        isOpen = rules.isOpen
        minimums = rules.dimensions
        columns = rules.aggregates.map { rule in
            Column(
                kind: Self.name(rule.kind), isClamped: rule.clamp != nil, isDominanceApplied: rule.dominance != nil,
                areBranchesChecked: rule.branchCount > 0, roundingBase: rule.roundingBase)
        }
        withheld = WithheldClass(cells: withheldCells)
    }

    private static func name(_ kind: ReleaseRules.Kind) -> String {
        switch kind {
        case .count: "count"
        case .countDistinct: "count-distinct"
        case .sum: "sum"
        case .average: "average"
        case .openValue: "open-value"
        }
    }
}

/// How many cells of the released rows are withheld, so coarse that it adds nothing to the marks themselves.
public enum WithheldClass: String, Sendable, CaseIterable {
    case none
    /// 1 to 9.
    case few
    /// 10 to 99.
    case several
    /// 100 and more.
    case many

    init(cells: Int) {
        self =
            if cells >= Limits.manyCells { .many } else if cells >= Limits.severalCells { .several } else if cells > 0 { .few } else { .none }
    }

    /// Code of the text in the catalogue.
    public var textCode: String { "release.withheld-\(rawValue)" }
}

extension WithheldReason {
    /// Code of the text in the catalogue.
    public var textCode: String { "release.reason.\(rawValue)" }
}

extension ReleaseRecord {
    /// The canonical document; see Documentation/Formats/release-record.md.
    public var document: JSONValue {
        var members: [String: JSONValue] = [
            "format": "yunei-release-record",
            "version": .integer(Self.version),
            "rule": isOpen ? "open" : "protected",
            "columns": .array(columns.map(\.document)),
            "withheld": .string(withheld.rawValue),
        ]
        if !isOpen {
            members["minimum_entities"] = .array(minimums.map(\.document))
            members["small_groups"] = .string(Self.smallGroupsStatement)
        }
        return .object(members)
    }
}

extension ReleaseRecord.Column {
    fileprivate var document: JSONValue {
        [
            "kind": .string(kind), "clamped": .bool(isClamped), "dominance": .bool(isDominanceApplied),
            "branches": .bool(areBranchesChecked), "rounding_base": .integer(roundingBase),
        ]
    }
}

extension ReleaseRules.Dimension {
    fileprivate var document: JSONValue {
        [
            "entity": .string(entity), "minimum": .integer(Int64(minimumContributors)), "may_be_absent": .bool(mayBeAbsent),
        ]
    }
}
