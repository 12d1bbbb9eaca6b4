// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Decodes the plaintext of one block into memory laid out as the physical type says.
///
/// The bytes are authenticated, so a nil result means a fault of ours or another version of the format; bounds are checked all the same.
struct BlockDecoder {
    let plain: UnsafeMutableRawPointer
    let byteCount: Int
    let rows: Int
    private let encoding: BlockLayout.Encoding
    private let width: Int
    private let hasBitmap: Bool
    private let parameter: Int64

    init?(_ plain: UnsafeMutableRawPointer, byteCount: Int, rows: Int) {
        guard byteCount >= BlockLayout.headerBytes else { return nil }
        let header = UnsafeRawPointer(plain)
        guard let encoding = BlockLayout.Encoding(rawValue: header.get(UInt8.self, at: 0)), header.get(UInt8.self, at: 3) == 0,
            Int(UInt32(littleEndian: header.get(UInt32.self, at: 4))) == rows
        else { return nil }
        self.plain = plain
        self.byteCount = byteCount
        self.rows = rows
        self.encoding = encoding
        width = Int(header.get(UInt8.self, at: 1))
        hasBitmap = header.get(UInt8.self, at: 2) == 1
        parameter = Int64(littleEndian: header.get(Int64.self, at: 8))
    }

    /// What a block decodes to: values stand in the given memory or in the block itself.
    struct Values {
        let start: UnsafeMutableRawPointer
        let hasNulls: Bool
        /// Texts of this block, when it brings its own.
        var localTexts: (count: Int, offsets: UnsafePointer<UInt32>, bytes: UnsafePointer<UInt8>)?
    }

    /// `values` and `validity` have room for the rows rounded up to 64.
    func decode(
        _ physical: PhysicalType, values: UnsafeMutableRawPointer, validity: UnsafeMutablePointer<UInt8>
    ) -> Values? {
        if encoding == .allNull {
            values.initializeMemory(as: UInt8.self, repeating: 0, count: rows * physical.strideBytes)
            validity.update(repeating: 0, count: rows)
            return Values(start: values, hasNulls: true)
        }
        let bitmapBytes = hasBitmap ? (rows + 7) / 8 : 0
        let bodyEnd = byteCount - bitmapBytes
        guard bodyEnd >= BlockLayout.headerBytes else { return nil }
        let decoded: Values? =
            switch physical {
            case .bool: decodeBits(values.array(UInt8.self), bodyEnd)
            case .int64: decodeIntegers(values.array(Int64.self), bodyEnd)
            case .double: decodeIntegers(values.array(Int64.self), bodyEnd)
            case .int128: decodeIntegers(values.array(Int128.self), bodyEnd)
            case .entity: decodeIntegers(values.array(UInt32.self), bodyEnd)
            case .codes: encoding == .localTexts ? decodeLocalTexts(values.array(UInt32.self), bodyEnd) : decodeIntegers(values.array(UInt32.self), bodyEnd)
            }
        guard let decoded else { return nil }
        if hasBitmap { Self.unpackBits(plain + bodyEnd, into: validity, rows) }
        return Values(start: decoded.start, hasNulls: hasBitmap, localTexts: decoded.localTexts)
    }

    private func decodeBits(_ output: UnsafeMutablePointer<UInt8>, _ bodyEnd: Int) -> Values? {
        guard encoding == .bits, bodyEnd == BlockLayout.headerBytes + (rows + 7) / 8 else { return nil }
        Self.unpackBits(plain + BlockLayout.headerBytes, into: output, rows)
        return Values(start: output, hasNulls: false)
    }

    /// One byte of 0 or 1 per bit; writes up to seven bytes beyond `count`.
    static func unpackBits(_ bits: UnsafeMutableRawPointer, into output: UnsafeMutablePointer<UInt8>, _ count: Int) {
        let source = bits.assumingMemoryBound(to: UInt8.self)
        let target = UnsafeMutableRawPointer(output)
        for byte in 0..<(count + 7) / 8 {
            // Bit k of the byte moves to byte k, then any set bit becomes 1.
            let spread = (UInt64(source[byte]) &* 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201
            let flags = ((spread &+ 0x7F7F_7F7F_7F7F_7F7F) >> 7) & 0x0101_0101_0101_0101
            target.storeBytes(of: flags.littleEndian, toByteOffset: byte * 8, as: UInt64.self)
        }
    }

    @inline(__always)
    private func decodeIntegers<T: FixedWidthInteger & BitwiseCopyable>(_ output: UnsafeMutablePointer<T>, _ bodyEnd: Int) -> Values? {
        let stride = MemoryLayout<T>.stride
        let body = BlockLayout.headerBytes
        switch encoding {
        case .constant:
            guard bodyEnd == body + stride else { return nil }
            output.update(repeating: UnsafeRawPointer(plain).get(T.self, at: body), count: rows)
        case .plain:
            guard bodyEnd == body + rows * stride else { return nil }
            return Values(start: plain + body, hasNulls: false)
        case .runs: guard decodeRuns(output, bodyEnd) else { return nil }
        case .offsets: guard decodeOffsets(output, bodyEnd) else { return nil }
        case .allNull, .bits, .localTexts: return nil
        }
        return Values(start: output, hasNulls: false)
    }

    @inline(__always)
    private func decodeRuns<T: FixedWidthInteger & BitwiseCopyable>(_ output: UnsafeMutablePointer<T>, _ bodyEnd: Int) -> Bool {
        let stride = MemoryLayout<T>.stride
        guard parameter > 0, parameter <= rows, bodyEnd == BlockLayout.headerBytes + Int(parameter) * (stride + 2) else { return false }
        let runs = Int(parameter)
        let values = plain.array(T.self, at: BlockLayout.headerBytes)
        let lengths = plain.array(UInt16.self, at: BlockLayout.headerBytes + runs * stride)
        var row = 0
        for run in 0..<runs {
            let length = Int(lengths[run]) + 1
            guard row + length <= rows else { return false }
            let value = values[run]
            for place in row..<row + length { output[place] = value }
            row += length
        }
        return row == rows
    }

    @inline(__always)
    private func decodeOffsets<T: FixedWidthInteger & BitwiseCopyable>(_ output: UnsafeMutablePointer<T>, _ bodyEnd: Int) -> Bool {
        var start = BlockLayout.headerBytes
        var base = T(truncatingIfNeeded: parameter)
        if T.bitWidth == 128 {
            guard bodyEnd >= start + 16 else { return false }
            base = T(truncatingIfNeeded: UnsafeRawPointer(plain).get(Int128.self, at: start))
            start += 16
        }
        guard bodyEnd == start + rows * width else { return false }
        switch width {
        case 1: widen(plain.array(UInt8.self, at: start), output, base)
        case 2: widen(plain.array(UInt16.self, at: start), output, base)
        case 4: widen(plain.array(UInt32.self, at: start), output, base)
        case 8 where T.bitWidth >= 64: widen(plain.array(UInt64.self, at: start), output, base)
        default: return false
        }
        return true
    }

    @inline(__always)
    private func widen<Narrow: FixedWidthInteger & UnsignedInteger, T: FixedWidthInteger>(
        _ source: UnsafePointer<Narrow>, _ output: UnsafeMutablePointer<T>, _ base: T
    ) {
        for row in 0..<rows { output[row] = T(truncatingIfNeeded: source[row]) &+ base }
    }

    private func decodeLocalTexts(_ output: UnsafeMutablePointer<UInt32>, _ bodyEnd: Int) -> Values? {
        guard parameter > 0, parameter <= rows else { return nil }
        let count = Int(parameter)
        let offsetsStart = BlockLayout.headerBytes
        let bytesStart = offsetsStart + (count + 1) * 4
        guard bytesStart <= bodyEnd else { return nil }
        let offsets = plain.array(UInt32.self, at: offsetsStart)
        guard offsets[0] == 0, (0..<count).allSatisfy({ offsets[$0] <= offsets[$0 + 1] }) else { return nil }
        let codesStart = BlockLayout.paddedToEight(bytesStart + Int(offsets[count]))
        guard bodyEnd == codesStart + rows * width else { return nil }
        switch width {
        case 1: widen(plain.array(UInt8.self, at: codesStart), output, 0)
        case 2: widen(plain.array(UInt16.self, at: codesStart), output, 0)
        case 4: widen(plain.array(UInt32.self, at: codesStart), output, 0)
        default: return nil
        }
        let texts = (count, UnsafePointer(offsets), UnsafePointer(plain.array(UInt8.self, at: bytesStart)))
        return Values(start: output, hasNulls: false, localTexts: texts)
    }
}
