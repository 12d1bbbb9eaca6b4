// SPDX-License-Identifier: Apache-2.0

/// The head of a frame, 16 bytes: `YNW` and the version 1, then the lengths of the JSON part and of the secret part and the
/// number of descriptors, each 32 bits, low byte first.
struct FrameHeader: Equatable {
    static let bytes = 16
    static let magic: [UInt8] = [UInt8(ascii: "Y"), UInt8(ascii: "N"), UInt8(ascii: "W"), 1]

    let jsonBytes: Int
    let secretBytes: Int
    let descriptors: Int

    /// Checks every part against its limit, on both sides.
    init(jsonBytes: Int, secretBytes: Int, descriptors: Int) throws(WireError) {
        guard jsonBytes <= Limits.jsonBytes else { throw WireError(.tooLarge, ["JSON", String(Limits.jsonBytes)]) }
        guard secretBytes <= Limits.secretBytes else { throw WireError(.tooLarge, ["secret", String(Limits.secretBytes)]) }
        guard descriptors <= Limits.descriptors else {
            throw WireError(.tooLarge, ["descriptors", String(Limits.descriptors)])
        }
        self.jsonBytes = jsonBytes
        self.secretBytes = secretBytes
        self.descriptors = descriptors
    }

    /// Reads a header.
    init(_ encoded: [UInt8]) throws(WireError) {
        guard encoded.count == Self.bytes, encoded.starts(with: Self.magic) else { throw WireError(.badFrame) }
        try self.init(
            jsonBytes: Self.number(encoded[4..<8]), secretBytes: Self.number(encoded[8..<12]),
            descriptors: Self.number(encoded[12..<16]))
        guard jsonBytes > 0 else { throw WireError(.badFrame) }
    }

    /// The 16 bytes.
    var encoded: [UInt8] {
        Self.magic
            + [jsonBytes, secretBytes, descriptors].flatMap { value in
                (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
            }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
