// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Turns the codes of changing dictionaries into numbers of one text pool. Each entry of a dictionary is looked up at most once,
/// and only when a row has it.
final class CodeMapper {
    /// The number of texts that a frozen pool does not hold.
    static let missing = UInt32.max
    private let pool: TextPool
    private let isFrozen: Bool
    private var dictionary: TextDictionary?
    /// 0 = not looked up, else number + 1; `missing` itself stays.
    private let table: ArenaArray<UInt32>

    /// `isFrozen`: the pool is only asked, never added to.
    init(pool: TextPool, isFrozen: Bool, arena: ConfidentialArena) throws(EngineError) {
        self.pool = pool
        self.isFrozen = isFrozen
        table = try ArenaArray(arena: arena)
    }

    /// The pool number of every row with a value; rows without are left as they are.
    func map(_ vector: ColumnVector, into out: UnsafeMutablePointer<UInt32>) throws(EngineError) {
        guard let dictionary = vector.dictionary else { throw EngineError(.malformedPlan, ["dictionary"]) }
        try adopt(dictionary)
        let numbers = table.base
        let codes = vector.codes
        let validity = vector.validity
        for row in 0..<vector.count {
            if let validity, validity[row] == 0 { continue }
            let code = codes[row]
            var number = numbers[Int(code)]
            if number == 0 {
                number = try lookUp(dictionary, code)
                numbers[Int(code)] = number
            }
            out[row] = number == Self.missing ? number : number - 1
        }
    }

    private func lookUp(_ dictionary: TextDictionary, _ code: UInt32) throws(EngineError) -> UInt32 {
        let text = dictionary.entry(code)
        if isFrozen { return pool.find(text).map { $0 + 1 } ?? Self.missing }
        return try pool.internShared(text) + 1
    }

    private func adopt(_ next: TextDictionary) throws(EngineError) {
        if dictionary === next { return }
        table.clear(dictionary?.count ?? 0)
        try table.reserve(next.count)
        dictionary = next
    }
}
