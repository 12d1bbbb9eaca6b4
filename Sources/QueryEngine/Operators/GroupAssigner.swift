// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Gives every row the number of its group. Numbers are dense and local to one worker; `tuple` says what a number stands for.
final class GroupAssigner {
    private let keys: [any VectorExpression]
    private let encoders: [KeyEncoder]
    /// Combines the numbers of the first keys with that of the next; one fewer than keys.
    private let combiners: [PairNumbering]
    private let groups: UnsafeMutablePointer<UInt32>
    private let groupsMaximum: Int
    private let ids: UnsafeMutablePointer<UInt32>

    init(_ keys: [any VectorExpression], pools: [TextPool?], groupsMaximum: Int, arena: ConfidentialArena) throws(EngineError) {
        self.keys = keys
        self.groupsMaximum = groupsMaximum
        var encoders: [KeyEncoder] = []
        var combiners: [PairNumbering] = []
        for (position, key) in keys.enumerated() {
            encoders.append(try KeyEncoder(key.type, pool: pools[position], arena: arena))
            if position > 0 { combiners.append(try PairNumbering(arena: arena)) }
        }
        self.encoders = encoders
        self.combiners = combiners
        groups = try arena.take(UInt32.self, EngineLimits.batchRows)
        ids = try arena.take(UInt32.self, EngineLimits.batchRows)
    }

    /// Numbers given so far, those of rows without any value included.
    var count: Int { keys.isEmpty ? 1 : combiners.last?.count ?? encoders[0].numbering.count }

    /// The group of each row; valid until the next call.
    func assign(_ batch: Batch) throws(EngineError) -> UnsafePointer<UInt32> {
        for (position, key) in keys.enumerated() {
            let vector = try key.evaluate(batch)
            try encoders[position].encode(vector, into: position == 0 ? groups : ids)
            if position > 0 { try combiners[position - 1].combine(groups, ids, batch.count) }
        }
        guard count <= groupsMaximum + 1 else { throw EngineError(.resourceExhausted) }
        return UnsafePointer(groups)
    }

    /// Key values of a group, first key first; nil is NULL.
    func tuple(_ group: Int) -> [Int128?] {
        guard !keys.isEmpty else { return [] }
        var number = UInt32(truncatingIfNeeded: group)
        var values: [Int128?] = []
        for position in combiners.indices.reversed() {
            let pair = combiners[position].pair(number)
            values.append(encoders[position + 1].numbering.value(pair.right))
            number = pair.left
        }
        values.append(encoders[0].numbering.value(number))
        return values.reversed()
    }
}

/// Numbers the values of one key.
final class KeyEncoder {
    let numbering: ValueNumbering
    private let type: LogicalType
    private let pool: TextPool?
    private var dictionary: TextDictionary?
    /// Number of each code of the current dictionary, 0 = not met yet (0 itself is NULL's and never a code's).
    private let table: ArenaArray<UInt32>

    init(_ type: LogicalType, pool: TextPool?, arena: ConfidentialArena) throws(EngineError) {
        self.type = type
        self.pool = pool
        numbering = try ValueNumbering(hasWindow: type.physical == .int64, arena: arena)
        table = try ArenaArray(arena: arena)
    }

    func encode(_ vector: ColumnVector, into out: UnsafeMutablePointer<UInt32>) throws(EngineError) {
        let count = vector.count, validity = vector.validity
        if let validity { for row in 0..<count where validity[row] == 0 { out[row] = 0 } }
        switch type.physical {
        case .codes: try encodeTexts(vector, out)
        case .int64:
            let values = vector.int64
            for row in 0..<count {
                if let validity, validity[row] == 0 { continue }
                out[row] = try numbering.number(windowed: values[row])
            }
        case .int128: try encode(vector, out) { (row) in vector.int128[row] }
        case .bool: try encode(vector, out) { (row) in Int128(vector.bool[row] & 1) }
        case .entity: try encode(vector, out) { (row) in Int128(vector.entities[row]) }
        case .double: try encode(vector, out) { (row) in Int128(OrderedDouble.key(vector.double[row])) }
        }
    }

    @inline(__always)
    private func encode(
        _ vector: ColumnVector, _ out: UnsafeMutablePointer<UInt32>, _ value: (Int) -> Int128
    ) throws(EngineError) {
        for row in 0..<vector.count where !vector.isNull(row) { out[row] = try numbering.number(value(row)) }
    }

    private func encodeTexts(_ vector: ColumnVector, _ out: UnsafeMutablePointer<UInt32>) throws(EngineError) {
        guard let next = vector.dictionary, let pool else { throw EngineError(.malformedPlan, ["dictionary"]) }
        if dictionary !== next {
            table.clear(dictionary?.count ?? 0)
            try table.reserve(next.count)
            dictionary = next
        }
        let table = table.base, codes = vector.codes, validity = vector.validity
        for row in 0..<vector.count {
            if let validity, validity[row] == 0 { continue }
            let code = Int(codes[row])
            if table[code] == 0 { table[code] = try numbering.number(Int128(try pool.internShared(next.entry(codes[row])))) }
            out[row] = table[code]
        }
    }
}

/// Doubles as integers in the same order; both zeros are one.
enum OrderedDouble {
    static func key(_ value: Double) -> Int64 {
        let bits = Int64(bitPattern: (value + 0).bitPattern)
        return bits < 0 ? bits ^ Int64.max : bits
    }

    static func value(_ key: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: key < 0 ? key ^ Int64.max : key))
    }
}
