// SPDX-License-Identifier: Apache-2.0

import Glibc
import QueryPlan
import Tabular

/// abs, round, trunc, floor, ceil, sign of exact numbers, moved to the scale of the result type.
final class ExactFunction: VectorExpression {
    let type: LogicalType
    private let function: ScalarFunction
    private let operand: WideOperand
    private let digits: (any VectorExpression)?
    private let buffer: VectorBuffer
    private let range: ClosedRange<Int128>

    init(
        _ function: ScalarFunction, _ operand: any VectorExpression, digits: (any VectorExpression)?, type: LogicalType,
        arena: ConfidentialArena
    ) throws(EngineError) {
        self.type = type
        self.function = function
        self.operand = try WideOperand(operand, arena: arena)
        if let digits, digits.type != .int64 { throw EngineError(.malformedPlan, [function.rawValue]) }
        self.digits = digits
        buffer = try VectorBuffer(type, arena: arena)
        range = ExactMath.range(of: type)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let (values, validity) = try operand.evaluate(batch)
        let places = try digits?.evaluate(batch)
        Validity.merge(validity, places?.validity, into: buffer.validity, batch.count)
        let scale = operand.scale
        let unit = ExactMath.power(scale)
        let up = ExactMath.power(type.scale - scale), down = ExactMath.power(scale - type.scale)
        for row in 0..<batch.count where buffer.validity[row] != 0 {
            let value = apply(values[row], scale: scale, unit: unit, digits: places?.int64[row] ?? 0)
            guard let result = value.flatMap({ ExactMath.rescale($0, times: up, dividedBy: down) }), range.contains(result) else {
                buffer.validity[row] = 0
                continue
            }
            if type.physical == .int128 { buffer.int128[row] = result } else { buffer.int64[row] = Int64(truncatingIfNeeded: result) }
        }
        return buffer.vector(batch.count, hasValidity: true)
    }

    private func apply(_ value: Int128, scale: Int, unit: Int128, digits: Int64) -> Int128? {
        switch function {
        case .absolute: value == .min ? nil : abs(value)
        case .round: ExactMath.round(value, scale: scale, digits: digits)
        case .truncate: Self.truncate(value, scale: scale, digits: digits)
        case .floor: ExactMath.floor(value, step: unit)
        case .ceiling: ExactMath.ceiling(value, step: unit)
        case .sign: value.signum() * unit
        default: nil
        }
    }

    private static func truncate(_ value: Int128, scale: Int, digits: Int64) -> Int128 {
        if digits >= Int64(scale) { return value }
        let drop = Int64(scale) - max(digits, -80)
        return drop > 38 ? 0 : value - value % ExactMath.power(Int(drop))
    }
}

/// Functions of doubles; NULL outside their domain and where the result is not finite.
final class RealFunction: VectorExpression {
    let type = LogicalType.double
    private let function: ScalarFunction
    private let operands: [any VectorExpression]
    private let buffer: VectorBuffer

    init(_ function: ScalarFunction, _ operands: [any VectorExpression], arena: ConfidentialArena) throws(EngineError) {
        self.function = function
        self.operands = operands
        buffer = try VectorBuffer(.double, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operands[0].evaluate(batch)
        let other = operands.count > 1 ? try operands[1].evaluate(batch) : nil
        Validity.merge(vector.validity, other?.validity, into: buffer.validity, batch.count)
        let values = vector.double, out = buffer.double, count = batch.count
        switch function {
        case .absolute: for row in 0..<count { out[row] = abs(values[row]) }
        case .floor: for row in 0..<count { out[row] = values[row].rounded(.down) }
        case .ceiling: for row in 0..<count { out[row] = values[row].rounded(.up) }
        case .round: for row in 0..<count { out[row] = values[row].rounded(.toNearestOrEven) }
        case .truncate: for row in 0..<count { out[row] = values[row].rounded(.towardZero) }
        case .sign: for row in 0..<count { out[row] = values[row] > 0 ? 1 : (values[row] < 0 ? -1 : 0) }
        case .squareRoot: for row in 0..<count { out[row] = values[row].squareRoot() }
        case .exponential: for row in 0..<count { out[row] = exp(values[row]) }
        case .logarithm: for row in 0..<count { out[row] = log(values[row]) }
        case .power:
            guard let powers = other?.double else { throw EngineError(.malformedPlan, [function.rawValue]) }
            for row in 0..<count { out[row] = pow(values[row], powers[row]) }
        default: throw EngineError(.malformedPlan, [function.rawValue])
        }
        for row in 0..<count { buffer.validity[row] &= out[row].isFinite ? 1 : 0 }
        return buffer.vector(count, hasValidity: true)
    }
}
