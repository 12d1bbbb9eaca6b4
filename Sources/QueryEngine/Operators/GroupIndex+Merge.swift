// SPDX-License-Identifier: Apache-2.0

/// Ascending indices are merged as sorted lists are.
extension GroupIndex {
    /// The first group of an ascending index whose key is not below.
    func firstGroup(atLeast key: Int64) -> Int {
        let keys = words[1].base
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if Int64(bitPattern: keys[middle]) < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Takes these groups of ascending indices over; `maps`: for each index where the numbers here go.
    func merge(ascending others: [GroupIndex], _ ranges: [Range<Int>], into maps: [UnsafeMutablePointer<UInt32>]) throws(EngineError) {
        try room(for: ranges.reduce(0) { $0 + $1.count })
        var places = ranges.map(\.lowerBound)
        while let (least, key, following) = Self.least(others, ranges, places) {
            // Keys that only the first has come in long runs.
            let keys = others[least].words[1].base, map = maps[least], end = ranges[least].upperBound
            var place = places[least]
            if following.map({ key < $0 }) ?? true {
                while place < end {
                    let next = keys[place]
                    if let following, Int64(bitPattern: next) >= following { break }
                    map[place] = UInt32(truncatingIfNeeded: count)
                    append(ascending: next)
                    place += 1
                }
                places[least] = place
            } else {
                for index in others.indices where places[index] < ranges[index].upperBound {
                    let place = places[index]
                    guard Int64(bitPattern: others[index].words[1].base[place]) == key else { continue }
                    maps[index][place] = UInt32(truncatingIfNeeded: count)
                    places[index] += 1
                }
                append(ascending: UInt64(bitPattern: key))
            }
        }
    }

    /// The index whose next key is least, that key, and the least next key of the others.
    private static func least(_ others: [GroupIndex], _ ranges: [Range<Int>], _ places: [Int]) -> (index: Int, key: Int64, following: Int64?)? {
        var found: (index: Int, key: Int64, following: Int64?)?
        for index in others.indices where places[index] < ranges[index].upperBound {
            let key = Int64(bitPattern: others[index].words[1].base[places[index]])
            guard let known = found else {
                found = (index, key, nil)
                continue
            }
            if key < known.key {
                found = (index, key, known.key)
            } else {
                found = (known.index, known.key, known.following.map { min($0, key) } ?? key)
            }
        }
        return found
    }
}
