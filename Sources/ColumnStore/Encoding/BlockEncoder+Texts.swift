// SPDX-License-Identifier: Apache-2.0

extension BlockEncoder {
    /// Encodes a block of texts with the distinct texts of the block in it. `codes` are positions in `texts`.
    mutating func encodeLocalTexts(
        _ codes: UnsafeMutablePointer<UInt32>, texts: TextHeap, validity: UnsafeMutablePointer<UInt8>, count: Int
    ) throws(StoreError) {
        let offsetsBytes = (texts.count + 1) * 4
        try start(4, validity, count, extra: offsetsBytes + texts.byteCount + 16)
        guard zone.nullCount < count else { return finish(.allNull, validity, count) }
        for row in 0..<count where validity[row] == 0 { codes[row] = 0 }
        let offsets = output.start.array(UInt32.self, at: BlockLayout.headerBytes)
        var place = BlockLayout.headerBytes + offsetsBytes
        var length = 0
        for entry in 0..<texts.count {
            let text = texts.entry(UInt32(entry))
            offsets[entry] = UInt32(length)
            if let bytes = text.baseAddress { (output.start + place).copyMemory(from: bytes, byteCount: text.count) }
            place += text.count
            length += text.count
        }
        offsets[texts.count] = UInt32(length)
        place = BlockLayout.paddedToEight(place)
        let width = texts.count <= 0x100 ? 1 : texts.count <= 0x1_0000 ? 2 : 4
        let body = output.start + place
        switch width {
        case 1: for row in 0..<count { body.array(UInt8.self)[row] = UInt8(truncatingIfNeeded: codes[row]) }
        case 2: for row in 0..<count { body.array(UInt16.self)[row] = UInt16(truncatingIfNeeded: codes[row]) }
        default: for row in 0..<count { body.array(UInt32.self)[row] = codes[row] }
        }
        output.count = place + count * width
        finish(.localTexts, width: width, parameter: Int64(texts.count), validity, count)
    }
}
