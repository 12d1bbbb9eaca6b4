// SPDX-License-Identifier: Apache-2.0

import Tabular
import Testing

/// Arenas of one job share what they may map, and what one gave back is zeroed for the next.
@Suite struct MemoryBudgetTests {
    @Test func arenasShareTheLimit() {
        let budget = MemoryBudget(limitBytes: 64 << 20)
        let one = ConfidentialArena(budget: budget)
        #expect(one.allocate(bytes: 48 << 20) != nil)
        let other = ConfidentialArena(budget: budget)
        #expect(other.allocate(bytes: 32 << 20) == nil)
        #expect(other.allocate(bytes: 8 << 20) != nil)
    }

    @Test func memoryComesBackEmpty() {
        let budget = MemoryBudget(limitBytes: 64 << 20)
        func fill() {
            let arena = ConfidentialArena(budget: budget)
            let memory = arena.allocate(UInt8.self, count: 40 << 20)!
            #expect((0..<40).allSatisfy { memory[$0 << 20] == 0 })
            memory.update(repeating: 7, count: 40 << 20)
        }
        fill()
        #expect(budget.usedBytes == 0)
        fill()
        #expect(budget.usedBytes == 0)
    }

    @Test func largePiecesGoBackSinglyAndSmallOnesStay() {
        let arena = ConfidentialArena(budget: MemoryBudget(limitBytes: 64 << 20))
        let small = arena.allocate(bytes: 64)!
        let large = arena.allocate(bytes: 8 << 20)!
        let mapped = arena.mappedBytes
        arena.giveBack(small)
        #expect(arena.mappedBytes == mapped)
        arena.giveBack(large)
        #expect(arena.mappedBytes == mapped - (8 << 20))
    }
}
