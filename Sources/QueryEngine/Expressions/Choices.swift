// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// GREATEST and LEAST: the largest or smallest of the arguments that are not NULL, all of one type.
final class ExtremeExpression: VectorExpression {
    let type: LogicalType
    private let isGreatest: Bool
    private let operands: [any VectorExpression]
    private let merge: ChoiceMerge

    init(isGreatest: Bool, _ operands: [any VectorExpression], type: LogicalType, arena: ConfidentialArena) throws(EngineError) {
        if case .entity = type { throw EngineError(.malformedPlan, ["greatest"]) }
        self.type = type
        self.isGreatest = isGreatest
        self.operands = operands
        merge = try ChoiceMerge(type, inputs: operands.count, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        var vectors: [ColumnVector] = []
        for operand in operands { vectors.append(try operand.evaluate(batch)) }
        merge.choice.update(repeating: 0, count: batch.count)
        for position in vectors.indices.dropFirst() {
            switch type.physical {
            case .bool: choose(vectors, position, batch.count) { $0.bool[$2] < $1.bool[$2] }
            case .int64: choose(vectors, position, batch.count) { $0.int64[$2] < $1.int64[$2] }
            case .int128: choose(vectors, position, batch.count) { $0.int128[$2] < $1.int128[$2] }
            case .double: choose(vectors, position, batch.count) { $0.double[$2] < $1.double[$2] }
            case .codes: choose(vectors, position, batch.count, Self.textPrecedes)
            case .entity: throw EngineError(.malformedPlan, ["greatest"])
            }
        }
        return try merge.merge(vectors, batch.count)
    }

    /// Takes the argument at `position` where it is better than the best so far.
    @inline(__always)
    private func choose(
        _ vectors: [ColumnVector], _ position: Int, _ count: Int, _ precedes: (ColumnVector, ColumnVector, Int) -> Bool
    ) {
        let next = vectors[position]
        for row in 0..<count where !next.isNull(row) {
            let best = vectors[Int(merge.choice[row])]
            if best.isNull(row) || (isGreatest ? precedes(best, next, row) : precedes(next, best, row)) {
                merge.choice[row] = UInt32(truncatingIfNeeded: position)
            }
        }
    }

    private static func textPrecedes(_ left: ColumnVector, _ right: ColumnVector, _ row: Int) -> Bool {
        guard let one = left.dictionary, let other = right.dictionary else { return false }
        return TextPool.compare(one.entry(left.codes[row]), other.entry(right.codes[row])) < 0
    }
}

/// IS DISTINCT FROM: never NULL.
final class DistinctnessExpression: VectorExpression {
    let type = LogicalType.bool
    private let left: any VectorExpression
    private let right: any VectorExpression
    private let equality: any VectorExpression
    private let buffer: VectorBuffer

    init(
        _ left: any VectorExpression, _ right: any VectorExpression, equality: any VectorExpression, arena: ConfidentialArena
    ) throws(EngineError) {
        self.left = left
        self.right = right
        self.equality = equality
        buffer = try VectorBuffer(.bool, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let equal = try equality.evaluate(batch)
        let one = try left.evaluate(batch)
        let other = try right.evaluate(batch)
        for row in 0..<batch.count {
            let isNull = one.isNull(row), isOtherNull = other.isNull(row)
            let isDistinct = isNull || isOtherNull ? isNull != isOtherNull : equal.bool[row] & 1 == 0
            buffer.bool[row] = isDistinct ? 1 : 0
        }
        return buffer.vector(batch.count, hasValidity: false)
    }
}
