// SPDX-License-Identifier: Apache-2.0

/// Byte strings one behind the other in confidential memory, numbered from 0.
final class TextHeap {
    private let bytes: GrowingMemory
    /// End of each entry.
    private let ends: GrowingMemory
    private(set) var count = 0
    /// Bytes of the longest text ever held.
    private(set) var longestBytes = 0

    init() throws(StoreError) {
        bytes = GrowingMemory()
        ends = GrowingMemory()
    }

    var byteCount: Int { bytes.count }
    /// Where the bytes of the first entry begin.
    var start: UnsafeRawPointer { UnsafeRawPointer(bytes.start) }
    var capacityBytes: Int { bytes.capacityBytes + ends.capacityBytes }

    @inline(__always)
    func append(_ text: UnsafeRawBufferPointer) throws(StoreError) -> UInt32 {
        try bytes.reserve(text.count)
        if let start = text.baseAddress { (bytes.start + bytes.count).copyShort(from: start, byteCount: text.count) }
        bytes.count += text.count
        try ends.reserve(8)
        ends.start.put(UInt64(bytes.count), at: ends.count)
        ends.count += 8
        count += 1
        if text.count > longestBytes { longestBytes = text.count }
        return UInt32(truncatingIfNeeded: count - 1)
    }

    @inline(__always)
    func entry(_ number: UInt32) -> UnsafeRawBufferPointer {
        let position = Int(number)
        let table = ends.start.array(UInt64.self)
        let from = position == 0 ? 0 : Int(table[position - 1])
        return UnsafeRawBufferPointer(start: bytes.start + from, count: Int(table[position]) - from)
    }

    func removeAll() {
        bytes.count = 0
        ends.count = 0
        count = 0
    }
}

extension UnsafeMutableRawPointer {
    /// Copies what is mostly a few bytes, without a call for them.
    @inline(__always)
    func copyShort(from source: UnsafeRawPointer, byteCount count: Int) {
        if count > 32 { return copyMemory(from: source, byteCount: count) }
        if count >= 8 {
            var place = 0
            while place < count - 8 {
                storeBytes(of: source.get(UInt64.self, at: place), toByteOffset: place, as: UInt64.self)
                place += 8
            }
            // The last word overlaps the one before, so that there is no rest.
            return storeBytes(of: source.get(UInt64.self, at: count - 8), toByteOffset: count - 8, as: UInt64.self)
        }
        if count >= 4 {
            let last = source.get(UInt32.self, at: count - 4)
            storeBytes(of: source.get(UInt32.self, at: 0), as: UInt32.self)
            return storeBytes(of: last, toByteOffset: count - 4, as: UInt32.self)
        }
        for place in 0..<count { storeBytes(of: source.get(UInt8.self, at: place), toByteOffset: place, as: UInt8.self) }
    }
}
