// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// An array of a trivial type in confidential memory that grows by doubling. New elements are zero. The memory it outgrows
/// stays with the arena, so it wastes at most as much as it holds, unless nobody holds its `base` across a growth.
final class ArenaArray<Element: BitwiseCopyable> {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var capacity: Int
    private let arena: ConfidentialArena

    /// Whether large memory that it outgrows goes back at once.
    private let givesBack: Bool

    init(capacity: Int = 16, givesBack: Bool = false, arena: ConfidentialArena) throws(EngineError) {
        self.givesBack = givesBack
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
        if givesBack { discard() }
        base = larger
        capacity = wanted
    }

    /// Gives its memory back if that is large; it must not be used any more.
    func discard() { arena.giveBack(UnsafeMutableRawPointer(base)) }

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
