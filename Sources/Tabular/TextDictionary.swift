// SPDX-License-Identifier: Apache-2.0

/// The distinct texts that the codes of a vector stand for, in confidential memory: concatenated UTF-8 with offsets.
/// Codes are positions 0..<count. Entries of one dictionary are distinct; their order has no meaning.
public final class TextDictionary: @unchecked Sendable {
    public let count: Int
    /// `count + 1` byte offsets into `bytes`.
    public let offsets: UnsafePointer<UInt32>
    public let bytes: UnsafePointer<UInt8>
    /// Whether its memory stays as it is while anybody holds this object. Else it is valid as long as the vector that came with it.
    public let isLasting: Bool
    /// Keeps the memory alive.
    private let arena: ConfidentialArena

    public init(count: Int, offsets: UnsafePointer<UInt32>, bytes: UnsafePointer<UInt8>, isLasting: Bool = false, arena: ConfidentialArena) {
        self.count = count
        self.offsets = offsets
        self.bytes = bytes
        self.isLasting = isLasting
        self.arena = arena
    }

    /// The UTF-8 of one entry.
    @inlinable
    public func entry(_ code: UInt32) -> UnsafeRawBufferPointer {
        let start = offsets[Int(code)]
        return UnsafeRawBufferPointer(start: bytes + Int(start), count: Int(offsets[Int(code) + 1] - start))
    }
}
