// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import CryptoSuites
import QueryEngine
import Synchronization

/// The sealed file of a job as the engine wants it, begun when it is first used.
final class JobSpill: SpillStore {
    let sealBytes = SealedSpill.sealBytes
    let seed = RandomBytes.system.bytes(count: 8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    private let descriptor: Int32
    private let file = Mutex<SealedSpill?>(nil)

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    func makeChannel() throws -> any SpillChannel {
        let file = try file.withLock { file in
            let known = try file ?? SealedSpill(descriptor)
            file = known
            return known
        }
        return JobSpillChannel(file.makeChannel())
    }
}

private final class JobSpillChannel: SpillChannel {
    private let channel: SealedSpill.Channel

    init(_ channel: SealedSpill.Channel) { self.channel = channel }

    func write(_ memory: UnsafeMutableRawPointer, count: Int, rows: Int) throws -> SpillChunk? {
        try channel.write(memory, count: count, rows: rows).map {
            SpillChunk(number: $0.number, offset: $0.offset, byteCount: $0.byteCount, rows: $0.rows)
        }
    }

    func read(_ chunk: SpillChunk, into memory: UnsafeMutableRawPointer) throws {
        try channel.read(
            SealedSpill.Place(number: chunk.number, offset: chunk.offset, byteCount: chunk.byteCount, rows: chunk.rows), into: memory)
    }
}
