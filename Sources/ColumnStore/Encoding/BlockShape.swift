// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Checks that a block's body has the length and the parts that its header tells of, so that decoding any of its rows stays inside.
struct BlockShape {
    let plain: UnsafeMutableRawPointer
    let encoding: BlockLayout.Encoding
    let physical: PhysicalType
    let width: Int
    let parameter: Int64
    let rows: Int
    let bodyEnd: Int

    init(
        _ plain: UnsafeMutableRawPointer, _ encoding: BlockLayout.Encoding, _ physical: PhysicalType, width: Int, parameter: Int64, rows: Int,
        bodyEnd: Int
    ) {
        self.plain = plain
        self.encoding = encoding
        self.physical = physical
        self.width = width
        self.parameter = parameter
        self.rows = rows
        self.bodyEnd = bodyEnd
    }

    /// Where values of rows begin (of runs: of runs); nil when the block is not well formed. `texts`: those of the block.
    func bodyStart(texts: inout (count: Int, offsets: UnsafePointer<UInt32>, bytes: UnsafePointer<UInt8>)?) -> Int? {
        let start = BlockLayout.headerBytes, stride = physical.strideBytes
        switch encoding {
        case .allNull: return start
        case .bits: return physical == .bool && bodyEnd == start + (rows + 7) / 8 ? start : nil
        case .constant: return physical != .bool && bodyEnd == start + stride ? start : nil
        case .plain: return physical != .bool && bodyEnd == start + rows * stride ? start : nil
        case .runs: return physical != .bool && runsCoverRows(stride) ? start : nil
        case .offsets:
            let values = physical == .int128 ? start + 16 : start
            let isKnown = [1, 2, 4].contains(width) || width == 8 && stride >= 8
            return physical != .bool && isKnown && bodyEnd == values + rows * width ? values : nil
        case .localTexts: return physical == .codes ? codesStart(&texts) : nil
        }
    }

    private func runsCoverRows(_ stride: Int) -> Bool {
        guard parameter > 0, parameter <= rows, bodyEnd == BlockLayout.headerBytes + Int(parameter) * (stride + 2) else { return false }
        let lengths = plain.array(UInt16.self, at: BlockLayout.headerBytes + Int(parameter) * stride)
        var covered = 0
        for run in 0..<Int(parameter) { covered += Int(lengths[run]) + 1 }
        return covered == rows
    }

    private func codesStart(_ texts: inout (count: Int, offsets: UnsafePointer<UInt32>, bytes: UnsafePointer<UInt8>)?) -> Int? {
        guard parameter > 0, parameter <= rows else { return nil }
        let count = Int(parameter)
        let offsetsStart = BlockLayout.headerBytes
        let bytesStart = offsetsStart + (count + 1) * 4
        guard bytesStart <= bodyEnd else { return nil }
        let offsets = plain.array(UInt32.self, at: offsetsStart)
        guard offsets[0] == 0, (0..<count).allSatisfy({ offsets[$0] <= offsets[$0 + 1] }) else { return nil }
        let codesStart = BlockLayout.paddedToEight(bytesStart + Int(offsets[count]))
        guard [1, 2, 4].contains(width), bodyEnd == codesStart + rows * width else { return nil }
        texts = (count, UnsafePointer(offsets), UnsafePointer(plain.array(UInt8.self, at: bytesStart)))
        return codesStart
    }
}
