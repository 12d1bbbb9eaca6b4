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
}

/// Exact numbers of any scale, in Int128; what does not fit the result type is NULL.
final class ExactArithmetic: VectorExpression {
    let type: LogicalType
    private let symbol: ArithmeticOperator
    private let left: WideOperand
    private let right: WideOperand
    private let buffer: VectorBuffer
    private let range: ClosedRange<Int128>

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

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let one = try left.evaluate(batch)
        let other = try right.evaluate(batch)
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
    private let expression: any VectorExpression
    private let buffer: UnsafeMutablePointer<Int128>

    init(_ expression: any VectorExpression, arena: ConfidentialArena) throws(EngineError) {
        self.expression = expression
        scale = expression.type.scale
        buffer = try arena.take(Int128.self, expression.type.physical == .int128 ? 1 : EngineLimits.batchRows)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> (values: UnsafePointer<Int128>, validity: UnsafeMutablePointer<UInt8>?) {
        let vector = try expression.evaluate(batch)
        if vector.type.physical == .int128 { return (UnsafePointer(vector.int128), vector.validity) }
        let source = vector.int64
        for row in 0..<batch.count { buffer[row] = Int128(source[row]) }
        return (UnsafePointer(buffer), vector.validity)
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
