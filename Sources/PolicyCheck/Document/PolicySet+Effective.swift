// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular

/// One line of a policy in force, with who wrote it.
public struct EffectiveLine: Sendable, Hashable {
    public let text: String
    public let owner: String
}

extension PolicySet {
    /// Every line in force for a table, in a fixed order.
    public func effectiveLines(_ name: String) -> [EffectiveLine] {
        guard let policy = table(name) else { return [] }
        func line(_ text: String, _ owner: String?) -> EffectiveLine { EffectiveLine(text: text, owner: owner ?? policy.unit) }
        var lines = [
            line("table: \(policy.name)", policy.unit), line("unit: \(policy.unit)", policy.unit),
            line("grade: \(policy.grade?.rawValue ?? "unset")", policy.unit),
        ]
        if policy.isForbidden { lines.append(line("use: forbidden", policy.baseline)) }
        if policy.isOpen { lines.append(line("open: true", policy.unit)) }
        lines += policy.entities.map { line("entity: " + Self.text($0), policy.unit) }
        if let range = policy.rowRange { lines.append(line("row_range: \(range.column) = \(range.value)", range.owner)) }
        for column in policy.columns { lines += Self.lines(column) }
        let release = policy.release
        lines.append(line("release.minimum_entities: \(release.minimumEntities)", release.owner(of: "minimum_entities")))
        lines.append(line("release.dominance: \(Self.text(release.dominance))", release.owner(of: "dominance")))
        lines.append(line("release.rounding: \(release.roundingBase)", release.owner(of: "rounding")))
        lines.append(line("release.review: \(release.needsReview ? "manual" : "none")", release.owner(of: "review")))
        return lines
    }

    /// The lines as one text: what a signature under a product covers of a table.
    public func effectiveText(_ name: String) -> String {
        effectiveLines(name).map { $0.text + " # " + $0.owner }.joined(separator: "\n")
    }

    private static func lines(_ column: ColumnPolicy) -> [EffectiveLine] {
        func line(_ key: String, _ value: String) -> EffectiveLine {
            EffectiveLine(text: "columns.\(column.name).\(key): \(value)", owner: column.owner(of: key) ?? "")
        }
        var lines = [line("type", column.type.name + (column.isNullable ? " nullable" : "")), line("column", column.physicalName)]
        lines.append(line("allow", column.capabilities.isEmpty ? "nothing" : column.capabilities.sorted().map(\.rawValue).joined(separator: ", ")))
        if let identifier = column.identifier { lines.append(line("identifier", identifier.rawValue)) }
        if let granularity = column.granularity { lines.append(line("granularity", granularity.rawValue)) }
        if let prefix = column.prefix { lines.append(line("prefix", String(prefix))) }
        if let bounds = column.bounds {
            let limits = [bounds.lower, bounds.upper].map { ExactDecimal.text(units: $0, scale: column.type.scale) }
            lines.append(line("bounds", limits.joined(separator: " … ")))
        }
        if let excluded = column.excludedRows {
            lines.append(line("exclude_rows", excluded.ranges.map { $0.lower == $0.upper ? $0.lower : $0.lower + "-" + $0.upper }.joined(separator: ", ")))
        }
        if !column.formats.isEmpty { lines.append(line("format", column.formats.joined(separator: ", "))) }
        return lines
    }

    private static func text(_ declaration: EntityDeclaration) -> String {
        switch declaration {
        case .key(let type, let column): "\(type): \(column), missing excluded"
        case .via(let type, let table, let column, _): "\(type) via \(table)(\(column))"
        case .none(let rows): "none, at most \(rows) rows each"
        }
    }

    private static func text(_ dominance: ReleaseRules.Dominance?) -> String {
        func share(_ fraction: ReleaseRules.Fraction?) -> String { fraction.map { "\($0.numerator)/\($0.denominator)" } ?? "none" }
        return "largest \(share(dominance?.largest)), two largest \(share(dominance?.twoLargest))"
    }
}
