// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import LocalKnowledge
import Tabular

/// A draft of a table's document from what its newest load recognised and measured: cautious labels, each with its reason. It rests on
/// coarse classes, so no data value is in it; bounds are powers of ten.
///
/// Identifiers are never usable like ordinary columns; what is recognised as one without an entity of its own is withheld. What the
/// policy in force says more strictly stays.
public struct PolicySuggestion: Sendable {
    public let table: String
    /// The document's lines before its columns, and behind them.
    public let head: [String]
    public let columns: [Column]
    public let tail: [String]

    /// One column of the draft.
    public struct Column: Sendable, Hashable {
        /// As it stands in YAML.
        public let line: String
        public let reasons: [Reason]
    }

    /// Why: a text of the catalogue with its arguments. An argument that is a text's code itself stands under `kind`.
    public struct Reason: Sendable, Hashable {
        public let code: String
        public let arguments: [String]
        public let kindTextCode: String?

        init(_ code: SuggestionReason, _ arguments: [String] = [], kind: ValueKind? = nil) {
            self.code = code.rawValue
            self.arguments = arguments
            kindTextCode = kind.map(LabelAdvice.textCode)
        }
    }

    public init(_ policy: TablePolicy, recognised: [RecognisedColumn], profile: TableProfile?) {
        table = policy.name
        var entities = policy.entities
        var drafts: [Column] = []
        // Resident numbers that nobody declared make a table one about persons.
        if !policy.isOpen, !entities.contains(where: { $0.type == Self.person }),
            let found = recognised.first(where: { $0.kind == .residentID && $0.share == .most && policy.column($0.column)?.identifier == nil }) {
            entities = entities.filter { $0.type != nil } + [.key(type: Self.person, column: found.column)]
        }
        for column in policy.columns {
            let draft = ColumnDraft(
                column, isOpen: policy.isOpen, entities: entities, recognised: recognised.filter { $0.column == column.name },
                profile: profile?.column(column.name), alone: profile?.union(of: [column.name]))
            drafts.append(Column(line: "  " + YAMLText.scalar(column.name) + ": { " + draft.members.joined(separator: ", ") + " }", reasons: draft.reasons))
        }
        columns = drafts
        head = Self.head(policy, entities)
        tail = policy.isOpen ? [] : [Self.release(policy.release)]
    }

    static let person = "person"

    private static func head(_ policy: TablePolicy, _ entities: [EntityDeclaration]) -> [String] {
        var lines = ["table: " + YAMLText.scalar(policy.name), "unit: " + YAMLText.scalar(policy.unit)]
        func add(_ key: String, _ value: String?) { if let value { lines.append(key + ": " + YAMLText.scalar(value)) } }
        add("catalogue", policy.catalogue)
        add("updated", policy.updated)
        add("baseline", policy.baseline)
        add("grade", policy.grade?.rawValue)
        add("personal", policy.personal?.rawValue)
        if policy.isOpen { lines.append("open: true") }
        var declared: [String] = []
        for entity in entities {
            let text =
                switch entity {
                case .key(let type, let column): "{ " + YAMLText.scalar(type) + ": " + YAMLText.scalar(column) + fanOut(policy, column, declared) + " }"
                case .via(_, let table, let keyColumn, _): "{ via: " + YAMLText.scalar(table + "(" + keyColumn + ")") + " }"
                case .none(let rows): "{ none: \(rows) }"
                case .weight(let column): "{ weight: " + YAMLText.scalar(column) + " }"
                }
            if !declared.contains(text) { declared.append(text) }
        }
        if !declared.isEmpty { lines.append("entity: [" + declared.joined(separator: ", ") + "]") }
        if !policy.rowRange.isEmpty { lines.append("row_range: [" + policy.rowRange.map { YAMLText.quoted($0.text) }.joined(separator: ", ") + "]") }
        if !policy.rowKey.isEmpty { lines.append("row_key: [" + policy.rowKey.map(YAMLText.scalar).joined(separator: ", ") + "]") }
        let limits = policy.useLimits
        var uses = UseLine.allCases.compactMap { line in
            limits.lists[line].map { line.rawValue + ": [" + $0.map(YAMLText.scalar).joined(separator: ", ") + "]" }
        }
        if let until = limits.until { uses.append("until: " + until) }
        if !uses.isEmpty { lines.append("use_for: { " + uses.joined(separator: ", ") + " }") }
        return lines + ["columns:"]
    }

    /// The line that the first entity may have.
    private static func fanOut(_ policy: TablePolicy, _ column: String, _ declared: [String]) -> String {
        guard let fanOut = policy.fanOut, fanOut.column == column, declared.isEmpty else { return "" }
        return ", fan_out: \(fanOut.rows)"
    }

    private static func release(_ release: ReleasePolicy) -> String {
        var members = ["minimum_entities: \(release.minimumEntities)", "rounding: \(release.rounding)"]
        if let largest = release.largest, let two = release.twoLargest {
            members.append("dominance: { largest: \(decimal(largest)), two_largest: \(decimal(two)) }")
        }
        if release.needsReview { members.append("review: manual") }
        return "release: { " + members.joined(separator: ", ") + " }"
    }

    /// A share was read from at most nine digits behind the point.
    private static func decimal(_ share: ReleaseRules.Fraction) -> String {
        let billionths = Int128(share.numerator) * 1_000_000_000 / Int128(share.denominator)
        return ScalarForm.decimal(ExactDecimal.text(units: billionths, scale: 9)) ?? "0"
    }
}

/// Reasons of a draft; raw values are keys of the text catalogue.
public enum SuggestionReason: String, Sendable, CaseIterable {
    /// The key of an entity. Arguments: type of the entity.
    case entityKey = "suggest.entity-key"
    /// Recognised as an identifier, so withheld. The kind stands apart.
    case identifier = "suggest.identifier"
    /// Divisions or postcodes, shown shortened. The kind stands apart.
    case shortened = "suggest.shortened"
    /// A date, by month.
    case period = "suggest.period"
    /// Few values. Arguments: power of ten that they are fewer than.
    case fewValues = "suggest.few-values"
    /// Too many values, or most of them of too few entities.
    case manyValues = "suggest.many-values"
    /// An amount. Arguments: bounds.
    case amount = "suggest.amount"
    /// A number that is no amount with known bounds.
    case noBounds = "suggest.no-bounds"
    /// A floating number, whose totals are not exact.
    case floating = "suggest.floating"
    /// Many rows have no value.
    case mostlyEmpty = "suggest.mostly-empty"
    /// Open data.
    case open = "suggest.open"
}

/// The draft of one column.
private struct ColumnDraft {
    private(set) var members: [String] = []
    private(set) var reasons: [PolicySuggestion.Reason] = []
    private let column: ColumnPolicy

    init(
        _ column: ColumnPolicy, isOpen: Bool, entities: [EntityDeclaration], recognised: [RecognisedColumn], profile: ColumnProfile?,
        alone: UnionProfile?
    ) {
        self.column = column
        if column.physicalName != column.name { members.append("column: " + YAMLText.scalar(column.physicalName)) }
        members.append("type: " + YAMLText.quoted(column.type.name))
        if let element = column.element, element != column.name { members.append("element: " + YAMLText.scalar(element)) }
        if column.isNullable { members.append("nullable: true") }
        if !column.formats.isEmpty { members.append("format: [" + column.formats.map(YAMLText.scalar).joined(separator: ", ") + "]") }
        if let codes = column.codeList { members.append("codes: " + YAMLText.scalar(codes)) }
        if isOpen {
            reasons.append(PolicySuggestion.Reason(.open))
            return
        }
        if !column.excludedRows.isEmpty {
            members.append("exclude_rows: [" + column.excludedRows.map { YAMLText.scalar($0.text) }.joined(separator: ", ") + "]")
        }
        label(entities, recognised, profile, alone)
        // What the unit itself says of how far uses reach; the baseline's holds anyway.
        if !members.contains("allow: []") {
            for line in column.restrictions.lines where column.owners[line.key] != column.elementOwner {
                members.append(line.key + ": " + line.text)
            }
        }
        if profile?.nulls == .most { reasons.append(PolicySuggestion.Reason(.mostlyEmpty)) }
    }

    private mutating func label(
        _ entities: [EntityDeclaration], _ recognised: [RecognisedColumn], _ profile: ColumnProfile?, _ alone: UnionProfile?
    ) {
        let found = recognised.first { $0.share != .none }
        for case .key(let type, let name) in entities where name == column.name && (column.identifier != nil || column.capabilities.isEmpty || found?.kind == .residentID) {
            let isResident = found?.kind == .residentID && found?.share == .most
            members.append("identifier: " + (isResident ? IdentifierKind.residentID : .key).rawValue)
            allow([.join, .countDistinct])
            return reasons.append(PolicySuggestion.Reason(.entityKey, [type]))
        }
        if let found, found.kind.isIdentifying { return withhold(.identifier, kind: found.kind) }
        // An identifier whose entity is told by no line of this table.
        if column.identifier != nil { return withhold(.manyValues) }
        if entities.contains(where: { $0.isReached(by: column.name) }) { return allow([.join]) }
        // How many persons a row stands for is the policy's own business.
        if entities.contains(where: { $0.isWeight(column.name) }) {
            if let bounds = column.bounds { members.append("bounds: [\(bounds.lower), \(bounds.upper)]") }
            return allow([])
        }
        if let found, found.share == .most, column.type == .text {
            allow([.group, .filterEqual])
            prefix(found.kind == .postcode ? 4 : 6)
            return reasons.append(PolicySuggestion.Reason(.shortened, kind: found.kind))
        }
        switch column.type {
        case .date, .timestamp:
            allow([.group, .filterRange])
            let own = column.granularity ?? .month
            members.append("granularity: " + (own == .day ? Granularity.month : own).rawValue)
            reasons.append(PolicySuggestion.Reason(.period))
        case .bool, .text: labelValues(profile, alone)
        case .int64, .decimal:
            if let profile, profile.values == 0, column.type == .int64 { return labelValues(profile, alone) }
            labelAmount(profile)
        case .double: withhold(.floating)
        case .entity, .null: withhold(.manyValues)
        }
    }

    /// A column of codes or words.
    private mutating func labelValues(_ profile: ColumnProfile?, _ alone: UnionProfile?) {
        let values = column.type == .bool ? 0 : profile?.values ?? 6
        guard values < 3, alone?.below != .most else { return withhold(.manyValues) }
        allow([.group, .filterEqual])
        if let own = column.prefix { prefix(own) }
        reasons.append(PolicySuggestion.Reason(.fewValues, ["1" + String(repeating: "0", count: values + 1)]))
    }

    private mutating func labelAmount(_ profile: ColumnProfile?) {
        guard let range = profile?.range, range.lower != nil || range.upper != nil else { return withhold(.noBounds) }
        allow([.sum, .average, .count])
        members.append("bounds: " + range.text)
        reasons.append(PolicySuggestion.Reason(.amount, [range.text]))
    }

    /// The capabilities that no layer above withholds.
    private mutating func allow(_ capabilities: [Capability]) {
        let granted = capabilities.filter { !column.withheldByElement.contains($0) }
        members.append("allow: [" + granted.map(\.rawValue).joined(separator: ", ") + "]")
    }

    private mutating func prefix(_ length: Int) { members.append("prefix: \(min(length, column.prefix ?? length))") }

    private mutating func withhold(_ reason: SuggestionReason, kind: ValueKind? = nil) {
        members.append("allow: []")
        reasons.append(PolicySuggestion.Reason(reason, kind: kind))
    }
}

extension EntityDeclaration {
    fileprivate func isWeight(_ name: String) -> Bool {
        if case .weight(let column) = self { return column == name }
        return false
    }

    /// Whether another table's entities are found by a column.
    fileprivate func isReached(by name: String) -> Bool {
        if case .via(_, _, _, let column) = self { return column == name }
        return false
    }
}

/// Scalars of YAML.
enum YAMLText {
    /// As it is where nothing in it could be taken for more than text.
    static func scalar(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-" || scalar == "." || scalar == "@"
        }
        let isWord = text.unicodeScalars.first.map { $0.properties.isAlphabetic || ("0"..."9").contains($0) } ?? false
        return isPlain && isWord ? text : quoted(text)
    }

    static func quoted(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\t": escaped += "\\t"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "\"" + escaped + "\""
    }
}
