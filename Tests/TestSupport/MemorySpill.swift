// SPDX-License-Identifier: Apache-2.0

public import QueryEngine
private import Synchronization

/// Room for spilled rows in plain memory, for tests of the engine. What is written is spoiled in the engine's memory, as sealing in place does.
public final class MemorySpill: SpillStore {
    public struct Failed: Error {}

    private struct State {
        var chunks: [[UInt8]] = []
        var byteCount = 0
    }

    public let sealBytes = 16
    public let seed: UInt64
    private let limitBytes: Int
    private let failsWriting: Bool
    private let failsReading: Bool
    private let state = Mutex<State>(State())

    public init(seed: UInt64 = 1, limitBytes: Int = .max, failsWriting: Bool = false, failsReading: Bool = false) {
        self.seed = seed
        self.limitBytes = limitBytes
        self.failsWriting = failsWriting
        self.failsReading = failsReading
    }

    public var chunkCount: Int { state.withLock { $0.chunks.count } }
    public var byteCount: Int { state.withLock { $0.byteCount } }

    public func makeChannel() throws -> any SpillChannel { Channel(self) }

    private final class Channel: SpillChannel {
        private let store: MemorySpill

        init(_ store: MemorySpill) { self.store = store }

        func write(_ memory: UnsafeMutableRawPointer, count: Int, rows: Int) throws -> SpillChunk? {
            if store.failsWriting { throw Failed() }
            let bytes = [UInt8](UnsafeRawBufferPointer(start: memory, count: count))
            memory.initializeMemory(as: UInt8.self, repeating: 0xAA, count: count + store.sealBytes)
            return store.state.withLock { state in
                guard state.byteCount + count <= store.limitBytes else { return nil }
                state.chunks.append(bytes)
                state.byteCount += count
                return SpillChunk(number: state.chunks.count - 1, offset: state.byteCount - count, byteCount: count, rows: rows)
            }
        }

        func read(_ chunk: SpillChunk, into memory: UnsafeMutableRawPointer) throws {
            if store.failsReading { throw Failed() }
            let bytes = store.state.withLock { $0.chunks[chunk.number] }
            guard bytes.count == chunk.byteCount else { throw Failed() }
            bytes.withUnsafeBytes { if let base = $0.baseAddress { memory.copyMemory(from: base, byteCount: bytes.count) } }
        }
    }
}
