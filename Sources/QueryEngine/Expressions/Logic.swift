// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Three-valued NOT.
final class NotExpression: VectorExpression {
    let type = LogicalType.bool
    private let operand: any VectorExpression
    private let buffer: VectorBuffer

    init(_ operand: any VectorExpression, arena: ConfidentialArena) throws(EngineError) {
        self.operand = operand
        buffer = try VectorBuffer(.bool, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operand.evaluate(batch)
        for row in 0..<batch.count { buffer.bool[row] = vector.bool[row] ^ 1 }
        if let validity = vector.validity { buffer.validity.update(from: validity, count: batch.count) }
        return buffer.vector(batch.count, hasValidity: vector.validity != nil)
    }
}

/// IS NULL and IS NOT NULL.
final class NullTestExpression: VectorExpression {
    let type = LogicalType.bool
    private let operand: any VectorExpression
    private let isNegated: Bool
    private let buffer: VectorBuffer

    init(_ operand: any VectorExpression, isNegated: Bool, arena: ConfidentialArena) throws(EngineError) {
        self.operand = operand
        self.isNegated = isNegated
        buffer = try VectorBuffer(.bool, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operand.evaluate(batch)
        let flip: UInt8 = isNegated ? 0 : 1
        if let validity = vector.validity {
            for row in 0..<batch.count { buffer.bool[row] = validity[row] ^ flip }
        } else {
            buffer.bool.update(repeating: 1 ^ flip, count: batch.count)
        }
        return buffer.vector(batch.count, hasValidity: false)
    }
}

/// Three-valued AND and OR: a deciding operand (false, true) wins over NULL.
final class LogicExpression: VectorExpression {
    let type = LogicalType.bool
    private let isAnd: Bool
    private let operands: [any VectorExpression]
    private let buffer: VectorBuffer

    init(isAnd: Bool, _ operands: [any VectorExpression], arena: ConfidentialArena) throws(EngineError) {
        self.isAnd = isAnd
        self.operands = operands
        buffer = try VectorBuffer(.bool, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let count = batch.count
        let flip: UInt8 = isAnd ? 0 : 1
        let out = buffer.bool, valid = buffer.validity
        var hasValidity = false
        // Written as AND of x ^ flip: 1 means "not decided by this operand"; OR is AND of the negations, negated.
        out.update(repeating: 1, count: count)
        for operand in operands {
            let vector = try operand.evaluate(batch)
            let values = vector.bool
            if let validity = vector.validity {
                if !hasValidity { valid.update(repeating: 1, count: count) }
                hasValidity = true
                for row in 0..<count {
                    // A NULL operand leaves the value open; a deciding one settles it whatever else is NULL.
                    out[row] &= (values[row] ^ flip) | (validity[row] ^ 1)
                    valid[row] &= validity[row]
                }
            } else {
                for row in 0..<count { out[row] &= values[row] ^ flip }
            }
        }
        if hasValidity { for row in 0..<count { valid[row] |= out[row] ^ 1 } }
        if flip != 0 { for row in 0..<count { out[row] ^= flip } }
        return buffer.vector(count, hasValidity: hasValidity)
    }
}
