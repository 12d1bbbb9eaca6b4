// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Turns the codes of changing dictionaries into numbers of one text pool. Each entry of a dictionary is looked up at most once,
/// and only when a row has it.
final class CodeMapper {
    /// The number of texts that a frozen pool does not hold.
    static let missing = UInt32.max - 1
    private let pool: TextPool
    private let isFrozen: Bool
    private var dictionary: TextDictionary?
    /// 0 = not looked up, else number + 1.
    private let table: ArenaArray<UInt32>
    /// Codes of a batch that are met for the first time, and hashes of their texts.
    private let fresh: ArenaArray<UInt32>
    private let hashes: ArenaArray<UInt64>

    /// `isFrozen`: the pool is only asked, never added to.
    init(pool: TextPool, isFrozen: Bool, arena: ConfidentialArena) throws(EngineError) {
        self.pool = pool
        self.isFrozen = isFrozen
        table = try ArenaArray(arena: arena)
        fresh = try ArenaArray(arena: arena)
        hashes = try ArenaArray(arena: arena)
    }

    /// The pool number of every row with a value; rows without are left as they are.
    func map(_ vector: ColumnVector, into out: UnsafeMutablePointer<UInt32>) throws(EngineError) {
        guard let dictionary = vector.dictionary else { throw EngineError(.malformedPlan, ["dictionary"]) }
        try adopt(dictionary)
        try lookUp(vector, dictionary)
        let numbers = table.base, codes = vector.codes, count = vector.count
        if let validity = vector.validity {
            for row in 0..<count where validity[row] != 0 { out[row] = numbers[Int(codes[row])] &- 1 }
        } else {
            for row in 0..<count { out[row] = numbers[Int(codes[row])] &- 1 }
        }
    }

    /// Looks up the codes that are met for the first time, all at once: other workers wait for the pool once for each batch.
    private func lookUp(_ vector: ColumnVector, _ dictionary: TextDictionary) throws(EngineError) {
        try fresh.reserve(vector.count)
        let numbers = table.base, codes = vector.codes, validity = vector.validity, fresh = fresh.base
        var found = 0
        for row in 0..<vector.count {
            if let validity, validity[row] == 0 { continue }
            guard numbers[Int(codes[row])] == 0 else { continue }
            numbers[Int(codes[row])] = 1
            fresh[found] = codes[row]
            found += 1
        }
        guard found > 0 else { return }
        guard !isFrozen else {
            for place in 0..<found {
                numbers[Int(fresh[place])] = (pool.find(dictionary.entry(fresh[place])) ?? Self.missing) + 1
            }
            return
        }
        try hashes.reserve(found)
        for place in 0..<found { hashes.base[place] = TextPool.hash(dictionary.entry(fresh[place])) }
        try pool.internShared(dictionary, UnsafePointer(fresh), UnsafePointer(hashes.base), found, into: numbers)
    }

    private func adopt(_ next: TextDictionary) throws(EngineError) {
        if dictionary === next { return }
        table.clear(dictionary?.count ?? 0)
        try table.reserve(next.count)
        dictionary = next
    }
}
