// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Memory for rows, cells and everything computed from them: mapped pages that no core dump holds, locked where the limit
/// allows, overwritten before they are given back. Allocation is a bump of a pointer under a lock; only large pieces can be given
/// back singly.
///
/// Everything else that is allocated lives until the arena does. Buffers that are used again and again (one per worker) are allocated once.
/// Exhaustion of `limitBytes` is reported as nil, which the engine turns into its one resource code.
public final class ConfidentialArena: @unchecked Sendable {
    /// Largest number of bytes this arena may map.
    public var limitBytes: Int { budget.limitBytes }
    /// What it maps counts here, together with other arenas of the same job.
    public let budget: MemoryBudget
    private let lock = Mutex<State>(State())

    private struct State {
        /// From which small allocations are cut.
        var open: MemoryBudget.Chunk?
        /// Full ones, and those of large allocations.
        var chunks: [MemoryBudget.Chunk] = []
        var mappedBytes = 0
        /// Size of the next chunk: parts of a job begin small.
        var nextChunkBytes = chunkBytes
        var allLocked = true
    }

    /// Alignment of every allocation: a cache line, and enough for every vector width.
    public static let alignmentBytes = 64
    /// Memory for small allocations is mapped in pieces of this size.
    public static let chunkBytes = 4 << 20
    /// First piece of an arena that shares a budget; later ones double up to `chunkBytes`.
    public static let firstChunkBytes = 256 << 10

    public init(limitBytes: Int) { budget = MemoryBudget(limitBytes: limitBytes) }

    /// An arena for a part of a job: what it maps counts in `budget`, and is given back when it ends.
    public init(budget: MemoryBudget) {
        self.budget = budget
        lock.withLock { $0.nextChunkBytes = Self.firstChunkBytes }
    }

    deinit { lock.withLock { budget.give($0.chunks + ($0.open.map { [$0] } ?? [])) } }

    /// Zeroed memory of at least `bytes`, aligned to 64; nil when the limit or the system refuses.
    public func allocate(bytes: Int) -> UnsafeMutableRawPointer? {
        guard bytes >= 0, bytes <= limitBytes else {
            budget.noteRefusal()
            return nil
        }
        let rounded = (max(bytes, 1) + Self.alignmentBytes - 1) & ~(Self.alignmentBytes - 1)
        return lock.withLock { state in
            if let memory = Self.cut(rounded, &state) { return memory }
            // A large piece is mapped for itself and leaves the rest of the open chunk in use.
            if rounded * 2 > state.nextChunkBytes {
                guard var chunk = Self.map(rounded, budget, &state) else { return nil }
                chunk.isSingle = true
                chunk.usedBytes = rounded
                state.chunks.append(chunk)
                return chunk.base
            }
            guard let chunk = Self.map(state.nextChunkBytes, budget, &state) else { return nil }
            if let full = state.open { state.chunks.append(full) }
            state.open = chunk
            state.nextChunkBytes = min(state.nextChunkBytes * 2, Self.chunkBytes)
            return Self.cut(rounded, &state)
        }
    }

    private static func cut(_ bytes: Int, _ state: inout State) -> UnsafeMutableRawPointer? {
        guard let open = state.open, open.bytes - open.usedBytes >= bytes else { return nil }
        state.open?.usedBytes += bytes
        return open.base + open.usedBytes
    }

    /// Zeroed memory for `count` values of a trivial type.
    @inlinable
    public func allocate<T: BitwiseCopyable>(_ type: T.Type, count: Int) -> UnsafeMutablePointer<T>? {
        let (bytes, overflow) = max(count, 0).multipliedReportingOverflow(by: MemoryLayout<T>.stride)
        guard !overflow, let memory = allocate(bytes: bytes) else { return nil }
        return memory.bindMemory(to: T.self, capacity: max(count, 1))
    }

    /// Whether every page so far could be locked. Unlocked pages are still left out of dumps.
    public var isLocked: Bool { lock.withLock { $0.allLocked } }

    /// Bytes mapped so far.
    public var mappedBytes: Int { lock.withLock { $0.mappedBytes } }

    /// Gives back one large allocation before the arena ends: overwritten and free for other arenas of the job. Small ones stay.
    public func giveBack(_ memory: UnsafeMutableRawPointer) {
        let chunk = lock.withLock { state -> MemoryBudget.Chunk? in
            guard let place = state.chunks.lastIndex(where: { $0.base == memory && $0.isSingle }) else { return nil }
            let chunk = state.chunks.remove(at: place)
            state.mappedBytes -= chunk.bytes
            return chunk
        }
        if let chunk { budget.give([chunk]) }
    }

    private static func map(_ bytes: Int, _ budget: MemoryBudget, _ state: inout State) -> MemoryBudget.Chunk? {
        guard let chunk = budget.take(bytes) else { return nil }
        if !chunk.isLocked { state.allLocked = false }
        state.mappedBytes += chunk.bytes
        return chunk
    }
}
