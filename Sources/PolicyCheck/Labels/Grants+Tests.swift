// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

extension Grants {
    /// The label of a test of one view: nothing is lost when it may steer.
    func label(of test: Test, on view: ColumnView, _ domains: [String: ParameterDomain]) -> Label {
        let column = sources[view.source].column
        if test.isInKey, test.isOrdering, isWithinGroups(test, view, domains) { return .constant }
        let own: Label
        switch view.shape {
        case .whole, .midnight: own = test.isOrdering ? range(test, view, domains) : equality(test, view, domains)
        case .prefix: own = test.isOrdering ? prefixRange(view) : equality(test, view, domains)
        case .truncated, .extracted, .band:
            let needed: Capability = column.capabilities.contains(.filterEqual) ? .filterEqual : .filterRange
            guard column.capabilities.contains(needed) else { return Label(losses: [missing(needed, of: view)]) }
            own = Label(losses: shapeLosses(view) + freedomLosses(view))
        }
        guard own.losses.allSatisfy({ $0.capability == nil }) else { return own }
        return own.intersection(Label(losses: steeringLosses(view, .filterEqual)))
    }

    // MARK: Equality

    private func equality(_ test: Test, _ view: ColumnView, _ domains: [String: ParameterDomain]) -> Label {
        let column = sources[view.source].column
        let shape = shapeLosses(view)
        guard column.capabilities.contains(.filterEqual) else {
            // A range by periods is granted: what is missing is not a grant but the period.
            let isOfRange = column.capabilities.contains(.filterRange) && (view.shape == .whole || view.shape == .midnight)
            return Label(losses: isOfRange && !shape.isEmpty ? shape : [missing(.filterEqual, of: view)])
        }
        guard let listed = column.listedCodes.map({ ListedCodes($0, column.type) }) else { return Label(losses: shape) }
        let isListed = test.constants.allSatisfy { constant in
            Self.values(of: constant, domains)?.allSatisfy { $0 == .null || listed.contains($0) } ?? false
        }
        let place = test.constants.first.map { $0.span.length > 0 ? $0.span : view.span } ?? view.span
        return Label(losses: shape + (isListed ? [] : [unlisted(view, place)]))
    }

    /// A code that may not be picked.
    func unlisted(_ view: ColumnView, _ span: SourceSpan) -> Loss {
        let source = sources[view.source]
        return Loss(
            rule: .named(.codeNotListed), span: span, arguments: [source.name], column: source, owner: source.column.owners["filter_codes"],
            change: .useListedCode, changeArguments: [source.name])
    }

    /// Every value of a constant; nil where they are not known before it runs.
    private static func values(of constant: BoundExpression, _ domains: [String: ParameterDomain]) -> [Literal]? {
        switch constant.kind {
        case .literal(let literal): [literal]
        case .parameter(let name): domains[name]?.instances()
        case .cast(let operand): operand.type.isHeld(by: constant.type) ? values(of: operand, domains) : nil
        case .column, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .function: nil
        }
    }

    /// A coarser view is tested by capabilities that are restrained: what it picks is no listed code, and its edges are not known.
    private func freedomLosses(_ view: ColumnView) -> [Loss] {
        let source = sources[view.source]
        let restrictions = source.column.restrictions
        if source.column.capabilities.contains(.filterEqual), restrictions.codes == nil { return [] }
        if source.column.capabilities.contains(.filterRange) {
            if let step = restrictions.rangeAlignment { return [unaligned(view, view.span, step, "range_alignment")] }
            if let width = restrictions.rangeWidth { return [tooNear(source, view.span, width)] }
            return []
        }
        return [unlisted(view, view.span)]
    }

    // MARK: Ranges

    private func range(_ test: Test, _ view: ColumnView, _ domains: [String: ParameterDomain]) -> Label {
        let column = sources[view.source].column
        guard column.capabilities.contains(.filterRange) else { return Label(losses: [missing(.filterRange, of: view)]) }
        let restrictions = column.restrictions
        guard column.granularity != nil || restrictions.band != nil || restrictions.rangeAlignment != nil || restrictions.rangeWidth != nil
        else { return .constant }
        var losses: [Loss] = []
        var cuts: [RangeCut] = []
        for constant in test.constants {
            let places = places(of: constant, test, view, domains)
            losses += alignmentLosses(places, constant, view)
            guard let width = restrictions.rangeWidth else { continue }
            switch places {
            case .known(let known):
                let isBelow = test.symbol == .greaterOrEqual || test.symbol == .less
                let text = (isBelow ? "below " : "above ") + constant.canonicalText
                cuts.append(RangeCut(source: view.source, span: constant.span, places: known, text: text))
            case .starts, .between: losses.append(tooNear(sources[view.source], constant.span, width))
            case .withoutDomain(let name):
                if losses.isEmpty { losses.append(withoutDomain(name, constant, view, "range_width", width.text)) }
            }
        }
        return Label(losses: losses, cuts: cuts)
    }

    /// Of a parameter they are found once: a domain may be long.
    private func places(of constant: BoundExpression, _ test: Test, _ view: ColumnView, _ domains: [String: ParameterDomain]) -> RangePlaces {
        func found() -> RangePlaces {
            RangePlaces.of(constant, test.symbol, sources[view.source].column.type, isMidnight: view.shape == .midnight, domains)
        }
        guard let parameter = constant.parameterName else { return found() }
        let key = "\(view.source) \(view.shape == .midnight) \(test.symbol.rawValue) \(parameter)"
        if let known = known.places[key] { return known }
        let places = found()
        known.places[key] = places
        return places
    }

    private func alignmentLosses(_ places: RangePlaces, _ constant: BoundExpression, _ view: ColumnView) -> [Loss] {
        let column = sources[view.source].column
        var losses: [Loss] = []
        if let granularity = column.granularity, !places.areMultiples(of: granularity.step, column) {
            losses.append(unaligned(places, constant, view, granularity))
        }
        if case .withoutDomain = places, !losses.isEmpty { return losses }
        for (line, step) in [("band", column.restrictions.band), ("range_alignment", column.restrictions.rangeAlignment)] {
            guard let step, !places.areMultiples(of: step, column) else { continue }
            if case .withoutDomain(let name) = places {
                losses.append(withoutDomain(name, constant, view, line, step.text))
            } else {
                losses.append(unaligned(view, constant.span, step, line))
            }
        }
        return losses
    }

    private func unaligned(_ places: RangePlaces, _ constant: BoundExpression, _ view: ColumnView, _ granularity: Granularity) -> Loss {
        let source = sources[view.source]
        let names = [source.name, granularity.label]
        if case .withoutDomain(let name) = places { return withoutDomain(name, constant, view, "granularity", granularity.label) }
        let parameter = constant.parameterName
        return Loss(
            rule: .named(parameter == nil ? .unalignedLiteral : .unalignedParameter), span: constant.span,
            arguments: [parameter].compactMap(\.self) + names, column: source, owner: source.column.owners["granularity"],
            change: parameter == nil ? .align : .alignParameter, changeArguments: parameter.map { [$0, granularity.label] } ?? names)
    }

    private func withoutDomain(_ name: String, _ constant: BoundExpression, _ view: ColumnView, _ line: String, _ step: String) -> Loss {
        let source = sources[view.source]
        return Loss(
            rule: .named(.parameterWithoutDomain), span: constant.span, arguments: [name, source.name], column: source,
            owner: source.column.owners[line], change: .alignParameter, changeArguments: [name, step])
    }

    /// An edge that is no multiple.
    private func unaligned(_ view: ColumnView, _ span: SourceSpan, _ step: ParameterStep, _ line: String) -> Loss {
        let source = sources[view.source]
        return Loss(
            rule: .named(.rangeAlignment), span: span, arguments: [source.name, step.text], column: source, owner: source.column.owners[line],
            change: .alignEdges, changeArguments: [source.name, step.text])
    }

    /// Edges that are too near.
    func tooNear(_ source: SourceColumn, _ span: SourceSpan, _ width: ParameterStep) -> Loss {
        Loss(
            rule: .named(.rangeWidth), span: span, arguments: [source.name, width.text], column: source, owner: source.column.owners["range_width"],
            change: .widenRange, changeArguments: [source.name, width.text])
    }

    private func prefixRange(_ view: ColumnView) -> Label {
        guard sources[view.source].column.capabilities.contains(.filterRange) else { return Label(losses: [missing(.filterRange, of: view)]) }
        return Label(losses: shapeLosses(view))
    }

    // MARK: Branches of keys

    /// Whether a test puts whole groups of the column to one side: then it tells less than the groups that the column may head.
    private func isWithinGroups(_ test: Test, _ view: ColumnView, _ domains: [String: ParameterDomain]) -> Bool {
        let column = sources[view.source].column
        guard column.capabilities.contains(.group), steeringLosses(view, .group).isEmpty else { return false }
        if column.restrictions.isByChapter == true { return isBetweenChapters(test, view, domains) }
        guard view.shape == .whole || view.shape == .midnight, column.type != .text else { return shapeLosses(view).isEmpty }
        return test.constants.allSatisfy { constant in
            let places = places(of: constant, test, view, domains)
            let steps = [column.granularity?.step, column.restrictions.band].compactMap(\.self)
            return steps.allSatisfy { places.areMultiples(of: $0, column) }
        }
    }

    private func isBetweenChapters(_ test: Test, _ view: ColumnView, _ domains: [String: ParameterDomain]) -> Bool {
        guard view.shape == .prefix(3), (sources[view.source].column.prefix ?? 3) >= 3 else { return false }
        return test.constants.allSatisfy { constant in
            Self.values(of: constant, domains)?.allSatisfy { ChapterEdges.isEdge($0, test.symbol) } ?? false
        }
    }
}

extension BoundExpression {
    /// The parameter that it is, perhaps as a wider type.
    fileprivate var parameterName: String? {
        switch kind {
        case .parameter(let name): name
        case .cast(let operand): operand.parameterName
        case .column, .literal, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .function: nil
        }
    }
}
