// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// The few forms in which a protected column may stand in keys and conditions: itself, or a coarser view of it.
struct Atom {
    let source: Int
    let shape: Shape

    enum Shape: Equatable {
        case whole
        /// A date compared as a timestamp: its midnight.
        case midnight
        /// `date_trunc(field, column)`.
        case truncated(String)
        /// `EXTRACT(field FROM column)`.
        case extracted(String)
        /// The first characters.
        case prefix(Int)
    }

    /// Nil for every other form.
    init?(_ expression: BoundExpression) {
        switch expression.kind {
        case .column(let source): self.init(source: source, shape: .whole)
        case .cast(let operand):
            guard case .column(let source) = operand.kind, let shape = Self.castShape(from: operand.type, to: expression.type) else { return nil }
            self.init(source: source, shape: shape)
        case .function(let function, let arguments): self.init(function, arguments)
        case .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen: return nil
        }
    }

    private init(source: Int, shape: Shape) {
        self.source = source
        self.shape = shape
    }

    private init?(_ function: ScalarFunction, _ arguments: [BoundExpression]) {
        switch function {
        case .dateTrunc, .extract:
            guard arguments.count == 2, case .literal(.text(let field)) = arguments[0].kind, let inner = Atom(arguments[1]),
                inner.shape == .whole || inner.shape == .midnight
            else { return nil }
            self.init(source: inner.source, shape: function == .extract ? .extracted(field) : .truncated(field))
        case .substring:
            guard arguments.count == 3, case .column(let source) = arguments[0].kind, case .literal(.int64(1)) = arguments[1].kind,
                case .literal(.int64(let length)) = arguments[2].kind, length >= 1
            else { return nil }
            self.init(source: source, shape: .prefix(Int(clamping: length)))
        case .coalesce, .nullIf, .greatest, .least, .isDistinct, .addDays, .daysBetween, .addInterval, .makeDate, .absolute, .round, .truncate,
            .floor, .ceiling, .sign, .power, .squareRoot, .exponential, .logarithm, .left, .right, .lower, .upper, .trimBoth, .trimLeft,
            .trimRight, .length, .concat, .concatenate, .position, .replace, .padLeft, .padRight, .startsWith, .reverse, .like, .likeInsensitive:
            return nil
        }
    }

    /// Casts that keep the value, or are a coarser view of it.
    private static func castShape(from source: LogicalType, to target: LogicalType) -> Shape? {
        switch (source, target) {
        case (.date, .timestamp): .midnight
        case (.timestamp, .date): .truncated("day")
        case (.entity, .text): .whole
        case (.int64, .decimal(let precision, let scale)): precision - scale >= 19 ? .whole : nil
        case (.decimal(let precision, let scale), .decimal(let newPrecision, let newScale)):
            newScale >= scale && newPrecision - newScale >= precision - scale ? .whole : nil
        case (.bool, _), (.int64, _), (.decimal, _), (.double, _), (.date, _), (.timestamp, _), (.text, _), (.entity, _), (.null, _): nil
        }
    }
}
