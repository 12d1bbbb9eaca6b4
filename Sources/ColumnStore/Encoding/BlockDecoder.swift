// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Decodes rows of the plaintext of one block into memory laid out as the physical type says. Only rows that are asked for are touched.
///
/// The bytes are authenticated, so a nil result means a fault of ours or another version of the format; bounds are checked all the same.
struct BlockDecoder {
    /// Whether some row may be NULL.
    let hasNulls: Bool
    /// Texts of this block, when it brings its own.
    let localTexts: (count: Int, offsets: UnsafePointer<UInt32>, bytes: UnsafePointer<UInt8>)?
    private let plain: UnsafeMutableRawPointer
    let physical: PhysicalType
    let encoding: BlockLayout.Encoding
    let width: Int
    let parameter: Int64
    /// Where the values of rows begin; of runs their values.
    let body: UnsafeMutableRawPointer
    private let bitmap: UnsafeMutableRawPointer?
    /// The run that was met last, and its first row.
    private var run = 0
    private var runStart = 0

    init?(_ plain: UnsafeMutableRawPointer, byteCount: Int, rows: Int, _ physical: PhysicalType) {
        guard byteCount >= BlockLayout.headerBytes else { return nil }
        let header = UnsafeRawPointer(plain)
        guard let encoding = BlockLayout.Encoding(rawValue: header.get(UInt8.self, at: 0)), header.get(UInt8.self, at: 3) == 0,
            Int(UInt32(littleEndian: header.get(UInt32.self, at: 4))) == rows
        else { return nil }
        let hasBitmap = header.get(UInt8.self, at: 2) == 1
        let bodyEnd = byteCount - (hasBitmap ? (rows + 7) / 8 : 0)
        guard bodyEnd >= BlockLayout.headerBytes else { return nil }
        self.plain = plain
        self.physical = physical
        self.encoding = encoding
        width = Int(header.get(UInt8.self, at: 1))
        parameter = Int64(littleEndian: header.get(Int64.self, at: 8))
        bitmap = hasBitmap ? plain + bodyEnd : nil
        hasNulls = hasBitmap || encoding == .allNull
        var texts: (count: Int, offsets: UnsafePointer<UInt32>, bytes: UnsafePointer<UInt8>)?
        let shape = BlockShape(plain, encoding, physical, width: width, parameter: parameter, rows: rows, bodyEnd: bodyEnd)
        guard let start = shape.bodyStart(texts: &texts) else { return nil }
        body = plain + start
        localTexts = texts
    }

    /// Values of the rows, in `values` or in the block itself. `values` has room for them.
    mutating func values(_ rows: BlockRows, into values: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        switch physical {
        case .bool: bits(rows, values.array(UInt8.self))
        case .int64, .double: integers(rows, values.array(Int64.self))
        case .int128: integers(rows, values.array(Int128.self))
        case .codes, .entity: integers(rows, values.array(UInt32.self))
        }
    }

    /// Between which 64-bit numbers the values of the block lie, where the header alone tells.
    var bounds: ClosedRange<Int64>? {
        guard physical == .int64 else { return nil }
        switch encoding {
        case .constant:
            let value = UnsafeRawPointer(body).get(Int64.self, at: 0)
            return value...value
        case .offsets where width < 8:
            let (upper, overflow) = parameter.addingReportingOverflow(1 << Int64(width * 8) - 1)
            return overflow ? nil : parameter...upper
        case .offsets, .plain, .runs, .allNull, .bits, .localTexts: return nil
        }
    }

    /// One byte of 0 or 1 for each row; `validity` has room for the rows rounded up to 8.
    func validity(_ rows: BlockRows, into validity: UnsafeMutablePointer<UInt8>) {
        guard let bitmap else { return validity.update(repeating: encoding == .allNull ? 0 : 1, count: rows.count) }
        Self.unpack(bitmap.array(UInt8.self), rows, into: validity)
    }

    private func bits(_ rows: BlockRows, _ output: UnsafeMutablePointer<UInt8>) -> UnsafeMutableRawPointer {
        if encoding == .allNull {
            output.update(repeating: 0, count: rows.count)
        } else {
            Self.unpack(body.array(UInt8.self), rows, into: output)
        }
        return UnsafeMutableRawPointer(output)
    }

    /// Writes up to seven bytes beyond the rows.
    private static func unpack(_ bits: UnsafePointer<UInt8>, _ rows: BlockRows, into output: UnsafeMutablePointer<UInt8>) {
        switch rows {
        case .chosen(let chosen, let count):
            for place in 0..<count { output[place] = (bits[Int(chosen[place] >> 3)] >> UInt8(chosen[place] & 7)) & 1 }
        case .range(let range) where range.lowerBound & 7 != 0:
            for row in range { output[row - range.lowerBound] = (bits[row >> 3] >> UInt8(row & 7)) & 1 }
        case .range(let range):
            let target = UnsafeMutableRawPointer(output), source = bits + range.lowerBound / 8
            for byte in 0..<(range.count + 7) / 8 {
                // Bit k of the byte moves to byte k, then any set bit becomes 1.
                let spread = (UInt64(source[byte]) &* 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201
                let flags = ((spread &+ 0x7F7F_7F7F_7F7F_7F7F) >> 7) & 0x0101_0101_0101_0101
                target.storeBytes(of: flags.littleEndian, toByteOffset: byte * 8, as: UInt64.self)
            }
        }
    }

    @inline(__always)
    private mutating func integers<T: FixedWidthInteger & BitwiseCopyable>(
        _ rows: BlockRows, _ output: UnsafeMutablePointer<T>
    ) -> UnsafeMutableRawPointer {
        switch encoding {
        case .constant: output.update(repeating: UnsafeRawPointer(body).get(T.self, at: 0), count: rows.count)
        case .plain:
            let values = body.array(T.self)
            switch rows {
            case .range(let range): return UnsafeMutableRawPointer(values + range.lowerBound)
            case .chosen(let chosen, let count): for place in 0..<count { output[place] = values[Int(chosen[place])] }
            }
        case .runs: spreadRuns(rows, output)
        case .offsets: widen(rows, output, base())
        case .localTexts: widen(rows, output, 0)
        case .allNull, .bits: output.update(repeating: 0, count: rows.count)
        }
        return UnsafeMutableRawPointer(output)
    }

    @inline(__always)
    private func base<T: FixedWidthInteger & BitwiseCopyable>() -> T {
        T.bitWidth == 128
            ? T(truncatingIfNeeded: UnsafeRawPointer(plain).get(Int128.self, at: BlockLayout.headerBytes)) : T(truncatingIfNeeded: parameter)
    }

    @inline(__always)
    private func widen<T: FixedWidthInteger>(_ rows: BlockRows, _ output: UnsafeMutablePointer<T>, _ base: T) {
        switch width {
        case 1: widen(body.array(UInt8.self), rows, output, base)
        case 2: widen(body.array(UInt16.self), rows, output, base)
        case 4: widen(body.array(UInt32.self), rows, output, base)
        default: widen(body.array(UInt64.self), rows, output, base)
        }
    }

    @inline(__always)
    private func widen<Narrow: FixedWidthInteger & UnsignedInteger, T: FixedWidthInteger>(
        _ source: UnsafePointer<Narrow>, _ rows: BlockRows, _ output: UnsafeMutablePointer<T>, _ base: T
    ) {
        switch rows {
        case .range(let range):
            let start = source + range.lowerBound
            for row in 0..<range.count { output[row] = T(truncatingIfNeeded: start[row]) &+ base }
        case .chosen(let chosen, let count):
            for place in 0..<count { output[place] = T(truncatingIfNeeded: source[Int(chosen[place])]) &+ base }
        }
    }

    /// Rows are met in order most of the time, so runs are walked on from the one that was met last.
    @inline(__always)
    private mutating func spreadRuns<T: FixedWidthInteger & BitwiseCopyable>(_ rows: BlockRows, _ output: UnsafeMutablePointer<T>) {
        let values = body.array(T.self)
        let lengths = UnsafePointer(body.array(UInt16.self, at: Int(parameter) * MemoryLayout<T>.stride))
        var run = run, runStart = runStart
        @inline(__always)
        func find(_ row: Int) {
            if row < runStart { (run, runStart) = (0, 0) }
            while row > runStart + Int(lengths[run]) {
                runStart += Int(lengths[run]) + 1
                run += 1
            }
        }
        switch rows {
        case .range(let range):
            var row = range.lowerBound
            while row < range.upperBound {
                find(row)
                let end = min(runStart + Int(lengths[run]) + 1, range.upperBound)
                let value = values[run]
                for place in row..<end { output[place - range.lowerBound] = value }
                row = end
            }
        case .chosen(let chosen, let count):
            for place in 0..<count {
                find(Int(chosen[place]))
                output[place] = values[run]
            }
        }
        (self.run, self.runStart) = (run, runStart)
    }
}
