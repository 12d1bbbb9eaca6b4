// SPDX-License-Identifier: Apache-2.0

/// A 96-bit number used once per key.
public struct Nonce: Hashable, Sendable {
    public static let byteCount = 12
    private let high: UInt32
    private let low: UInt64

    init(high: UInt32, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Nil unless there are exactly 12 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        high = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        low = bytes.dropFirst(4).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// This nonce with a counter mixed in, as the construction of C2SP chunked-encryption asks (XOR, big-endian).
    func mixed(with counter: UInt64) -> Nonce { Nonce(high: high, low: low ^ counter) }

    public var bytes: [UInt8] { withBytes { [UInt8]($0) } }

    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        withUnsafeTemporaryAllocation(byteCount: Self.byteCount, alignment: 4) { memory in
            memory.storeBytes(of: high.bigEndian, as: UInt32.self)
            memory.storeBytes(of: low.bigEndian, toByteOffset: 4, as: UInt64.self)
            return body(UnsafeRawBufferPointer(memory))
        }
    }
}

/// The 128-bit tag of a sealed block.
public struct Tag: Hashable, Sendable {
    public static let byteCount = 16
    var words: (UInt64, UInt64) = (0, 0)

    init() {}

    /// Nil unless there are exactly 16 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    }

    public var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

    public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try Swift.withUnsafeBytes(of: words, body)
    }

    public static func == (left: Tag, right: Tag) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) { withUnsafeBytes { hasher.combine(bytes: $0) } }
}
