// SPDX-License-Identifier: Apache-2.0

import Tabular

/// What a zone map says about one block of one column.
struct Zone: Equatable {
    static let byteCount = 40
    var nullCount = 0
    /// Least and greatest value of integer types, bit patterns of doubles; nil for texts and entities and when all is NULL.
    var bounds: (least: Int128, greatest: Int128)?

    static func == (left: Zone, right: Zone) -> Bool {
        left.nullCount == right.nullCount && left.bounds?.least == right.bounds?.least && left.bounds?.greatest == right.bounds?.greatest
    }
}

/// Encodes one block of one column in the smallest of the forms that decode fast.
struct BlockEncoder {
    /// Room for the encoded block and its tag.
    let output: GrowingMemory
    private(set) var zone = Zone()

    init(output: GrowingMemory) { self.output = output }

    /// Encodes `count` values of a physical type. Slots of NULL rows are overwritten with something that packs well.
    /// For texts the values are codes of the whole column's dictionary. `type` decides whether the zone has bounds.
    mutating func encode(
        _ physical: PhysicalType, values: UnsafeMutableRawPointer, validity: UnsafeMutablePointer<UInt8>, count: Int
    ) throws(StoreError) {
        zone = Zone()
        try start(physical.strideBytes, validity, count)
        guard zone.nullCount < count else { return finish(.allNull, validity, count) }
        switch physical {
        case .bool: encodeBits(values.array(UInt8.self), validity, count)
        case .int64: encodeIntegers(values.array(Int64.self), validity, count, hasBounds: true)
        case .int128: encodeIntegers(values.array(Int128.self), validity, count, hasBounds: true)
        case .double: encodeDoubles(values.array(Double.self), validity, count)
        case .codes, .entity: encodeIntegers(values.array(UInt32.self), validity, count, hasBounds: false)
        }
    }

    /// Prepares the output and counts NULLs.
    mutating func start(_ stride: Int, _ validity: UnsafeMutablePointer<UInt8>, _ count: Int, extra: Int = 0) throws(StoreError) {
        output.count = 0
        try output.reserve(BlockLayout.headerBytes + 32 + count * stride + extra + count / 8 + 64)
        var valid = 0
        for row in 0..<count { valid += Int(validity[row]) }
        zone.nullCount = count - valid
    }

    /// Writes header and validity behind a body that ends at `output.count`.
    mutating func finish(
        _ encoding: BlockLayout.Encoding, width: Int = 0, parameter: Int64 = 0, _ validity: UnsafeMutablePointer<UInt8>, _ count: Int
    ) {
        let start = output.start
        if output.count == 0 { output.count = BlockLayout.headerBytes }
        let hasBitmap = zone.nullCount > 0 && zone.nullCount < count
        start.put(encoding.rawValue, at: 0)
        start.put(UInt8(width), at: 1)
        start.put(UInt8(hasBitmap ? 1 : 0), at: 2)
        start.put(UInt8(0), at: 3)
        start.put(UInt32(count).littleEndian, at: 4)
        start.put(parameter.littleEndian, at: 8)
        if hasBitmap {
            Self.packBits(validity, count, into: start + output.count)
            output.count += (count + 7) / 8
        }
    }

    private mutating func encodeBits(_ values: UnsafeMutablePointer<UInt8>, _ validity: UnsafeMutablePointer<UInt8>, _ count: Int) {
        for row in 0..<count { values[row] &= validity[row] }
        Self.packBits(values, count, into: output.start + BlockLayout.headerBytes)
        output.count = BlockLayout.headerBytes + (count + 7) / 8
        finish(.bits, validity, count)
    }

    static func packBits(_ flags: UnsafePointer<UInt8>, _ count: Int, into output: UnsafeMutableRawPointer) {
        let bytes = output.assumingMemoryBound(to: UInt8.self)
        for byte in 0..<(count + 7) / 8 {
            var packed: UInt8 = 0
            for bit in 0..<min(8, count - byte * 8) { packed |= (flags[byte * 8 + bit] & 1) << UInt8(bit) }
            bytes[byte] = packed
        }
    }

    private mutating func encodeDoubles(_ values: UnsafeMutablePointer<Double>, _ validity: UnsafeMutablePointer<UInt8>, _ count: Int) {
        var least = Double.infinity
        var greatest = -Double.infinity
        var filler = 0.0
        for row in 0..<count where validity[row] != 0 {
            least = min(least, values[row])
            greatest = max(greatest, values[row])
            filler = values[row]
        }
        zone.bounds = (Int128(least.bitPattern), Int128(greatest.bitPattern))
        for row in 0..<count where validity[row] == 0 { values[row] = filler }
        let patterns = UnsafeMutableRawPointer(values).array(UInt64.self)
        let runs = Self.runCount(patterns, count)
        if encodeFew(patterns, validity, count, runs: runs, otherBytes: count * 8) { return }
        (output.start + BlockLayout.headerBytes).copyMemory(from: values, byteCount: count * 8)
        output.count = BlockLayout.headerBytes + count * 8
        finish(.plain, validity, count)
    }

    @inline(__always)
    private mutating func encodeIntegers<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: UnsafeMutablePointer<T>, _ validity: UnsafeMutablePointer<UInt8>, _ count: Int, hasBounds: Bool
    ) {
        var least = T.max
        var greatest = T.min
        for row in 0..<count where validity[row] != 0 {
            least = min(least, values[row])
            greatest = max(greatest, values[row])
        }
        if hasBounds { zone.bounds = (Int128(least), Int128(greatest)) }
        if zone.nullCount > 0 { for row in 0..<count where validity[row] == 0 { values[row] = least } }
        let (range, overflow) = greatest.subtractingReportingOverflow(least)
        let width = overflow || T.bitWidth < 64 && range < 0 ? MemoryLayout<T>.size : Self.width(of: range)
        let stride = MemoryLayout<T>.stride
        if encodeFew(values, validity, count, runs: Self.runCount(values, count), otherBytes: count * width) { return }
        if width >= stride && stride > 8 {
            (output.start + BlockLayout.headerBytes).copyMemory(from: values, byteCount: count * stride)
            output.count = BlockLayout.headerBytes + count * stride
            return finish(.plain, validity, count)
        }
        encodeOffsets(values, least, width, count)
        finish(.offsets, width: width, parameter: Int64(truncatingIfNeeded: least), validity, count)
    }

    /// Bytes that hold 0…range.
    @inline(__always)
    private static func width<T: FixedWidthInteger>(of range: T) -> Int {
        if range < 0 { return MemoryLayout<T>.size }
        if range <= 0xFF { return 1 }
        if range <= 0xFFFF { return 2 }
        if range <= 0xFFFF_FFFF { return 4 }
        return range <= UInt64.max ? 8 : 16
    }

    @inline(__always)
    private mutating func encodeOffsets<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: UnsafeMutablePointer<T>, _ base: T, _ width: Int, _ count: Int
    ) {
        var start = BlockLayout.headerBytes
        if T.bitWidth == 128 {
            output.start.put(Int128(truncatingIfNeeded: base), at: start)
            start += 16
        }
        let body = output.start + start
        switch width {
        case 1: for row in 0..<count { body.array(UInt8.self)[row] = UInt8(truncatingIfNeeded: values[row] &- base) }
        case 2: for row in 0..<count { body.array(UInt16.self)[row] = UInt16(truncatingIfNeeded: values[row] &- base) }
        case 4: for row in 0..<count { body.array(UInt32.self)[row] = UInt32(truncatingIfNeeded: values[row] &- base) }
        default: for row in 0..<count { body.array(UInt64.self)[row] = UInt64(truncatingIfNeeded: values[row] &- base) }
        }
        output.count = start + count * width
    }

    @inline(__always)
    private static func runCount<T: Equatable>(_ values: UnsafeMutablePointer<T>, _ count: Int) -> Int {
        var runs = 1
        for row in 1..<max(count, 1) { runs += values[row] == values[row - 1] ? 0 : 1 }
        return runs
    }

    /// One value for all rows, or runs when they take less than half of the other form.
    @inline(__always)
    private mutating func encodeFew<T: Equatable & BitwiseCopyable>(
        _ values: UnsafeMutablePointer<T>, _ validity: UnsafeMutablePointer<UInt8>, _ count: Int, runs: Int, otherBytes: Int
    ) -> Bool {
        let stride = MemoryLayout<T>.stride
        if runs == 1 {
            output.start.put(values[0], at: BlockLayout.headerBytes)
            output.count = BlockLayout.headerBytes + stride
            finish(.constant, validity, count)
            return true
        }
        guard runs * (stride + 2) * 2 <= otherBytes else { return false }
        let body = output.start.array(T.self, at: BlockLayout.headerBytes)
        let lengths = output.start.array(UInt16.self, at: BlockLayout.headerBytes + runs * stride)
        var run = 0
        var first = 0
        for row in 1...count where row == count || values[row] != values[first] {
            body[run] = values[first]
            lengths[run] = UInt16(row - first - 1)
            first = row
            run += 1
        }
        output.count = BlockLayout.headerBytes + runs * (stride + 2)
        finish(.runs, parameter: Int64(runs), validity, count)
        return true
    }
}
