// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular
import TestBasics
import Testing

/// Pages go from arena to arena: each gets them empty, and no two have them at a time.
@Suite struct ArenaReuseTests {
    /// Arenas of one budget that come, fill memory and go as the seed says. What one holds is looked at once more before it goes.
    private struct Walk {
        struct Piece {
            let start: UnsafeMutablePointer<UInt64>
            let count: Int
            let mark: UInt64
            var isWhole: Bool { start[0] == mark && isUniform(start, count * 8, period: 8) }
        }

        let budget: MemoryBudget
        var random: SplitMix64
        var arenas: [(arena: ConfidentialArena, pieces: [Piece])] = []
        var refusals = 0

        /// False when memory was not empty, or somebody else wrote to it.
        mutating func step() -> Bool {
            if arenas.isEmpty || arenas.count < 8 && random.chance(20) { arenas.append((ConfidentialArena(budget: budget), [])) }
            let place = random.below(arenas.count)
            switch random.below(10) {
            case 0:
                let ended = arenas.remove(at: place)
                return ended.pieces.allSatisfy(\.isWhole)
            case 1 where !arenas[place].pieces.isEmpty:
                let piece = arenas[place].pieces.removeLast()
                guard piece.isWhole else { return false }
                arenas[place].arena.giveBack(piece.start)
                return true
            default:
                let count = 1 + random.below(1 << (4 + random.below(15)))
                guard let start = arenas[place].arena.allocate(UInt64.self, count: count) else {
                    refusals += 1
                    return true
                }
                let piece = Piece(start: start, count: count, mark: random.next() | 1)
                guard start[0] == 0, isUniform(start, count * 8, period: 8) else { return false }
                start.update(repeating: piece.mark, count: count)
                arenas[place].pieces.append(piece)
                return true
            }
        }
    }

    @Test(arguments: 1...4) func memoryIsEmptyAndOnesOwn(seed: UInt64) {
        let budget = MemoryBudget(limitBytes: 12 << 20)
        var walk = Walk(budget: budget, random: SplitMix64(seed: seed))
        var wrong = 0
        for _ in 0..<1_500 where !walk.step() { wrong += 1 }
        #expect(wrong == 0)
        #expect(walk.refusals > 0)
        #expect(budget.usedBytes <= budget.limitBytes + ConfidentialArena.chunkBytes)
        walk.arenas = []
        #expect(budget.usedBytes == 0)
    }

    @Test func manyThreadsShareABudget() throws {
        struct NotEmpty: Error {}
        let budget = MemoryBudget(limitBytes: 48 << 20, wipers: 2)
        try Workers.run(6) { (number) throws(NotEmpty) in
            var walk = Walk(budget: budget, random: SplitMix64(seed: UInt64(100 + number)))
            for _ in 0..<500 { guard walk.step() else { throw NotEmpty() } }
        }
        #expect(budget.usedBytes == 0)
    }

    /// The pages stay mapped as long as the budget lives, so what is left in them can be looked for where it lay.
    @Test(arguments: [100, 200 << 10, 3 << 20, 9 << 20 + 4_000], [1, 3])
    func nothingRemainsOfAnEndedArena(bytes: Int, wipers: Int) throws {
        let budget = MemoryBudget(limitBytes: 64 << 20, wipers: wipers)
        var places: [UnsafeMutablePointer<UInt8>] = []
        var arena: ConfidentialArena? = ConfidentialArena(budget: budget)
        for _ in 0..<3 {
            let memory = try #require(arena?.allocate(UInt8.self, count: bytes))
            memory.update(repeating: 0xC7, count: bytes)
            places.append(memory)
        }
        #expect(places.allSatisfy { $0[0] == 0xC7 && isUniform($0, bytes) })
        arena = nil
        #expect(places.allSatisfy { $0[0] == 0 && isUniform($0, bytes) })
        // The next arena gets those very pages.
        let next = ConfidentialArena(budget: budget)
        let memory = try #require(next.allocate(UInt8.self, count: bytes))
        #expect(places.contains(memory))
    }

    @Test func givenBackPiecesAreOverwrittenAtOnce() throws {
        let arena = ConfidentialArena(budget: MemoryBudget(limitBytes: 64 << 20))
        let memory = try #require(arena.allocate(UInt8.self, count: 5 << 20))
        memory.update(repeating: 0xC7, count: 5 << 20)
        arena.giveBack(memory)
        #expect(memory[0] == 0 && isUniform(memory, 5 << 20))
    }

    /// What many small arenas gave back melts into room for a large one.
    @Test func neighboursMelt() throws {
        let budget = MemoryBudget(limitBytes: 8 << 20)
        var arenas = (0..<16).map { _ in ConfidentialArena(budget: budget) }
        for arena in arenas { #expect(arena.allocate(bytes: 400 << 10) != nil) }
        arenas = arenas.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        arenas = []
        #expect(ConfidentialArena(budget: budget).allocate(bytes: 8 << 20) != nil)
    }

    @Test func limitAtTheEdgeAndOver() {
        let limit = 16 << 20, slack = ConfidentialArena.chunkBytes
        #expect(ConfidentialArena(budget: MemoryBudget(limitBytes: limit)).allocate(bytes: limit) != nil)
        #expect(ConfidentialArena(budget: MemoryBudget(limitBytes: limit)).allocate(bytes: limit + 1) == nil)
        let budget = MemoryBudget(limitBytes: limit)
        let first = ConfidentialArena(budget: budget), second = ConfidentialArena(budget: budget)
        #expect(first.allocate(bytes: limit) != nil)
        #expect(!budget.takeRefusal())
        #expect(second.allocate(bytes: slack + 1) == nil)
        #expect(budget.takeRefusal())
        #expect(second.allocate(bytes: slack) != nil)
        #expect(second.allocate(bytes: 1) == nil)
        #expect(budget.usedBytes == limit + slack)
    }

    /// In a process of its own, whose private memory is only what it maps itself.
    @Test func noMoreIsMappedThanTheLimitSays() async {
        await #expect(processExitsWith: .success) {
            let limit = 16 << 20, before = ProcessFiles.privateBytes()
            var walk = Walk(budget: MemoryBudget(limitBytes: limit), random: SplitMix64(seed: 9)), most = 0
            for _ in 0..<1_500 {
                guard walk.step() else { exit(3) }
                most = max(most, ProcessFiles.privateBytes() - before)
            }
            // A mebibyte for what the test itself needs.
            #expect(most > limit - (2 << 20) && most <= limit + ConfidentialArena.chunkBytes + (1 << 20))
            walk.arenas = []
            walk = Walk(budget: MemoryBudget(limitBytes: limit), random: SplitMix64(seed: 9))
            #expect(ProcessFiles.privateBytes() - before < 1 << 20)
        }
    }

    /// As the kernel sees it: in no dump ("dd"), and locked ("lo") exactly when the arena says so.
    @Test(arguments: [64, 1 << 20, 12 << 20])
    func pagesAreKeptOutOfDumps(bytes: Int) throws {
        let arena = ConfidentialArena(budget: MemoryBudget(limitBytes: 64 << 20))
        let memory = try #require(arena.allocate(bytes: bytes))
        for place in [memory, memory + bytes - 1] {
            let flags = try #require(ProcessFiles.flags(of: place))
            #expect(flags.contains("dd"))
            #expect(flags.contains("lo") == arena.isLocked)
        }
    }
}

/// Whether the bytes repeat themselves.
private func isUniform(_ start: UnsafeRawPointer, _ bytes: Int, period: Int = 1) -> Bool {
    memcmp(start, start + period, bytes - period) == 0
}

/// What the kernel tells of this process.
private enum ProcessFiles {
    static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Size of all writable private memory.
    static func privateBytes() -> Int {
        let line = text("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("VmData:") }
        return (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0) << 10
    }

    /// Flags of the mapping that an address lies in.
    static func flags(of place: UnsafeMutableRawPointer) -> [Substring]? {
        let address = UInt(bitPattern: place)
        var isThere = false
        for line in text("/proc/self/smaps").split(separator: "\n") {
            let words = line.split(separator: " ")
            let ends = words.first?.split(separator: "-").compactMap { UInt($0, radix: 16) } ?? []
            if ends.count == 2 { isThere = ends[0] <= address && address < ends[1] }
            if isThere, line.hasPrefix("VmFlags:") { return Array(words.dropFirst()) }
        }
        return nil
    }
}
