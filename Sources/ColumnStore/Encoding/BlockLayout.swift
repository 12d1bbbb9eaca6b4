// SPDX-License-Identifier: Apache-2.0

/// How the plaintext of a data block is laid out (Documentation/Formats/column-file.md). All numbers little-endian.
///
/// 16 bytes: encoding, width, 1 when a validity bitmap follows, zero, row count (4), parameter (8). Then the body, then the bitmap.
enum BlockLayout {
    static let headerBytes = 16

    enum Encoding: UInt8 {
        /// Every row is NULL; no body.
        case allNull = 0
        /// One value for all rows; body: the value.
        case constant = 1
        /// Body: `width` bytes per row, added to the base. The base is the parameter; for 128-bit values it stands in front (16 bytes).
        case offsets = 2
        /// Body: the values as they lie in memory.
        case plain = 3
        /// Parameter: number of runs. Body: their values as in memory, then their lengths less one (2 bytes each).
        case runs = 4
        /// Booleans, one bit per row.
        case bits = 5
        /// Texts of this block. Parameter: number of distinct texts. Body: their offsets (4 bytes each, one more than texts), their
        /// bytes padded to a multiple of 8, then one code per row of `width` bytes.
        case localTexts = 6
    }

    static func paddedToEight(_ bytes: Int) -> Int { (bytes + 7) & ~7 }
}

extension UnsafeMutableRawPointer {
    @inline(__always)
    func put<T: BitwiseCopyable>(_ value: T, at offset: Int) { storeBytes(of: value, toByteOffset: offset, as: T.self) }

    @inline(__always)
    func array<T: BitwiseCopyable>(_ type: T.Type, at offset: Int = 0) -> UnsafeMutablePointer<T> {
        (self + offset).assumingMemoryBound(to: type)
    }
}

extension UnsafeRawPointer {
    @inline(__always)
    func get<T: BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T { loadUnaligned(fromByteOffset: offset, as: type) }
}
