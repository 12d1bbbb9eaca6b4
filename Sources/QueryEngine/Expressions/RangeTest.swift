// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// x between two constants (BETWEEN, or two comparisons that are joined by AND), with one comparison where both have 64 bits.
final class RangeTest: VectorExpression {
    let type = LogicalType.bool
    private let operand: any VectorExpression
    private let low: any VectorExpression
    private let high: any VectorExpression
    private let isLowOpen: Bool
    private let isHighOpen: Bool
    private let whole: any VectorExpression
    private let buffer: VectorBuffer

    /// `isLowOpen`: greater than instead of at least, `isHighOpen` likewise; `whole`: the same as a conjunction of comparisons.
    init(
        _ operand: any VectorExpression, low: any VectorExpression, isLowOpen: Bool, high: any VectorExpression, isHighOpen: Bool,
        whole: any VectorExpression, arena: ConfidentialArena
    ) throws(EngineError) {
        self.operand = operand
        self.low = low
        self.high = high
        self.isLowOpen = isLowOpen
        self.isHighOpen = isHighOpen
        self.whole = whole
        buffer = try VectorBuffer(.bool, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let from = try low.evaluateNarrow(batch), to = try high.evaluateNarrow(batch)
        guard from.validity == nil, to.validity == nil, let least = from.bounds?.single, let most = to.bounds?.single,
            from.type.physical == .int64, to.type.physical == .int64
        else { return try whole.evaluate(batch) }
        let vector = try operand.evaluateNarrow(batch)
        guard vector.type.physical == .int64 else { return try whole.evaluate(batch) }
        let count = batch.count
        if let range = closed(least, most) {
            ComparisonLoops.within(range, vector.int64, ValueBounds.known(vector), buffer.bool, count)
        } else {
            buffer.bool.update(repeating: 0, count: count)
        }
        if let validity = vector.validity { buffer.validity.update(from: validity, count: count) }
        return buffer.vector(count, hasValidity: vector.validity != nil)
    }

    /// Nil when nothing lies within.
    private func closed(_ least: Int64, _ most: Int64) -> ClosedRange<Int64>? {
        let (low, isBeyond) = least.addingReportingOverflow(isLowOpen ? 1 : 0)
        let (high, isBelow) = most.subtractingReportingOverflow(isHighOpen ? 1 : 0)
        return isBeyond || isBelow || low > high ? nil : low...high
    }
}

extension ExpressionCompiler {
    /// Operands of AND, with pairs of bounds of one expression put together.
    func conjunction(_ operands: [BoundExpression]) throws(EngineError) -> any VectorExpression {
        var flat: [BoundExpression] = []
        for operand in operands {
            if case .and(let inner) = operand.kind { flat += inner } else { flat.append(operand) }
        }
        var tests: [any VectorExpression] = []
        var isUsed = [Bool](repeating: false, count: flat.count)
        for position in flat.indices where !isUsed[position] {
            isUsed[position] = true
            if let bound = Bound(flat[position]),
                let place = flat.indices.first(where: { !isUsed[$0] && Bound(flat[$0]).map(bound.isOpposite) ?? false }),
                let other = Bound(flat[place])
            {
                isUsed[place] = true
                tests.append(try range(bound.isLow ? bound : other, bound.isLow ? other : bound, [flat[position], flat[place]]))
            } else {
                tests.append(try compile(flat[position]))
            }
        }
        return tests.count == 1 ? tests[0] : try LogicExpression(isAnd: true, tests, arena: arena)
    }

    private func range(_ low: Bound, _ high: Bound, _ pair: [BoundExpression]) throws(EngineError) -> any VectorExpression {
        let whole = try LogicExpression(isAnd: true, try compile(pair), arena: arena)
        let common = comparisonType(low.operand.type, low.constant.type)
        return try RangeTest(
            try fit(try compile(low.operand), to: common), low: try fit(try compile(low.constant), to: common), isLowOpen: low.isOpen,
            high: try fit(try compile(high.constant), to: common), isHighOpen: high.isOpen, whole: whole, arena: arena)
    }

    /// One side of a range: an expression compared with a constant.
    private struct Bound {
        let operand: BoundExpression
        let constant: BoundExpression
        let isLow: Bool
        let isOpen: Bool

        init?(_ expression: BoundExpression) {
            guard case .comparison(let symbol, let left, let right) = expression.kind else { return nil }
            let isMirrored = Self.isConstant(left)
            guard isMirrored != Self.isConstant(right) else { return nil }
            operand = isMirrored ? right : left
            constant = isMirrored ? left : right
            for type in [operand.type, constant.type] {
                switch type {
                case .int64, .decimal, .date, .timestamp: continue
                case .bool, .double, .text, .entity, .null: return nil
                }
            }
            guard operand.type == constant.type || (operand.type.isExactNumeric && constant.type.isExactNumeric) else { return nil }
            switch isMirrored ? symbol.mirrored : symbol {
            case .greater: (isLow, isOpen) = (true, true)
            case .greaterOrEqual: (isLow, isOpen) = (true, false)
            case .less: (isLow, isOpen) = (false, true)
            case .lessOrEqual: (isLow, isOpen) = (false, false)
            case .equal, .notEqual: return nil
            }
        }

        private static func isConstant(_ expression: BoundExpression) -> Bool {
            switch expression.kind {
            case .literal(let literal): literal != .null
            case .parameter: true
            case .column, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .cast, .function: false
            }
        }

        func isOpposite(_ other: Bound) -> Bool {
            isLow != other.isLow && constant.type == other.constant.type && operand.type == other.operand.type
                && operand.canonicalText == other.operand.canonicalText
        }
    }
}
