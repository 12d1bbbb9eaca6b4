// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Compares two columns of the same layout (all but text).
final class Comparison: VectorExpression {
    let type = LogicalType.bool
    private let symbol: ComparisonOperator
    private let left: any VectorExpression
    private let right: any VectorExpression
    private let buffer: VectorBuffer

    init(
        _ symbol: ComparisonOperator, _ left: any VectorExpression, _ right: any VectorExpression, arena: ConfidentialArena
    ) throws(EngineError) {
        // A constant stands on the right.
        let isMirrored = left is ConstantExpression && !(right is ConstantExpression)
        self.symbol = isMirrored ? symbol.mirrored : symbol
        self.left = isMirrored ? right : left
        self.right = isMirrored ? left : right
        buffer = try VectorBuffer(.bool, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let one = try left.evaluateNarrow(batch)
        let other = try right.evaluateNarrow(batch)
        let out = buffer.bool, count = batch.count
        switch (one.type.physical, other.type.physical) {
        case (.int64, .int64):
            ComparisonLoops.whole(symbol, one.int64, ValueBounds.known(one), other.int64, ValueBounds.known(other), out, count)
        case (.int64, .int128):
            let a = one.int64, b = other.int128
            ComparisonLoops.run(symbol, out, count, { Int128(a[$0]) }, { b[$0] })
        case (.int128, .int64):
            let a = one.int128, b = other.int64
            ComparisonLoops.run(symbol, out, count, { a[$0] }, { Int128(b[$0]) })
        case (.int128, .int128): compare(one.int128, other.int128, count)
        case (.bool, .bool): compare(one.bool, other.bool, count)
        case (.double, .double): compare(one.double, other.double, count)
        case (.entity, .entity): compare(one.entities, other.entities, count)
        case (.bool, _), (.int64, _), (.int128, _), (.double, _), (.entity, _), (.codes, _):
            throw EngineError(.malformedPlan, ["comparison"])
        }
        let hasValidity = one.validity != nil || other.validity != nil
        if hasValidity { Validity.merge(one.validity, other.validity, into: buffer.validity, batch.count) }
        return buffer.vector(batch.count, hasValidity: hasValidity)
    }

    @inline(__always)
    private func compare<T: Comparable>(_ left: UnsafeMutablePointer<T>, _ right: UnsafeMutablePointer<T>, _ count: Int) {
        ComparisonLoops.run(symbol, buffer.bool, count, { left[$0] }, { right[$0] })
    }
}

/// Compares two text columns byte by byte.
final class TextComparison: VectorExpression {
    let type = LogicalType.bool
    private let mask: UInt8
    private let left: any VectorExpression
    private let right: any VectorExpression
    private let buffer: VectorBuffer

    init(
        _ symbol: ComparisonOperator, _ left: any VectorExpression, _ right: any VectorExpression, arena: ConfidentialArena
    ) throws(EngineError) {
        mask = symbol.mask
        self.left = left
        self.right = right
        buffer = try VectorBuffer(.bool, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let one = try left.evaluate(batch)
        let other = try right.evaluate(batch)
        guard let first = one.dictionary, let second = other.dictionary else { throw EngineError(.malformedPlan, ["dictionary"]) }
        let valid = buffer.validity
        Validity.merge(one.validity, other.validity, into: valid, batch.count)
        for row in 0..<batch.count where valid[row] != 0 {
            let order = TextPool.compare(first.entry(one.codes[row]), second.entry(other.codes[row]))
            buffer.bool[row] = (mask >> (order < 0 ? 0 : (order == 0 ? 1 : 2))) & 1
        }
        return buffer.vector(batch.count, hasValidity: true)
    }
}

/// A test of one text against constants.
enum TextTest {
    case compare(ComparisonOperator, Literal)
    /// NULL items make a miss NULL.
    case isIn([Literal])
}

/// A test of text against constants, decided once for each entry of a dictionary.
final class TextTestExpression: VectorExpression {
    let type = LogicalType.bool
    private let operand: any VectorExpression
    private let mask: UInt8
    private let constants: [[UInt8]]
    private let isMembership: Bool
    private let hasNullItem: Bool
    private let buffer: VectorBuffer
    private var dictionary: TextDictionary?
    private let table: ArenaArray<UInt8>

    init(_ operand: any VectorExpression, _ test: TextTest, arena: ConfidentialArena) throws(EngineError) {
        self.operand = operand
        let literals: [Literal]
        switch test {
        case .compare(let symbol, let literal):
            mask = symbol.mask
            literals = [literal]
            isMembership = false
        case .isIn(let items):
            mask = 0b010
            literals = items
            isMembership = true
        }
        constants = literals.compactMap { if case .text(let text) = $0 { Array(text.utf8) } else { nil } }
        hasNullItem = literals.contains(.null)
        buffer = try VectorBuffer(.bool, arena: arena)
        table = try ArenaArray(arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operand.evaluate(batch)
        guard let next = vector.dictionary else { throw EngineError(.malformedPlan, ["dictionary"]) }
        if dictionary !== next { try decide(next) }
        let table = table.base, codes = vector.codes, out = buffer.bool
        if let validity = vector.validity {
            for row in 0..<batch.count where validity[row] != 0 { out[row] = table[Int(codes[row])] }
        } else {
            for row in 0..<batch.count { out[row] = table[Int(codes[row])] }
        }
        guard hasNullItem else {
            if let validity = vector.validity { buffer.validity.update(from: validity, count: batch.count) }
            return buffer.vector(batch.count, hasValidity: vector.validity != nil)
        }
        for row in 0..<batch.count { buffer.validity[row] = isMembership && !vector.isNull(row) ? out[row] : 0 }
        return buffer.vector(batch.count, hasValidity: true)
    }

    private func decide(_ next: TextDictionary) throws(EngineError) {
        try table.reserve(next.count)
        let constants = constants
        for code in 0..<next.count {
            let entry = next.entry(UInt32(code))
            var isTrue: UInt8 = 0
            for constant in constants {
                let order = constant.withUnsafeBytes { TextPool.compare(entry, $0) }
                isTrue |= (mask >> (order < 0 ? 0 : (order == 0 ? 1 : 2))) & 1
            }
            table.base[code] = isTrue
        }
        dictionary = next
    }
}

/// Membership of whole numbers, dates and timestamps in a list of constants.
final class WholeMembership: VectorExpression {
    let type = LogicalType.bool
    private let operand: any VectorExpression
    /// Sorted.
    private let items: [Int64]
    private let hasNullItem: Bool
    private let buffer: VectorBuffer

    init(_ operand: any VectorExpression, _ constants: [Literal], arena: ConfidentialArena) throws(EngineError) {
        self.operand = operand
        items = constants.compactMap(Self.whole).sorted()
        hasNullItem = constants.contains(.null)
        buffer = try VectorBuffer(.bool, arena: arena)
    }

    private static func whole(_ literal: Literal) -> Int64? {
        switch literal {
        case .int64(let value), .date(let value), .timestamp(let value): value
        case .decimal(let units, _): Int64(exactly: units)
        case .null, .bool, .double, .text: nil
        }
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operand.evaluate(batch)
        let values = vector.int64, out = buffer.bool, count = batch.count
        items.withUnsafeBufferPointer { items in
            for row in 0..<count {
                var low = 0, high = items.count
                while low < high {
                    let middle = (low + high) / 2
                    if items[middle] < values[row] { low = middle + 1 } else { high = middle }
                }
                out[row] = low < items.count && items[low] == values[row] ? 1 : 0
            }
        }
        let hasValidity = hasNullItem || vector.validity != nil
        if hasValidity {
            for row in 0..<count { buffer.validity[row] = vector.isNull(row) || (hasNullItem && out[row] == 0) ? 0 : 1 }
        }
        return buffer.vector(count, hasValidity: hasValidity)
    }
}
