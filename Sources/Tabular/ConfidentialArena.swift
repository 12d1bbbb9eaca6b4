// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Memory for rows, cells and everything computed from them: mapped pages that no core dump holds, locked where the limit
/// allows, overwritten before they are given back. Allocation is a bump of a pointer under a lock; nothing is freed singly.
///
/// Everything allocated lives until the arena does. Buffers that are used again and again (one per worker) are allocated once.
/// Exhaustion of `limitBytes` is reported as nil, which the engine turns into its one resource code.
public final class ConfidentialArena: @unchecked Sendable {
    /// Largest number of bytes this arena may map.
    public var limitBytes: Int { budget.limitBytes }
    /// What it maps counts here, together with other arenas of the same job.
    public let budget: MemoryBudget
    private let lock = Mutex<State>(State())

    private struct State {
        var chunks: [(base: UnsafeMutableRawPointer, bytes: Int)] = []
        var cursor: UnsafeMutableRawPointer?
        var restBytes = 0
        var mappedBytes = 0
        /// Size of the next chunk: parts of a job begin small.
        var nextChunkBytes = chunkBytes
        var allLocked = true
    }

    /// Alignment of every allocation: a cache line, and enough for every vector width.
    public static let alignmentBytes = 64
    /// Memory for small allocations is mapped in pieces of this size.
    public static let chunkBytes = 4 << 20
    private static let hugePageBytes = 2 << 20
    /// First piece of an arena that shares a budget; later ones double up to `chunkBytes`.
    public static let firstChunkBytes = 256 << 10

    public init(limitBytes: Int) { budget = MemoryBudget(limitBytes: limitBytes) }

    /// An arena for a part of a job: what it maps counts in `budget`, and is given back when it ends.
    public init(budget: MemoryBudget) {
        self.budget = budget
        lock.withLock { $0.nextChunkBytes = Self.firstChunkBytes }
    }

    deinit { lock.withLock { Self.wipe(&$0, budget) } }

    /// Zeroed memory of at least `bytes`, aligned to 64; nil when the limit or the system refuses.
    public func allocate(bytes: Int) -> UnsafeMutableRawPointer? {
        guard bytes >= 0, bytes <= limitBytes else { return nil }
        let rounded = (max(bytes, 1) + Self.alignmentBytes - 1) & ~(Self.alignmentBytes - 1)
        return lock.withLock { state in
            if state.restBytes < rounded {
                // A large piece is mapped for itself and leaves the rest of the current chunk in use.
                if rounded * 2 > state.nextChunkBytes { return Self.map(rounded, budget, &state)?.base }
                guard let chunk = Self.map(state.nextChunkBytes, budget, &state) else { return nil }
                state.cursor = chunk.base
                state.restBytes = chunk.bytes
                state.nextChunkBytes = min(state.nextChunkBytes * 2, Self.chunkBytes)
            }
            let result = state.cursor
            state.cursor = state.cursor?.advanced(by: rounded)
            state.restBytes -= rounded
            return result
        }
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

    private static func map(_ bytes: Int, _ budget: MemoryBudget, _ state: inout State) -> (base: UnsafeMutableRawPointer, bytes: Int)? {
        let pages = (bytes + 4095) & ~4095
        guard budget.take(pages) else { return nil }
        guard let base = mmap(nil, pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED else {
            budget.give(pages)
            return nil
        }
        madvise(base, pages, MADV_DONTDUMP)
        // Fewer, larger pages: making pages present is a large part of what a job does that groups by millions of keys.
        if pages >= hugePageBytes { madvise(base, pages, MADV_HUGEPAGE) }
        if mlock(base, pages) != 0 { state.allLocked = false }
        state.chunks.append((base, pages))
        state.mappedBytes += pages
        return (base, pages)
    }

    private static func wipe(_ state: inout State, _ budget: MemoryBudget) {
        for chunk in state.chunks {
            explicit_bzero(chunk.base, chunk.bytes)
            munmap(chunk.base, chunk.bytes)
            budget.give(chunk.bytes)
        }
        state.chunks = []
    }
}
