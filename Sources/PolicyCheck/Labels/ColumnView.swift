// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// A column of a table as an expression sees it: whole, or coarser.
struct ColumnView {
    /// Position among the sources.
    let source: Int
    let shape: Shape
    let span: SourceSpan

    enum Shape: Hashable {
        case whole
        /// A date compared as a timestamp: its midnight.
        case midnight
        /// `date_trunc(field, column)`.
        case truncated(String)
        /// `EXTRACT(field FROM column)`.
        case extracted(String)
        /// The first characters.
        case prefix(Int)
        /// A function of whole bands of a number.
        case band(NumberBand)
    }

    init(source: Int, shape: Shape, span: SourceSpan) {
        self.source = source
        self.shape = shape
        self.span = span
    }

    /// Nil for everything that is no column and no coarser view of one.
    init?(_ expression: BoundExpression) {
        guard let (source, shape) = Self.view(expression) else { return nil }
        self.init(source: source, shape: shape, span: expression.span)
    }

    private static func view(_ expression: BoundExpression) -> (source: Int, shape: Shape)? {
        switch expression.kind {
        case .column(let source): return (source, .whole)
        case .cast(let operand):
            if case .column(let source) = operand.kind, let shape = castShape(from: operand.type, to: expression.type) { return (source, shape) }
            return band(expression)
        case .function(let function, let arguments): return view(function, arguments) ?? band(expression)
        case .arithmetic, .negate: return band(expression)
        case .literal, .parameter, .not, .isNull, .comparison, .and, .or, .inList, .caseWhen: return nil
        }
    }

    private static func view(_ function: ScalarFunction, _ arguments: [BoundExpression]) -> (source: Int, shape: Shape)? {
        switch function {
        case .dateTrunc, .extract:
            guard arguments.count == 2, case .literal(.text(let field)) = arguments[0].kind, let inner = ColumnView(arguments[1]),
                inner.shape == .whole || inner.shape == .midnight
            else { return nil }
            return (inner.source, function == .extract ? .extracted(field) : .truncated(field))
        case .substring:
            guard arguments.count == 3, case .column(let source) = arguments[0].kind, case .literal(.int64(1)) = arguments[1].kind,
                case .literal(.int64(let length)) = arguments[2].kind, length >= 1
            else { return nil }
            return (source, .prefix(Int(clamping: length)))
        case .coalesce, .nullIf, .greatest, .least, .isDistinct, .addDays, .daysBetween, .addInterval, .makeDate, .absolute, .round, .truncate,
            .floor, .ceiling, .sign, .power, .squareRoot, .exponential, .logarithm, .left, .right, .lower, .upper, .trimBoth, .trimLeft,
            .trimRight, .length, .concat, .concatenate, .position, .replace, .padLeft, .padRight, .startsWith, .reverse, .like, .likeInsensitive:
            return nil
        }
    }

    private static func band(_ expression: BoundExpression) -> (source: Int, shape: Shape)? {
        NumberBand.seen(by: expression).map { ($0.source, .band($0.band)) }
    }

    /// Casts that keep the value, or are a coarser view of it.
    private static func castShape(from source: LogicalType, to target: LogicalType) -> Shape? {
        switch (source, target) {
        case (.date, .timestamp): .midnight
        case (.timestamp, .date): .truncated("day")
        case (.entity, .text): .whole
        case (.int64, .decimal), (.decimal, .decimal): source.isHeld(by: target) ? .whole : nil
        case (.bool, _), (.int64, _), (.decimal, _), (.double, _), (.date, _), (.timestamp, _), (.text, _), (.entity, _), (.null, _): nil
        }
    }
}

extension LogicalType {
    /// Whether every exact number of this type is one of the other.
    func isHeld(by other: LogicalType) -> Bool {
        switch (self, other) {
        case (.int64, .int64): true
        case (.int64, .decimal(let precision, let scale)): precision - scale >= 19
        case (.decimal(let precision, let scale), .decimal(let newPrecision, let newScale)):
            newScale >= scale && newPrecision - newScale >= precision - scale
        case (.bool, _), (.int64, _), (.decimal, _), (.double, _), (.date, _), (.timestamp, _), (.text, _), (.entity, _), (.null, _): false
        }
    }
}
