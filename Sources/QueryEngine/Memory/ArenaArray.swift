// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// An array of a trivial type in confidential memory that grows by doubling. New elements are zero. The memory it outgrows
/// stays with the arena, so it wastes at most as much as it holds.
final class ArenaArray<Element: BitwiseCopyable> {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var capacity: Int
    private let arena: ConfidentialArena

    init(capacity: Int = 16, arena: ConfidentialArena) throws(EngineError) {
        let room = max(capacity, 1)
        let memory = try arena.take(Element.self, room)
        self.arena = arena
        self.capacity = room
        base = memory
    }

    /// Makes room for `count` elements and keeps those there are.
    @inline(__always)
    func reserve(_ count: Int) throws(EngineError) {
        if count > capacity { try grow(count) }
    }

    @inline(never)
    private func grow(_ count: Int) throws(EngineError) {
        let wanted = max(count, capacity * 2)
        let larger = try arena.take(Element.self, wanted)
        memcpy(larger, base, capacity * MemoryLayout<Element>.stride)
        base = larger
        capacity = wanted
    }

    /// Zeroes the first `count` elements.
    func clear(_ count: Int) {
        memset(base, 0, min(count, capacity) * MemoryLayout<Element>.stride)
    }
}

extension ConfidentialArena {
    /// Zeroed memory for `count` values, or the one resource error.
    func take<T: BitwiseCopyable>(_ type: T.Type, _ count: Int) throws(EngineError) -> UnsafeMutablePointer<T> {
        guard let memory = allocate(type, count: count) else { throw EngineError(.resourceExhausted) }
        return memory
    }
}
