// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

/// Merges the layers of one table: baseline floor, the unit's defaults, the table's own lines.
struct TablePolicyBuilder {
    let name: String
    let unit: String
    let own: JSONValue
    let defaults: JSONValue
    let baseline: Baseline?

    func build() throws(PolicyError) -> TablePolicy {
        let isOpen = own["open"]?.text == "true"
        let grade = (own["grade"] ?? defaults["grade"])?.text.flatMap(Grade.init(rawValue:))
        let floor = grade.flatMap { baseline?.floors[$0] }
        let entities = try EntityReader(table: name).declarations(own["entity"])
        var columns: [ColumnPolicy] = []
        for (column, json) in (own["columns"]?.members ?? [:]).sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            let builder = ColumnPolicyBuilder(table: name, unit: unit, name: column, isOpen: isOpen, entities: entities, baseline: baseline)
            columns.append(try builder.build(json))
        }
        let policy = TablePolicy(
            name: name, unit: unit, baseline: baseline?.name, grade: grade, isOpen: isOpen, isForbidden: floor?.text == "forbidden",
            entities: entities, rowRange: try rowRange(), rowKey: own["row_key"]?.elements?.compactMap(\.text) ?? [], columns: columns,
            release: try ReleasePolicyBuilder(table: name, unit: unit, baseline: baseline?.name).build(
                own: own["release"] ?? defaults["release"] ?? .null, floor: floor ?? .null))
        try check(policy)
        return policy
    }

    private func rowRange() throws(PolicyError) -> RowRange? {
        guard let text = own["row_range"]?.text else { return nil }
        let parts = text.split(separator: "=", omittingEmptySubsequences: false).map { Self.trimmed($0) }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw PolicyError(.badValue, name, "row_range") }
        return RowRange(column: parts[0], value: parts[1], owner: unit)
    }

    static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// What must hold between the parts.
    private func check(_ policy: TablePolicy) throws(PolicyError) {
        if let range = policy.rowRange, policy.column(range.column) == nil { throw PolicyError(.unknownColumn, name, range.column) }
        for column in policy.rowKey where policy.column(column) == nil { throw PolicyError(.unknownColumn, name, column) }
        guard policy.isOpen || !policy.entities.isEmpty else { throw PolicyError(.noEntity, name) }
        guard !policy.isOpen || policy.entities.isEmpty else { throw PolicyError(.openOnly, name, "entity") }
        for declaration in policy.entities {
            switch declaration {
            case .key(_, let column), .via(_, _, _, let column):
                guard let found = policy.column(column) else { throw PolicyError(.unknownColumn, name, column) }
                guard found.type == .text || found.type == .int64 else { throw PolicyError(.entityColumn, name, column) }
            case .none: break
            }
        }
    }
}

/// Reads the `entity` member.
struct EntityReader {
    let table: String

    func declarations(_ json: JSONValue?) throws(PolicyError) -> [EntityDeclaration] {
        var declarations: [EntityDeclaration] = []
        for element in json?.elements ?? [] { declarations += try one(element) }
        let hasNone = declarations.contains { if case .none = $0 { true } else { false } }
        guard !hasNone || declarations.count == 1 else { throw PolicyError(.badValue, table, "entity") }
        return declarations
    }

    private func one(_ json: JSONValue) throws(PolicyError) -> [EntityDeclaration] {
        if json["weight"] != nil { throw PolicyError(.notInThisVersion, table, "entity: weight") }
        var declarations: [EntityDeclaration] = []
        for (key, value) in (json.members ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let text = value.text else { throw PolicyError(.badValue, table, "entity") }
            switch key {
            case "missing": continue
            case "via": declarations.append(try via(text))
            case "none":
                guard let rows = Int(text), (1...1_000_000).contains(rows) else { throw PolicyError(.badValue, table, "entity: none") }
                declarations.append(.none(maxRowsPerEntity: rows))
            default: declarations.append(.key(type: key, column: text))
            }
        }
        guard !declarations.isEmpty else { throw PolicyError(.badValue, table, "entity") }
        return declarations
    }

    /// `table(column)`: the own column has the same name.
    private func via(_ text: String) throws(PolicyError) -> EntityDeclaration {
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { throw PolicyError(.badValue, table, "entity: via") }
        let through = TablePolicyBuilder.trimmed(text[..<open])
        let column = TablePolicyBuilder.trimmed(text[text.index(after: open)...].dropLast())
        guard !through.isEmpty, !column.isEmpty else { throw PolicyError(.badValue, table, "entity: via") }
        return .via(type: "", table: through, throughColumn: column, ownColumn: column)
    }
}
