// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// The canonical order of released groups: by the first key, then the next; numbers, dates and times by value, false before
/// true, text byte by byte, NaN after all numbers, NULL last. So the order of rows tells nothing about how they were computed.
struct KeyOrder {
    let keys: [ColumnVector]

    func precedes(_ left: Int, _ right: Int) -> Bool {
        for key in keys {
            let order = Self.compare(key, left, right)
            if order != 0 { return order < 0 }
        }
        return false
    }

    private static func compare(_ key: ColumnVector, _ left: Int, _ right: Int) -> Int {
        switch (key.isNull(left), key.isNull(right)) {
        case (true, true): return 0
        case (true, false): return 1
        case (false, true): return -1
        case (false, false): break
        }
        switch key.type.physical {
        case .bool: return compare(key.bool[left], key.bool[right])
        case .int64: return compare(key.int64[left], key.int64[right])
        case .int128: return compare(key.int128[left], key.int128[right])
        case .double: return compare(key.double[left], key.double[right])
        case .entity: return compare(key.entities[left], key.entities[right])
        case .codes:
            guard let dictionary = key.dictionary else { return 0 }
            return compare(dictionary.entry(key.codes[left]), dictionary.entry(key.codes[right]))
        }
    }

    private static func compare<T: FixedWidthInteger>(_ left: T, _ right: T) -> Int {
        left < right ? -1 : (left > right ? 1 : 0)
    }

    private static func compare(_ left: Double, _ right: Double) -> Int {
        if left.isNaN || right.isNaN { return left.isNaN == right.isNaN ? 0 : (left.isNaN ? 1 : -1) }
        return left < right ? -1 : (left > right ? 1 : 0)
    }

    private static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        let common = min(left.count, right.count)
        if common > 0, let one = left.baseAddress, let other = right.baseAddress {
            let order = memcmp(one, other, common)
            if order != 0 { return Int(order) }
        }
        return left.count - right.count
    }
}
