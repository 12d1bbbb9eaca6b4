// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension ExpressionBinder {
    /// A call with OVER becomes a column that is added to the rows.
    func window(_ call: SQLFunctionCall, at span: SourceSpan) throws(BindError) -> BoundExpression {
        if let clauseWithoutWindows { throw BindError(.windowNotAllowed, [clauseWithoutWindows], at: span) }
        guard let window = call.window, let added else { throw BindError(.windowNotAllowed, ["JOIN"], at: span) }
        var inner = self
        inner.clauseWithoutWindows = "OVER"
        guard let name = WindowName(rawValue: call.name.text) else {
            let names = WindowName.allCases.map(\.rawValue)
            let nearest = Suggestion.nearest(to: call.name.text, among: names)
            throw BindError(.unknownFunction, [call.name.text + " OVER", nearest], at: call.name.span)
        }
        if call.isDistinct || !call.withinGroup.isEmpty {
            throw BindError(.unsupported, [call.name.text.uppercased() + "(DISTINCT …) OVER"], at: span)
        }
        let (function, argument, type) = try inner.function(name, call, at: span)
        var partitions: [BoundExpression] = []
        for key in window.partitions { partitions.append(try inner.windowKey(key)) }
        var order: [SortKey] = []
        for item in window.order {
            order.append(
                SortKey(
                    expression: try inner.windowKey(item.expression), isDescending: item.isDescending,
                    nullsFirst: item.isNullsFirst ?? item.isDescending))
        }
        let frame = try window.frame.map { frame throws(BindError) in try inner.frame(frame, at: span) } ?? .standard
        return added.column(
            of: WindowCall(
                function: function, argument: argument, partitions: partitions, order: order,
                frame: function.hasFrame ? frame : .standard, type: type, span: span))
    }

    /// The names of window functions in SQL.
    private enum WindowName: String, CaseIterable {
        case rowNumber = "row_number"
        case rank = "rank"
        case denseRank = "dense_rank"
        case count = "count"
        case sum = "sum"
        case average = "avg"
        case minimum = "min"
        case maximum = "max"
    }

    /// Function, argument and type of a call.
    private func function(
        _ name: WindowName, _ call: SQLFunctionCall, at span: SourceSpan
    ) throws(BindError) -> (WindowFunction, BoundExpression?, LogicalType) {
        let wrong = BindError(.wrongArguments, [name.rawValue, name.rawValue + "(…) OVER (PARTITION BY … ORDER BY …)"], at: span)
        let filter = try call.filter.map { written throws(BindError) in try condition(written, clause: "FILTER") }
        let ranking: WindowFunction? =
            switch name {
            case .rowNumber: .rowNumber
            case .rank: .rank
            case .denseRank: .denseRank
            case .count, .sum, .average, .minimum, .maximum: nil
            }
        if let ranking {
            guard case .list(let arguments) = call.arguments, arguments.isEmpty, filter == nil else { throw wrong }
            return (ranking, nil, .int64)
        }
        let one = BoundExpression.constant(.int64(1), .int64, span)
        guard case .list(let arguments) = call.arguments else {
            guard name == .count else { throw wrong }
            return filter.map { (.count, .choosing(one, when: $0, otherwise: nil), .int64) } ?? (.countRows, nil, .int64)
        }
        guard arguments.count == 1 else { throw wrong }
        let written = try expression(arguments[0])
        let value = written.type == .null ? Coercion.converted(written, to: .text) : written
        func guarded(_ value: BoundExpression) -> BoundExpression { filter.map { .choosing(value, when: $0, otherwise: nil) } ?? value }
        switch name {
        case .sum, .average:
            let number = try number(value, for: name.rawValue)
            let type = name == .sum ? NumericTypes.sum(of: number.type) : NumericTypes.average(of: number.type)
            guard let type else { throw wrong }
            return (name == .sum ? .sum : .average, guarded(number), type)
        case .minimum, .maximum:
            if value.type == .bool {
                throw BindError(.typeMismatch, [name.rawValue, "int64, decimal, double, date, timestamp, text", "bool"], at: value.span)
            }
            var ordered = value
            if case .entity = value.type { ordered = Coercion.converted(value, to: .text) }
            return (name == .minimum ? .minimum : .maximum, guarded(ordered), ordered.type)
        case .count, .rowNumber, .rank, .denseRank:
            return (.count, guarded(value), .int64)
        }
    }

    /// A key of a partition or an order; a constant is one too, as in PostgreSQL.
    private func windowKey(_ written: SQLExpression) throws(BindError) -> BoundExpression {
        let key = try expression(written)
        return key.type == .null ? Coercion.converted(key, to: .text) : key
    }

    private func frame(_ frame: SQLFrame, at span: SourceSpan) throws(BindError) -> WindowFrame {
        let unit: WindowFrame.Unit = frame.unit == .rows ? .rows : .range
        return WindowFrame(unit: unit, start: try bound(frame.start, unit, at: span), end: try bound(frame.end, unit, at: span))
    }

    private func bound(
        _ bound: SQLFrameBound, _ unit: WindowFrame.Unit, at span: SourceSpan
    ) throws(BindError) -> WindowFrame.Bound {
        switch bound {
        case .unboundedPreceding: return .unboundedPreceding
        case .preceding(let distance): return .preceding(try rows(distance, unit))
        case .currentRow: return .currentRow
        case .following(let distance): return .following(try rows(distance, unit))
        case .unboundedFollowing: return .unboundedFollowing
        }
    }

    private func rows(_ distance: SQLExpression, _ unit: WindowFrame.Unit) throws(BindError) -> Int64 {
        guard unit == .rows else { throw BindError(.unsupported, ["RANGE … PRECEDING / FOLLOWING"], at: distance.span) }
        guard case .literal(.integer(let digits)) = distance.kind, let number = Int64(digits) else {
            throw BindError(.limitNotConstant, ["ROWS … PRECEDING / FOLLOWING"], at: distance.span)
        }
        return number
    }

    /// GROUPING(a, b): which of the keys the row's grouping set leaves out, as bits.
    func grouping(_ call: SQLFunctionCall, at span: SourceSpan) throws(BindError) -> BoundExpression {
        let wrong = BindError(.wrongArguments, ["GROUPING", "GROUPING(key, …)"], at: span)
        guard case .collected(let collector) = aggregates, let added, case .list(let arguments) = call.arguments,
            (1...31).contains(arguments.count), !call.isDistinct, call.filter == nil, call.withinGroup.isEmpty
        else { throw wrong }
        var keys: [Int] = []
        for argument in arguments {
            guard case .column(let key) = try expression(argument).kind, collector.keys.indices.contains(key) else { throw wrong }
            keys.append(key)
        }
        return added.column(ofGrouping: keys, at: span)
    }
}

extension WindowFunction {
    /// Whether the frame matters.
    fileprivate var hasFrame: Bool {
        switch self {
        case .rowNumber, .rank, .denseRank: false
        case .countRows, .count, .sum, .average, .minimum, .maximum: true
        }
    }
}
