// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One growing stretch of confidential memory that can be given back singly: mapped, left out of dumps, locked where the limit
/// allows, wiped before it is unmapped. The arena of Tabular only grows; a load needs memory that it can return.
final class GrowingMemory {
    private(set) var start: UnsafeMutableRawPointer
    private(set) var capacityBytes: Int
    /// Bytes in use; only callers change it.
    var count = 0

    /// Zeroed memory of at least `bytes`. Throws `store.out-of-memory`.
    init(bytes: Int) throws(StoreError) {
        capacityBytes = Self.rounded(bytes)
        start = try Self.map(capacityBytes)
    }

    /// Nothing yet; the first `reserve` maps.
    init() {
        capacityBytes = 0
        start = Self.nowhere
    }

    deinit { Self.unmap(start, capacityBytes) }

    /// Makes room for `more` bytes behind `count`. Pointers into the memory are void afterwards.
    @inline(__always)
    func reserve(_ more: Int) throws(StoreError) {
        if count + more > capacityBytes { try grow(to: count + more) }
    }

    @inline(never)
    private func grow(to bytes: Int) throws(StoreError) {
        let newCapacity = Self.rounded(max(bytes, capacityBytes * 2))
        let newStart = try Self.map(newCapacity)
        newStart.copyMemory(from: start, byteCount: count)
        Self.unmap(start, capacityBytes)
        start = newStart
        capacityBytes = newCapacity
    }

    /// Takes the memory of another one, which gets this one's.
    func exchange(with other: GrowingMemory) {
        // Not by `swap`: passing these properties along would make every access to them a checked one.
        let (myStart, myCapacity, myCount) = (start, capacityBytes, count)
        (start, capacityBytes, count) = (other.start, other.capacityBytes, other.count)
        (other.start, other.capacityBytes, other.count) = (myStart, myCapacity, myCount)
    }

    private static let hugeBytes = 2 << 20
    /// Stands where there is no memory; never read or written.
    nonisolated(unsafe) private static let nowhere = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)

    private static func rounded(_ bytes: Int) -> Int { (max(bytes, 1) + 4095) & ~4095 }

    private static func map(_ bytes: Int) throws(StoreError) -> UnsafeMutableRawPointer {
        guard let base = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED else {
            throw StoreError(.outOfMemory)
        }
        madvise(base, bytes, MADV_DONTDUMP)
        // Tables that are read at random lose most of their time to address translation otherwise.
        if bytes >= hugeBytes { madvise(base, bytes, MADV_HUGEPAGE) }
        mlock(base, bytes)
        return base
    }

    private static func unmap(_ base: UnsafeMutableRawPointer, _ bytes: Int) {
        guard bytes > 0 else { return }
        explicit_bzero(base, bytes)
        munmap(base, bytes)
    }
}
