// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// What columns grant, and what led to them by joins.
package struct Grants {
    let sources: [SourceColumn]
    let steering: Steering
    let known = KnownPlaces()

    package init(sources: [SourceColumn], steering: Steering) {
        self.sources = sources
        self.steering = steering
    }

    // MARK: One capability of one view

    /// Why a view of a column may not be used so; empty when it may.
    func losses(of view: ColumnView, for capability: Capability) -> [Loss] {
        let source = sources[view.source]
        guard source.isProtected else {
            let own = source.column.capabilities.isEmpty ? [missing(capability, of: view)] : []
            return own + steeringLosses(view, capability)
        }
        guard source.column.capabilities.contains(capability) else { return [missing(capability, of: view)] }
        switch capability {
        case .group: return shapeLosses(view) + steeringLosses(view, .group)
        case .filterEqual: return shapeLosses(view) + steeringLosses(view, .filterEqual)
        case .join, .countDistinct, .compare: return shapeLosses(view)
        case .project, .filterRange, .count, .sum, .average, .variance: return []
        }
    }

    /// A capability that the column does not grant.
    func missing(_ capability: Capability, of view: ColumnView) -> Loss {
        let source = sources[view.source]
        let owner = source.column.owner(ofMissing: capability)
        if source.column.capabilities.isEmpty {
            return Loss(
                rule: .named(.columnForbidden), span: view.span, arguments: [source.name], column: source, capability: capability, owner: owner,
                change: .removeColumn)
        }
        let names = [source.name, capability.label]
        let canGrant = source.column.identifier == nil || capability == .join || capability == .countDistinct
        return Loss(
            rule: .named(.missingCapability), span: view.span, arguments: names, column: source, capability: capability, owner: owner,
            change: canGrant ? .grant : .removeColumn, changeArguments: canGrant ? names : [])
    }

    // MARK: Shapes

    /// Whether the view is coarse enough for the column's granularity, prefix, band and level.
    func shapeLosses(_ view: ColumnView) -> [Loss] {
        let source = sources[view.source]
        guard source.isProtected else { return [] }
        let column = source.column
        var losses: [Loss] = []
        func lose(_ rule: PolicyRule, _ line: String, _ text: String, _ change: PolicyChange, _ changeArguments: [String]) {
            losses.append(
                Loss(
                    rule: .named(rule), span: view.span, arguments: [source.name, text], column: source, owner: column.owners[line],
                    change: change, changeArguments: changeArguments))
        }
        if let granularity = column.granularity, !view.isCoarse(as: granularity, column.type) {
            lose(.granularity, "granularity", granularity.label, .truncate, [column.name, granularity.rawValue])
        }
        if let limit = column.prefix, !view.isPrefix(limit) {
            lose(.prefix, "prefix", String(limit), .shorten, [column.name, String(limit)])
        }
        if let band = column.restrictions.band, !view.isBand(of: band, column) {
            lose(.band, "band", band.text, .useBand, [column.name, band.text])
        }
        if column.restrictions.isByChapter == true {
            lose(.hierarchyLevel, "finest", "章 chapter", .compareWithEdges, [column.name])
        }
        return losses
    }

    // MARK: What joins lead to

    /// What led to a column by joins must allow the same use.
    func steeringLosses(_ view: ColumnView, _ capability: Capability) -> [Loss] {
        steering.columns(over: view.source).compactMap { key in
            let steering = sources[key]
            let isGranted = capability == .filterEqual ? steering.column.isPickedFreely : steering.column.capabilities.contains(capability)
            if isGranted { return nil }
            return Loss(
                rule: .named(.joinSteers), span: view.span, arguments: [sources[view.source].name, steering.name, capability.label],
                column: steering, capability: capability, owner: steering.column.owner(ofMissing: capability), change: .grant,
                changeArguments: [steering.name, capability.label])
        }
    }
}

extension ColumnPolicy {
    /// Whether any choice of values may be picked, as a table that the column leads to can.
    fileprivate var isPickedFreely: Bool {
        capabilities.contains(.filterEqual) && restrictions.codes == nil
            || capabilities.contains(.filterRange) && restrictions.rangeWidth == nil && restrictions.rangeAlignment == nil
    }
}

extension ColumnView {
    fileprivate func isCoarse(as granularity: Granularity, _ type: LogicalType) -> Bool {
        switch shape {
        case .whole, .midnight: type == .date && granularity == .day
        case .truncated(let field): granularity.truncations.contains(field)
        case .extracted(let field): granularity.extracts.contains(field)
        case .prefix, .band: false
        }
    }

    fileprivate func isPrefix(_ limit: Int) -> Bool {
        if case .prefix(let length) = shape { length <= limit } else { false }
    }

    /// Bands towards zero are those of the policy where no value is below zero.
    fileprivate func isBand(of step: ParameterStep, _ column: ColumnPolicy) -> Bool {
        guard case .band(let band) = shape, let least = column.units(step) else { return false }
        if band.isTowardsZero, column.bounds.map({ $0.lower < 0 }) ?? true { return false }
        return band.width % least == 0
    }
}
