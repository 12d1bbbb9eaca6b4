// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Memory that several arenas of one job share. What one gives back is overwritten and handed to the next, since making pages
/// present costs more than using them; it goes back to the system with the job.
public final class MemoryBudget: Sendable {
    /// Largest number of bytes that may be in use at a time, give or take one chunk.
    public let limitBytes: Int
    /// Threads that overwrite what a part of the job held.
    private let wipers: Int
    private let lock = Mutex<State>(State())

    /// Pages of one arena.
    struct Chunk: @unchecked Sendable {
        let base: UnsafeMutableRawPointer
        let bytes: Int
        let isLocked: Bool
        /// Whether it holds one allocation, which may be given back before its arena ends.
        var isSingle = false
        /// How much of it was handed out, from its start: nothing else can have been written.
        var usedBytes = 0
    }

    private struct State {
        var usedBytes = 0
        var free = MappedPages()
        var hasRefused = false
    }

    /// Less than this is overwritten sooner than a thread is started.
    private static let sharedWipeBytes = 8 << 20
    private static let wipePieceBytes = 1 << 20

    /// `wipers`: on how many threads much memory may be overwritten when a part of the job ends.
    public init(limitBytes: Int, wipers: Int = 1) {
        self.limitBytes = limitBytes
        self.wipers = wipers
    }

    // Arenas hold their budget, so all pages are free.
    deinit { lock.withLock { $0.free.unmap() } }

    /// Bytes in use now.
    public var usedBytes: Int { lock.withLock { $0.usedBytes } }

    /// Whether memory was refused since `takeRefusal` was last asked.
    public var hasRefused: Bool { lock.withLock { $0.hasRefused } }

    /// Whether memory was refused since this was last asked: tells what ran out.
    public func takeRefusal() -> Bool {
        lock.withLock { state in
            defer { state.hasRefused = false }
            return state.hasRefused
        }
    }

    func noteRefusal() { lock.withLock { $0.hasRefused = true } }

    /// Zeroed pages for so many bytes; nil when the limit or the system refuses.
    func take(_ bytes: Int) -> Chunk? {
        let pages = (bytes + 4095) & ~4095
        return lock.withLock { state in
            let used = state.usedBytes
            guard used + pages <= limitBytes + ConfidentialArena.chunkBytes,
                let chunk = state.free.take(pages)
                    ?? (state.free.map(pages, used: used, limit: limitBytes) ? state.free.take(pages) : nil)
            else {
                state.hasRefused = true
                return nil
            }
            state.usedBytes += chunk.bytes
            return chunk
        }
    }

    /// Takes pages back. Nothing that was in them remains.
    func give(_ chunks: [Chunk]) {
        wipe(chunks)
        lock.withLock { state in
            for chunk in chunks {
                state.usedBytes -= chunk.bytes
                state.free.put(chunk)
            }
        }
    }

    private func wipe(_ chunks: [Chunk]) {
        guard wipers > 1, chunks.reduce(0, { $0 + $1.usedBytes }) >= Self.sharedWipeBytes else {
            for chunk in chunks { explicit_bzero(chunk.base, chunk.usedBytes) }
            return
        }
        let pieces = chunks.flatMap { chunk in
            stride(from: 0, to: chunk.usedBytes, by: Self.wipePieceBytes).map { start in
                Chunk(
                    base: chunk.base + start, bytes: 0, isLocked: false, usedBytes: min(Self.wipePieceBytes, chunk.usedBytes - start))
            }
        }
        Workers.run(wipers, each: pieces.count) { explicit_bzero(pieces[$0].base, pieces[$0].usedBytes) }
    }
}
