// SPDX-License-Identifier: Apache-2.0

import Tabular

/// One line of an effective policy, and whose it is.
public struct EffectiveLine: Sendable, Hashable {
    public let text: String
    public let owner: String

    public init(text: String, owner: String) {
        self.text = text
        self.owner = owner
    }
}

extension PolicySet {
    /// Every line in force for a table with its owner, in the order of the document; empty for an unknown table.
    public func effectiveLines(_ table: String) -> [EffectiveLine] {
        guard let policy = self.table(table) else { return [] }
        return policy.tableLines + policy.columns.flatMap { $0.lines(policy.unit) } + policy.releaseLines
    }

    /// The same as one text, for digests.
    public func effectiveText(_ table: String) -> String {
        effectiveLines(table).map { $0.text + " # " + $0.owner + "\n" }.joined()
    }
}

extension TablePolicy {
    fileprivate var tableLines: [EffectiveLine] {
        var lines = ["table: " + name, "unit: " + unit]
        if let catalogue { lines.append("catalogue: " + catalogue) }
        if let updated { lines.append("updated: " + updated) }
        if let baseline { lines.append("baseline: " + baseline) }
        lines.append("grade: " + (grade?.rawValue ?? "unset, not usable"))
        if let personal { lines.append("personal: " + personal.rawValue) }
        if isOpen { lines.append("open: true") }
        lines += entities.map { "entity: " + $0.text }
        if let fanOut { lines.append("entity.fan_out: \(fanOut.rows)") }
        lines += rowRange.map { "row_range: " + $0.text }
        if !rowKey.isEmpty { lines.append("row_key: [" + rowKey.joined(separator: ", ") + "]") }
        let use = useLimits.effectiveLines(unit)
        let forbidden = isForbidden ? [EffectiveLine(text: "use: forbidden", owner: baseline ?? unit)] : []
        return lines.map { EffectiveLine(text: $0, owner: unit) } + use + forbidden
    }

    fileprivate var releaseLines: [EffectiveLine] {
        guard !isOpen else { return [] }
        func line(_ key: String, _ value: String) -> EffectiveLine {
            EffectiveLine(text: "release." + key + ": " + value, owner: release.owners[key] ?? unit)
        }
        return [
            line("minimum_entities", String(release.minimumEntities)), line("largest", release.largest?.text ?? "none"),
            line("two_largest", release.twoLargest?.text ?? "none"), line("rounding", String(release.rounding)),
            line("review", release.needsReview ? "manual" : "none"),
        ]
    }
}

extension EntityDeclaration {
    var text: String {
        switch self {
        case .key(let type, let column): "{ " + type + ": " + column + " }"
        case .via(let type, let table, let keyColumn, _): "{ " + type + " via: " + table + "(" + keyColumn + ") }"
        case .none(let rows): "{ none: \(rows) }"
        case .weight(let column): "{ weight: " + column + " }"
        }
    }
}

extension ColumnPolicy {
    fileprivate func lines(_ unit: String) -> [EffectiveLine] {
        var lines: [EffectiveLine] = []
        func add(_ key: String, _ value: String) {
            lines.append(EffectiveLine(text: name + "." + key + ": " + value, owner: owners[key] ?? unit))
        }
        add("type", boundType.name + (isNullable ? ", nullable" : ""))
        if physicalName != name { add("column", physicalName) }
        if let element { add("element", element) }
        if let identifier { add("identifier", identifier.rawValue) }
        add("allow", "[" + Capability.allCases.filter(capabilities.contains).map(\.rawValue).joined(separator: ", ") + "]")
        if let granularity { add("granularity", granularity.rawValue) }
        if let prefix { add("prefix", String(prefix)) }
        if let codeList { add("codes", codeList) }
        if let bounds {
            let ends = [bounds.lower, bounds.upper].map { ExactDecimal.text(units: $0, scale: type.scale) }
            add("bounds", "[" + ends.joined(separator: ", ") + "]")
        }
        for line in restrictions.lines { add(line.key, line.text) }
        if !formats.isEmpty { add("format", "[" + formats.joined(separator: ", ") + "]") }
        if !excludedRows.isEmpty { add("exclude_rows", "[" + excludedRows.map(\.text).joined(separator: ", ") + "]") }
        return lines
    }
}
