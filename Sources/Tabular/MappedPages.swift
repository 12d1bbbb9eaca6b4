// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a budget has mapped and nobody uses. Pages come from the system in few large pieces, aligned to large pages: one fault, one
/// lock and one release then serve hundreds of small pages, and making pages present is a large part of what a short job does.
struct MappedPages {
    /// Kept out of swap.
    private var locked = FreePages()
    private var unlocked = FreePages()
    /// Least number of bytes that the system refused to lock. There is a limit, so asking for as many again would be in vain.
    private var refusedLockBytes = Int.max

    static let hugePageBytes = 2 << 20
    /// Largest piece that is mapped for more than one chunk.
    private static let sharedBytes = 32 << 20

    /// Free bytes.
    var bytes: Int { locked.bytes + unlocked.bytes }

    /// Zeroed pages from those that are free: locked ones first.
    mutating func take(_ count: Int) -> MemoryBudget.Chunk? {
        if let start = locked.take(count) { return MemoryBudget.Chunk(base: start, bytes: count, isLocked: true) }
        return unlocked.take(count).map { MemoryBudget.Chunk(base: $0, bytes: count, isLocked: false) }
    }

    /// Takes back pages that are zero.
    mutating func put(_ chunk: MemoryBudget.Chunk) {
        if chunk.isLocked { locked.put(chunk.base, chunk.bytes) } else { unlocked.put(chunk.base, chunk.bytes) }
    }

    /// Gives all free pages back to the system.
    mutating func unmap() {
        if locked.bytes > 0 { refusedLockBytes = .max }
        locked.unmap()
        unlocked.unmap()
    }

    /// Maps pages for a chunk of `count` bytes, and more of them as long as there is room: `used` bytes are in use, `limit` may be mapped.
    /// False when the system refuses.
    mutating func map(_ count: Int, used: Int, limit: Int) -> Bool {
        let whole = (count + Self.hugePageBytes - 1) & ~(Self.hugePageBytes - 1)
        let mapped = used + bytes
        // Locking makes pages present, used or not, so these pieces grow slowly.
        let wanted = refusedLockBytes == .max ? mapped / 8 : mapped / 2
        let shared = min(max(wanted & ~(Self.hugePageBytes - 1), whole), max(whole, Self.sharedBytes))
        if mapped + shared <= limit, map(shared) { return true }
        if mapped + whole <= limit, map(whole) { return true }
        // What was given back does not fit and stands in the way.
        unmap()
        return (used + whole <= limit && map(whole)) || map(count)
    }

    private mutating func map(_ count: Int) -> Bool {
        guard let start = Self.align(count) else { return false }
        madvise(start, count, MADV_DONTDUMP)
        if count >= Self.hugePageBytes { madvise(start, count, MADV_HUGEPAGE) }
        if count < refusedLockBytes, mlock(start, count) == 0 {
            locked.put(start, count)
        } else {
            refusedLockBytes = min(refusedLockBytes, count)
            unlocked.put(start, count)
        }
        return true
    }

    /// New pages; where large ones fit, they begin at one.
    private static func align(_ count: Int) -> UnsafeMutableRawPointer? {
        guard let start = anonymous(count) else { return nil }
        let excess = Int(bitPattern: start) & (hugePageBytes - 1)
        guard count >= hugePageBytes, excess != 0 else { return start }
        munmap(start, count)
        guard let wide = anonymous(count + hugePageBytes) else { return anonymous(count) }
        let before = -Int(bitPattern: wide) & (hugePageBytes - 1)
        if before > 0 { munmap(wide, before) }
        if before < hugePageBytes { munmap(wide + before + count, hugePageBytes - before) }
        return wide + before
    }

    private static func anonymous(_ count: Int) -> UnsafeMutableRawPointer? {
        let start = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        return start == MAP_FAILED ? nil : start
    }
}
