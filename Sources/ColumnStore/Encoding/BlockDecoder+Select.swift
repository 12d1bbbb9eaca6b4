// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Tests rows as they are stored: offsets are compared in their own width, without being decoded.
extension BlockDecoder {
    /// Which rows have a value in `range`; NULL is in none. Of 64-bit columns only. `scratch` has room for the rows' values, `flags`
    /// and `validity` for the rows rounded up to 8.
    mutating func select(
        _ range: ValueRange, _ rows: BlockRows, scratch: UnsafeMutableRawPointer, validity: UnsafeMutablePointer<UInt8>,
        into flags: UnsafeMutablePointer<UInt8>
    ) -> BlockMatch {
        precondition(physical == .int64, "64-bit values")
        let match: BlockMatch
        switch encoding {
        case .allNull, .bits, .localTexts: return .none
        case .constant: match = range.contains(UnsafeRawPointer(body).get(Int64.self, at: 0)) ? .all : .none
        case .offsets: match = selectOffsets(range, rows, flags)
        case .plain, .runs:
            if range.isEmpty { return .none }
            let values = UnsafePointer(values(rows, into: scratch).array(UInt64.self))
            let least = UInt64(bitPattern: range.lower)
            match = Self.test(values, .range(0..<rows.count), least: least, span: UInt64(bitPattern: range.upper) &- least, flags)
        }
        guard hasNulls, match != .none else { return match }
        self.validity(rows, into: validity)
        if match == .all {
            flags.update(from: validity, count: rows.count)
        } else {
            for row in 0..<rows.count { flags[row] &= validity[row] }
        }
        return .some
    }

    private func selectOffsets(_ range: ValueRange, _ rows: BlockRows, _ flags: UnsafeMutablePointer<UInt8>) -> BlockMatch {
        switch width {
        case 1: selectOffsets(body.array(UInt8.self), range, rows, flags)
        case 2: selectOffsets(body.array(UInt16.self), range, rows, flags)
        case 4: selectOffsets(body.array(UInt32.self), range, rows, flags)
        default: selectOffsets(body.array(UInt64.self), range, rows, flags)
        }
    }

    /// The range in terms of offsets: what no offset of this width can reach is cut off.
    @inline(__always)
    private func selectOffsets<Narrow: FixedWidthInteger & UnsignedInteger>(
        _ source: UnsafePointer<Narrow>, _ range: ValueRange, _ rows: BlockRows, _ flags: UnsafeMutablePointer<UInt8>
    ) -> BlockMatch {
        let least = max(Int128(range.lower) - Int128(parameter), 0)
        let greatest = min(Int128(range.upper) - Int128(parameter), Int128(Narrow.max))
        if least > greatest { return .none }
        if least == 0, greatest == Int128(Narrow.max) { return .all }
        return Self.test(source, rows, least: Narrow(truncatingIfNeeded: least), span: Narrow(truncatingIfNeeded: greatest - least), flags)
    }

    @inline(__always)
    private static func test<Narrow: FixedWidthInteger & UnsignedInteger>(
        _ source: UnsafePointer<Narrow>, _ rows: BlockRows, least: Narrow, span: Narrow, _ flags: UnsafeMutablePointer<UInt8>
    ) -> BlockMatch {
        switch rows {
        case .range(let range):
            let start = source + range.lowerBound
            for row in 0..<range.count { flags[row] = start[row] &- least <= span ? 1 : 0 }
        case .chosen(let chosen, let count):
            for place in 0..<count { flags[place] = source[Int(chosen[place])] &- least <= span ? 1 : 0 }
        }
        return .some
    }
}
