// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Synchronization
import Tabular

/// Which right rows of a full join met a partner: bytes of each worker.
final class MatchFlags: @unchecked Sendable {
    /// Set once the right side stands, before any worker begins.
    var rowCount = 0
    private let lock = Mutex<Bool>(false)
    private var all: [UnsafeMutablePointer<UInt8>] = []

    /// One worker's bytes.
    func make(_ arena: ConfidentialArena) throws(EngineError) -> UnsafeMutablePointer<UInt8> {
        let flags = try arena.take(UInt8.self, rowCount)
        lock.withLock { _ in all.append(flags) }
        return flags
    }

    /// For use after the workers ended.
    func hasMet(_ row: Int) -> Bool { all.contains { $0[row] != 0 } }
}

/// The right rows of a full join without partner, with NULLs on the left.
struct UnmatchedRows {
    private let join: PreparedJoin
    private let nulls: [ColumnVector?]
    private let buffers: [GatherBuffer?]
    private let rows: UnsafeMutablePointer<UInt32>

    init(_ join: PreparedJoin, _ output: [OutputColumn], arena: ConfidentialArena) throws(EngineError) {
        self.join = join
        rows = try arena.take(UInt32.self, EngineLimits.batchRows)
        var nulls: [ColumnVector?] = [], buffers: [GatherBuffer?] = []
        for (position, column) in output.enumerated().prefix(join.leftCount) {
            guard join.liveAbove.contains(position) else {
                nulls.append(nil)
                continue
            }
            let dictionary = column.type.physical == .codes ? try TextPool(arena: arena).dictionary() : nil
            nulls.append(
                try VectorBuffer(column.type, arena: arena).vector(EngineLimits.batchRows, hasValidity: true, dictionary: dictionary))
        }
        for column in join.build.columns { buffers.append(try column.map { (column) throws(EngineError) in try GatherBuffer(column.type, arena: arena) }) }
        self.nulls = nulls
        self.buffers = buffers
    }

    func hand(to sink: any BatchSink) throws(EngineError) {
        guard let flags = join.flags else { throw EngineError(.malformedPlan, ["join"]) }
        var count = 0
        for row in 0..<join.build.rowCount where !flags.hasMet(row) {
            rows[count] = UInt32(truncatingIfNeeded: row)
            count += 1
            if count == EngineLimits.batchRows {
                try hand(count, to: sink)
                count = 0
            }
        }
        if count > 0 { try hand(count, to: sink) }
    }

    private func hand(_ count: Int, to sink: any BatchSink) throws(EngineError) {
        var columns = nulls.map { $0?.slice(from: 0, count: count) }
        for (position, column) in join.build.columns.enumerated() {
            columns.append(column.flatMap { buffers[position]?.gather($0, rows, count) })
        }
        try sink.consume(Batch(count: count, columns: columns, entities: []))
    }
}
