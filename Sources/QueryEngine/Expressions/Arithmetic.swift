// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// int64 with int64: NULL on overflow and by zero; the quotient truncates towards zero.
final class WholeArithmetic: VectorExpression {
    let type = LogicalType.int64
    private let symbol: ArithmeticOperator
    private let left: any VectorExpression
    private let right: any VectorExpression
    private let buffer: VectorBuffer

    init(
        _ symbol: ArithmeticOperator, _ left: any VectorExpression, _ right: any VectorExpression, arena: ConfidentialArena
    ) throws(EngineError) {
        self.symbol = symbol
        self.left = left
        self.right = right
        buffer = try VectorBuffer(.int64, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let one = try left.evaluate(batch)
        let other = try right.evaluate(batch)
        let count = batch.count
        if let bounds = unchecked(one, other) {
            let hasValidity = one.validity != nil || other.validity != nil
            if hasValidity { Validity.merge(one.validity, other.validity, into: buffer.validity, count) }
            return buffer.vector(count, hasValidity: hasValidity, bounds: bounds)
        }
        let a = one.int64, b = other.int64, out = buffer.int64, valid = buffer.validity
        Validity.merge(one.validity, other.validity, into: valid, count)
        switch symbol {
        case .add:
            for row in 0..<count {
                let (value, overflow) = a[row].addingReportingOverflow(b[row])
                out[row] = value
                valid[row] &= overflow ? 0 : 1
            }
        case .subtract:
            for row in 0..<count {
                let (value, overflow) = a[row].subtractingReportingOverflow(b[row])
                out[row] = value
                valid[row] &= overflow ? 0 : 1
            }
        case .multiply:
            for row in 0..<count {
                let (value, overflow) = a[row].multipliedReportingOverflow(by: b[row])
                out[row] = value
                valid[row] &= overflow ? 0 : 1
            }
        case .divide:
            for row in 0..<count {
                let (value, overflow) = a[row].dividedReportingOverflow(by: b[row])
                out[row] = value
                valid[row] &= overflow ? 0 : 1
            }
        case .modulo:
            for row in 0..<count {
                // The remainder by -1 is 0, also for the least number.
                let divisor = b[row] == -1 ? 1 : b[row]
                let (value, overflow) = a[row].remainderReportingOverflow(dividingBy: divisor)
                out[row] = value
                valid[row] &= overflow ? 0 : 1
            }
        }
        return buffer.vector(count, hasValidity: true)
    }

    /// Computes without checks, where known bounds prove that nothing overflows; the bounds of what comes out.
    private func unchecked(_ one: ColumnVector, _ other: ColumnVector) -> ClosedRange<Int64>? {
        guard let x = one.bounds, let y = other.bounds,
            let step = NarrowStep(symbol, one, x, other, y, type, ExactMath.range(of: type))
        else { return nil }
        let a = UnsafePointer(one.int64), b = UnsafePointer(other.int64)
        switch step.kind {
        case .sum(let factorA, let factorB):
            NarrowLoops.sum(a, x.single, factorA, b, y.single, factorB, buffer.int64, one.count)
        case .product(let factor): NarrowLoops.product(a, x.single, b, y.single, factor, buffer.int64, one.count)
        // Quotients of whole numbers are not rounded.
        case .quotient: return nil
        }
        return step.bounds
    }
}

/// Exact numbers of any scale, in 64 bits where bounds prove that these suffice, else in Int128; what does not fit the result type is NULL.
final class ExactArithmetic: VectorExpression {
    let type: LogicalType
    let symbol: ArithmeticOperator
    let buffer: VectorBuffer
    let range: ClosedRange<Int128>
    private let left: WideOperand
    private let right: WideOperand

    init(
        _ symbol: ArithmeticOperator, _ left: any VectorExpression, _ right: any VectorExpression, type: LogicalType,
        arena: ConfidentialArena
    ) throws(EngineError) {
        guard left.type.isExactNumeric, right.type.isExactNumeric else { throw EngineError(.malformedPlan, ["arithmetic"]) }
        self.type = type
        self.symbol = symbol
        self.left = try WideOperand(left, arena: arena)
        self.right = try WideOperand(right, arena: arena)
        buffer = try VectorBuffer(type, arena: arena)
        range = ExactMath.range(of: type)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector { buffer.widened(try evaluateNarrow(batch)) }

    func evaluateNarrow(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let x = try left.expression.evaluateNarrow(batch), y = try right.expression.evaluateNarrow(batch)
        if let narrow = narrow(x, y) { return narrow }
        let one = try left.widen(x), other = try right.widen(y)
        let count = batch.count
        Validity.merge(one.validity, other.validity, into: buffer.validity, count)
        switch symbol {
        case .add, .subtract: addAll(one.values, other.values, count, sign: symbol == .add ? 1 : -1)
        case .multiply: multiplyAll(one.values, other.values, count)
        case .divide: divideAll(one.values, other.values, count)
        case .modulo: moduloAll(one.values, other.values, count)
        }
        return buffer.vector(count, hasValidity: true)
    }

    private func addAll(_ a: UnsafePointer<Int128>, _ b: UnsafePointer<Int128>, _ count: Int, sign: Int128) {
        let scale = max(left.scale, right.scale)
        let factorA = ExactMath.power(scale - left.scale), factorB = ExactMath.power(scale - right.scale)
        let up = ExactMath.power(type.scale - scale), down = ExactMath.power(scale - type.scale)
        for row in 0..<count {
            let (x, overflowX) = a[row].multipliedReportingOverflow(by: factorA)
            let (y, overflowY) = b[row].multipliedReportingOverflow(by: factorB)
            let sum = overflowX || overflowY ? nil : ExactMath.add(x, sign * y)
            store(sum.flatMap { ExactMath.rescale($0, times: up, dividedBy: down) }, row)
        }
    }

    private func multiplyAll(_ a: UnsafePointer<Int128>, _ b: UnsafePointer<Int128>, _ count: Int) {
        let shift = left.scale + right.scale - type.scale
        let divisor = UInt128(ExactMath.power(shift))
        let factor = ExactMath.power(-shift)
        for row in 0..<count {
            let product = ExactMath.multiply(a[row], b[row], dividedBy: divisor)
            store(product.flatMap { ExactMath.rescale($0, times: factor, dividedBy: 1) }, row)
        }
    }

    private func divideAll(_ a: UnsafePointer<Int128>, _ b: UnsafePointer<Int128>, _ count: Int) {
        let shift = type.scale + right.scale - left.scale
        for row in 0..<count { store(ExactMath.divide(a[row], b[row], shift: shift), row) }
    }

    private func moduloAll(_ a: UnsafePointer<Int128>, _ b: UnsafePointer<Int128>, _ count: Int) {
        let scale = max(left.scale, right.scale)
        let factorA = ExactMath.power(scale - left.scale), factorB = ExactMath.power(scale - right.scale)
        let up = ExactMath.power(type.scale - scale), down = ExactMath.power(scale - type.scale)
        for row in 0..<count {
            let (x, overflowX) = a[row].multipliedReportingOverflow(by: factorA)
            let (y, overflowY) = b[row].multipliedReportingOverflow(by: factorB)
            let rest = overflowX || overflowY || y == 0 ? nil : x % (y == -1 ? 1 : y)
            store(rest.flatMap { ExactMath.rescale($0, times: up, dividedBy: down) }, row)
        }
    }

    @inline(__always)
    private func store(_ value: Int128?, _ row: Int) {
        guard let value, range.contains(value) else {
            buffer.validity[row] = 0
            return
        }
        if type.physical == .int128 { buffer.int128[row] = value } else { buffer.int64[row] = Int64(truncatingIfNeeded: value) }
    }
}

/// An exact operand, widened.
final class WideOperand {
    let scale: Int
    let expression: any VectorExpression
    private var buffer: UnsafeMutablePointer<Int128>?
    private let arena: ConfidentialArena

    init(_ expression: any VectorExpression, arena: ConfidentialArena) throws(EngineError) {
        self.expression = expression
        self.arena = arena
        scale = expression.type.scale
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> (values: UnsafePointer<Int128>, validity: UnsafeMutablePointer<UInt8>?) {
        try widen(try expression.evaluateNarrow(batch))
    }

    func widen(_ vector: ColumnVector) throws(EngineError) -> (values: UnsafePointer<Int128>, validity: UnsafeMutablePointer<UInt8>?) {
        if vector.type.physical == .int128 { return (UnsafePointer(vector.int128), vector.validity) }
        let target: UnsafeMutablePointer<Int128>
        if let buffer { target = buffer } else { target = try arena.take(Int128.self, EngineLimits.batchRows) }
        buffer = target
        let source = vector.int64
        for row in 0..<vector.count { target[row] = Int128(source[row]) }
        return (UnsafePointer(target), vector.validity)
    }
}

/// Floating arithmetic: NULL by zero and wherever the result is not finite.
final class DoubleArithmetic: VectorExpression {
    let type = LogicalType.double
    private let symbol: ArithmeticOperator
    private let left: any VectorExpression
    private let right: any VectorExpression
    private let buffer: VectorBuffer

    init(
        _ symbol: ArithmeticOperator, _ left: any VectorExpression, _ right: any VectorExpression, arena: ConfidentialArena
    ) throws(EngineError) {
        self.symbol = symbol
        self.left = left
        self.right = right
        buffer = try VectorBuffer(.double, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let one = try left.evaluate(batch)
        let other = try right.evaluate(batch)
        let count = batch.count
        let a = one.double, b = other.double, out = buffer.double, valid = buffer.validity
        Validity.merge(one.validity, other.validity, into: valid, count)
        switch symbol {
        case .add: for row in 0..<count { out[row] = a[row] + b[row] }
        case .subtract: for row in 0..<count { out[row] = a[row] - b[row] }
        case .multiply: for row in 0..<count { out[row] = a[row] * b[row] }
        case .divide: for row in 0..<count { out[row] = a[row] / b[row] }
        case .modulo: for row in 0..<count { out[row] = a[row].truncatingRemainder(dividingBy: b[row]) }
        }
        for row in 0..<count { valid[row] &= out[row].isFinite ? 1 : 0 }
        return buffer.vector(count, hasValidity: true)
    }
}
