// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Minima and maxima; BOOL_AND and BOOL_OR are those of truth values.
final class OpenExtremes: OpenState {
    private let isMinimum: Bool
    private let pool: TextPool?
    private let best: ArenaArray<Int128>
    private let isKnown: ArenaArray<UInt8>
    private let mapper: CodeMapper?
    private let codes: UnsafeMutablePointer<UInt32>

    init(_ call: AggregateLayout.Call, arena: ConfidentialArena) throws(EngineError) {
        isMinimum = call.function == .minimum || call.function == .boolAnd
        pool = call.pool
        best = try ArenaArray(arena: arena)
        isKnown = try ArenaArray(arena: arena)
        mapper = try call.pool.map { (pool) throws(EngineError) in try CodeMapper(pool: pool, isFrozen: false, arena: arena) }
        codes = try arena.take(UInt32.self, call.pool == nil ? 1 : EngineLimits.batchRows)
    }

    func reserve(_ groups: Int) throws(EngineError) {
        try best.reserve(groups)
        try isKnown.reserve(groups)
    }

    func add(_ vector: ColumnVector, _ groups: UnsafePointer<UInt32>, _ counts: UnsafePointer<Int64>) throws(EngineError) {
        if let mapper { try mapper.map(vector, into: codes) }
        switch vector.type.physical {
        case .bool: take(vector, groups) { Int128($0.bool[$1] & 1) }
        case .int64: take(vector, groups) { Int128($0.int64[$1]) }
        case .int128: take(vector, groups) { $0.int128[$1] }
        case .double: take(vector, groups) { Int128(OrderedDouble.key($0.double[$1])) }
        case .codes:
            let codes = codes
            take(vector, groups) { Int128(codes[$1]) }
        case .entity: take(vector, groups) { Int128($0.entities[$1]) }
        }
    }

    @inline(__always)
    private func take(_ vector: ColumnVector, _ groups: UnsafePointer<UInt32>, _ key: (ColumnVector, Int) -> Int128) {
        for row in 0..<vector.count where !vector.isNull(row) { take(key(vector, row), Int(groups[row])) }
    }

    /// Keeps the better of the group's value and this one.
    @inline(__always)
    private func take(_ key: Int128, _ group: Int) {
        if isKnown.base[group] == 0 || (isMinimum ? precedes(key, best.base[group]) : precedes(best.base[group], key)) {
            best.base[group] = key
            isKnown.base[group] = 1
        }
    }

    @inline(__always)
    private func precedes(_ left: Int128, _ right: Int128) -> Bool {
        guard let pool else { return left < right }
        return pool.comparesShared(UInt32(truncatingIfNeeded: left), UInt32(truncatingIfNeeded: right)) < 0
    }

    func absorb(_ other: any OpenState, _ group: Int, as own: Int, _ count: Int64) throws(EngineError) {
        guard let other = other as? OpenExtremes else { throw EngineError(.malformedPlan, ["aggregate"]) }
        if other.isKnown.base[group] != 0 { take(other.best.base[group], own) }
    }

    /// The text that another one's first group has, where it is better than the own.
    private func better(_ other: OpenExtremes) -> UnsafeRawBufferPointer? {
        guard let pool, let theirs = other.pool, other.isKnown.base[0] != 0 else { return nil }
        let text = theirs.entry(UInt32(truncatingIfNeeded: other.best.base[0]))
        if isKnown.base[0] == 0 { return text }
        let order = TextPool.compare(text, pool.entry(UInt32(truncatingIfNeeded: best.base[0])))
        return (isMinimum ? order < 0 : order > 0) ? text : nil
    }

    /// Takes the text of another one's first group into the own pool where it is wanted.
    func makeRoom(for other: OpenExtremes) throws(EngineError) {
        if let text = better(other) { _ = try pool?.intern(text) }
    }

    /// Keeps the better text of both first groups, once there is room for it.
    func add(extreme other: OpenExtremes) {
        guard let text = better(other), let code = pool?.find(text) else { return }
        best.base[0] = Int128(code)
        isKnown.base[0] = 1
    }

    func write(_ group: Int, _ count: Int64, to buffer: VectorBuffer, _ row: Int) throws(EngineError) {
        let key = best.base[group]
        buffer.validity[row] = 1
        switch buffer.type.physical {
        case .bool: buffer.bool[row] = UInt8(truncatingIfNeeded: key)
        case .int64: buffer.int64[row] = Int64(truncatingIfNeeded: key)
        case .int128: buffer.int128[row] = key
        case .double: buffer.double[row] = OrderedDouble.value(Int64(truncatingIfNeeded: key))
        case .codes, .entity: buffer.codes[row] = UInt32(truncatingIfNeeded: key)
        }
    }
}
