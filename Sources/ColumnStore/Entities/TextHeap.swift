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
        bytes = try GrowingMemory(bytes: 4096)
        ends = try GrowingMemory(bytes: 4096)
    }

    var byteCount: Int { bytes.count }
    /// Where the bytes of the first entry begin.
    var start: UnsafeRawPointer { UnsafeRawPointer(bytes.start) }
    var capacityBytes: Int { bytes.capacityBytes + ends.capacityBytes }

    @inline(__always)
    func append(_ text: UnsafeRawBufferPointer) throws(StoreError) -> UInt32 {
        try bytes.reserve(text.count)
        if let start = text.baseAddress { (bytes.start + bytes.count).copyMemory(from: start, byteCount: text.count) }
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
