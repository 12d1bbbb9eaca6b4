// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Memory that several arenas of one job share. What one gives back is overwritten and handed to the next, since making pages
/// present costs more than using them; it goes back to the system with the job.
public final class MemoryBudget: Sendable {
    /// Largest number of bytes that may be in use at a time, give or take one chunk.
    public let limitBytes: Int
    private let lock = Mutex<State>(State())

    /// Mapped pages.
    struct Chunk: @unchecked Sendable {
        let base: UnsafeMutableRawPointer
        let bytes: Int
        let isLocked: Bool
        /// Whether it holds one allocation, which may be given back before its arena ends.
        var isSingle = false
    }

    private struct State {
        var usedBytes = 0
        var spareBytes = 0
        /// Overwritten, smallest first.
        var spare: [Chunk] = []
        var hasRefused = false
    }

    private static let hugePageBytes = 2 << 20

    public init(limitBytes: Int) { self.limitBytes = limitBytes }

    deinit { lock.withLock { for chunk in $0.spare { munmap(chunk.base, chunk.bytes) } } }

    /// Bytes in use now.
    public var usedBytes: Int { lock.withLock { $0.usedBytes } }

    /// Whether memory was refused since this was last asked: tells what ran out.
    public func takeRefusal() -> Bool {
        lock.withLock { state in
            defer { state.hasRefused = false }
            return state.hasRefused
        }
    }

    func noteRefusal() { lock.withLock { $0.hasRefused = true } }

    /// Zeroed pages for at least so many bytes; nil when the limit or the system refuses.
    func take(_ bytes: Int) -> Chunk? {
        let chunk = find(bytes)
        if chunk == nil { noteRefusal() }
        return chunk
    }

    private func find(_ bytes: Int) -> Chunk? {
        let pages = (bytes + 4095) & ~4095
        return lock.withLock { state in
            guard state.usedBytes + pages <= limitBytes + ConfidentialArena.chunkBytes else { return nil }
            if let place = state.spare.firstIndex(where: { $0.bytes >= pages }), state.spare[place].bytes <= pages * 2,
                state.usedBytes + state.spare[place].bytes <= limitBytes + ConfidentialArena.chunkBytes
            {
                let chunk = state.spare.remove(at: place)
                state.spareBytes -= chunk.bytes
                state.usedBytes += chunk.bytes
                return chunk
            }
            if state.usedBytes + state.spareBytes + pages > limitBytes { Self.dropSpare(&state) }
            guard let chunk = Self.map(pages) else { return nil }
            state.usedBytes += chunk.bytes
            return chunk
        }
    }

    /// Takes pages back. Nothing that was in them remains.
    func give(_ chunk: Chunk) {
        explicit_bzero(chunk.base, chunk.bytes)
        var empty = chunk
        empty.isSingle = false
        let spare = empty
        lock.withLock { state in
            state.usedBytes -= spare.bytes
            state.spareBytes += spare.bytes
            state.spare.insert(spare, at: state.spare.firstIndex { $0.bytes >= spare.bytes } ?? state.spare.count)
        }
    }

    private static func dropSpare(_ state: inout State) {
        for chunk in state.spare { munmap(chunk.base, chunk.bytes) }
        state.spare = []
        state.spareBytes = 0
    }

    private static func map(_ bytes: Int) -> Chunk? {
        guard let base = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED else { return nil }
        madvise(base, bytes, MADV_DONTDUMP)
        // Fewer, larger pages: making pages present is a large part of what a job does that groups by millions of keys.
        if bytes >= hugePageBytes { madvise(base, bytes, MADV_HUGEPAGE) }
        return Chunk(base: base, bytes: bytes, isLocked: mlock(base, bytes) == 0)
    }
}
