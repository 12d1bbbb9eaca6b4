// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension ExactArithmetic {
    /// The result in 64 bits, where the operands' bounds prove that nothing can leave them; else nil.
    func narrow(_ one: ColumnVector, _ other: ColumnVector) -> ColumnVector? {
        guard type.narrowed != nil, let x = ValueBounds.known(one), let y = ValueBounds.known(other) else { return nil }
        if let step = NarrowStep(symbol, one, x, other, y, type, range) { return apply(step, one, x, other, y) }
        // What is said may be far from the values.
        let (closeX, closeY) = (ValueBounds.measured(one), ValueBounds.measured(other))
        guard let step = NarrowStep(symbol, one, closeX, other, closeY, type, range) else { return nil }
        return apply(step, one, closeX, other, closeY)
    }

    private func apply(
        _ step: NarrowStep, _ one: ColumnVector, _ x: ClosedRange<Int64>, _ other: ColumnVector, _ y: ClosedRange<Int64>
    ) -> ColumnVector {
        let count = one.count
        let a = UnsafePointer(one.int64), b = UnsafePointer(other.int64), out = buffer.int64
        var hasValidity = one.validity != nil || other.validity != nil
        if hasValidity { Validity.merge(one.validity, other.validity, into: buffer.validity, count) }
        switch step.kind {
        case .sum(let factorA, let factorB): NarrowLoops.sum(a, x.single, factorA, b, y.single, factorB, out, count)
        case .product(let factor): NarrowLoops.product(a, x.single, b, y.single, factor, out, count)
        case .quotient(let factor):
            if !hasValidity { buffer.validity.update(repeating: 1, count: count) }
            hasValidity = true
            NarrowLoops.quotient(a, factor, b, out, buffer.validity, count)
        }
        return buffer.narrowVector(count, hasValidity: hasValidity, bounds: step.bounds)
    }
}

/// How to compute an operation in 64 bits, and bounds of what comes out.
struct NarrowStep {
    enum Kind {
        /// x × factor + y × factor
        case sum(Int64, Int64)
        case product(factor: Int64)
        /// x × factor / y, halves away from zero.
        case quotient(factor: Int64)
    }

    let kind: Kind
    let bounds: ClosedRange<Int64>

    /// Nil where 64 bits are not proved to suffice on the way or the result not to fit its type.
    init?(
        _ symbol: ArithmeticOperator, _ one: ColumnVector, _ x: ClosedRange<Int64>, _ other: ColumnVector, _ y: ClosedRange<Int64>,
        _ type: LogicalType, _ range: ClosedRange<Int128>
    ) {
        let x = ValueBounds.wide(x), y = ValueBounds.wide(y)
        let scaleX = one.type.scale, scaleY = other.type.scale
        let narrow = ValueBounds.narrow
        switch symbol {
        case .add, .subtract:
            guard type.scale >= max(scaleX, scaleY), type.scale <= 18 else { return nil }
            let factorX = ExactMath.power(type.scale - scaleX), factorY = (symbol == .add ? 1 : -1) * ExactMath.power(type.scale - scaleY)
            guard let left = ValueBounds.product(x, factorX...factorX), let right = ValueBounds.product(y, factorY...factorY),
                ValueBounds.fitting(left, narrow) != nil, ValueBounds.fitting(right, narrow) != nil,
                let bounds = ValueBounds.fitting(left.lowerBound + right.lowerBound...left.upperBound + right.upperBound, range)
            else { return nil }
            kind = .sum(Int64(factorX), Int64(factorY))
            self.bounds = bounds
        case .multiply:
            let shift = type.scale - scaleX - scaleY
            guard shift >= 0, shift <= 18, let product = ValueBounds.product(x, y) else { return nil }
            let factor = ExactMath.power(shift)
            guard let scaled = ValueBounds.product(product, factor...factor), let bounds = ValueBounds.fitting(scaled, range)
            else { return nil }
            kind = .product(factor: Int64(factor))
            self.bounds = bounds
        case .divide:
            let shift = type.scale + scaleY - scaleX
            guard shift >= 0, shift <= 18 else { return nil }
            let factor = ExactMath.power(shift)
            guard let scaled = ValueBounds.product(x, factor...factor), ValueBounds.fitting(scaled, narrow) != nil else { return nil }
            let most = max(-scaled.lowerBound, scaled.upperBound)
            guard let bounds = ValueBounds.fitting(-most...most, range) else { return nil }
            kind = .quotient(factor: Int64(factor))
            self.bounds = bounds
        case .modulo: return nil
        }
    }
}

/// Loops without checks. What they do with the meaningless numbers at NULLs does not matter, but it must be defined.
enum NarrowLoops {
    /// A constant operand comes as its value too and is not read.
    static func sum(
        _ a: UnsafePointer<Int64>, _ constantA: Int64?, _ factorA: Int64, _ b: UnsafePointer<Int64>, _ constantB: Int64?, _ factorB: Int64,
        _ out: UnsafeMutablePointer<Int64>, _ count: Int
    ) {
        if let constantA {
            let base = constantA &* factorA
            if factorB == -1 {
                for row in 0..<count { out[row] = base &- b[row] }
            } else {
                for row in 0..<count { out[row] = base &+ b[row] &* factorB }
            }
        } else if let constantB {
            let base = constantB &* factorB
            if factorA == 1 {
                for row in 0..<count { out[row] = a[row] &+ base }
            } else {
                for row in 0..<count { out[row] = a[row] &* factorA &+ base }
            }
        } else if factorA == 1, factorB == 1 {
            for row in 0..<count { out[row] = a[row] &+ b[row] }
        } else if factorA == 1, factorB == -1 {
            for row in 0..<count { out[row] = a[row] &- b[row] }
        } else {
            for row in 0..<count { out[row] = a[row] &* factorA &+ b[row] &* factorB }
        }
    }

    static func product(
        _ a: UnsafePointer<Int64>, _ constantA: Int64?, _ b: UnsafePointer<Int64>, _ constantB: Int64?, _ factor: Int64,
        _ out: UnsafeMutablePointer<Int64>, _ count: Int
    ) {
        if let constantA {
            scale(b, by: constantA &* factor, out, count)
        } else if let constantB {
            scale(a, by: constantB &* factor, out, count)
        } else if factor == 1 {
            for row in 0..<count { out[row] = a[row] &* b[row] }
        } else {
            for row in 0..<count { out[row] = a[row] &* b[row] &* factor }
        }
    }

    static func scale(_ a: UnsafePointer<Int64>, by factor: Int64, _ out: UnsafeMutablePointer<Int64>, _ count: Int) {
        for row in 0..<count { out[row] = a[row] &* factor }
    }

    static func quotient(
        _ a: UnsafePointer<Int64>, _ factor: Int64, _ b: UnsafePointer<Int64>, _ out: UnsafeMutablePointer<Int64>,
        _ valid: UnsafeMutablePointer<UInt8>, _ count: Int
    ) {
        for row in 0..<count {
            let divisor = b[row]
            valid[row] &= divisor == 0 ? 0 : 1
            out[row] = rounded(a[row] &* factor, dividedBy: divisor == 0 ? 1 : divisor)
        }
    }

    /// Halves away from zero.
    @inline(__always)
    static func rounded(_ value: Int64, dividedBy divisor: Int64) -> Int64 {
        let quotient = value.dividedReportingOverflow(by: divisor).partialValue
        let rest = (value &- quotient &* divisor).magnitude
        guard rest >= divisor.magnitude &- rest else { return quotient }
        return (value < 0) != (divisor < 0) ? quotient &- 1 : quotient &+ 1
    }
}
