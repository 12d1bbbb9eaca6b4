// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// The values of each group, as chains through one list.
final class ValueChains<Element: BitwiseCopyable> {
    private(set) var count = 0
    private let values: ArenaArray<Element>
    /// Number + 1 of the next value of the group, 0 = none.
    private let following: ArenaArray<UInt32>
    private let heads: ArenaArray<UInt32>

    init(arena: ConfidentialArena) throws(EngineError) {
        values = try ArenaArray(arena: arena)
        following = try ArenaArray(arena: arena)
        heads = try ArenaArray(arena: arena)
    }

    func reserve(_ groups: Int) throws(EngineError) { try heads.reserve(groups) }

    func append(_ value: Element, to group: Int) throws(EngineError) {
        guard count < Int(UInt32.max) - 1 else { throw EngineError(.resourceExhausted) }
        try values.reserve(count + 1)
        try following.reserve(count + 1)
        values.base[count] = value
        following.base[count] = heads.base[group]
        count += 1
        heads.base[group] = UInt32(count)
    }

    /// The values of a group, in no order that means anything.
    func visit<Failure: Error>(_ group: Int, _ body: (Element) throws(Failure) -> Void) throws(Failure) {
        var next = heads.base[group]
        while next != 0 {
            try body(values.base[Int(next - 1)])
            next = following.base[Int(next - 1)]
        }
    }
}

/// percentile_cont: keeps all values, sorts them at the end and interpolates as PostgreSQL does.
final class OpenPercentiles: OpenState {
    private let place: Percentile
    private let chains: ValueChains<Double>
    private let sorted: ArenaArray<Double>
    /// Of the one group, where it was found without keeping values.
    var known: Double?

    init(_ place: Percentile, arena: ConfidentialArena) throws(EngineError) {
        self.place = place
        chains = try ValueChains(arena: arena)
        sorted = try ArenaArray(arena: arena)
    }

    func reserve(_ groups: Int) throws(EngineError) { try chains.reserve(groups) }

    func add(_ vector: ColumnVector, _ groups: UnsafePointer<UInt32>, _ counts: UnsafePointer<Int64>) throws(EngineError) {
        for row in 0..<vector.count where !vector.isNull(row) { try chains.append(vector.double[row], to: Int(groups[row])) }
    }

    func absorb(_ other: any OpenState, _ group: Int, as own: Int, _ count: Int64) throws(EngineError) {
        guard let other = other as? OpenPercentiles else { throw EngineError(.malformedPlan, ["aggregate"]) }
        try other.chains.visit(group) { (value) throws(EngineError) in try chains.append(value, to: own) }
    }

    func write(_ group: Int, _ count: Int64, to buffer: VectorBuffer, _ row: Int) throws(EngineError) {
        if let known { return write(known, to: buffer, row) }
        try sorted.reserve(Int(count))
        var filled = 0
        try chains.visit(group) { (value) throws(EngineError) in
            sorted.base[filled] = value
            filled += 1
        }
        var values = UnsafeMutableBufferPointer(start: sorted.base, count: filled)
        values.sort { place.isDescending ? $0 > $1 : $0 < $1 }
        let rank = place.rank(of: Int64(filled))
        let lower = values[Int(rank.rounded(.down))], upper = values[Int(rank.rounded(.up))]
        write(place.value(between: lower, upper, of: Int64(filled)), to: buffer, row)
    }

    private func write(_ value: Double, to buffer: VectorBuffer, _ row: Int) {
        buffer.double[row] = value
        buffer.validity[row] = value.isFinite ? 1 : 0
    }
}

extension Percentile {
    /// Where the value lies among so many in order, between two of them maybe.
    func rank(of count: Int64) -> Double { fraction * Double(count - 1) }

    /// The value between those at the ranks below and above, as PostgreSQL interpolates.
    func value(between lower: Double, _ upper: Double, of count: Int64) -> Double {
        let rank = rank(of: count)
        return lower == upper ? lower : lower + (rank - rank.rounded(.down)) * (upper - lower)
    }
}
