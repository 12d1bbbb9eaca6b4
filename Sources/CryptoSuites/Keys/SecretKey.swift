// SPDX-License-Identifier: Apache-2.0

/// A 256-bit secret key in locked memory, wiped when the last holder lets go.
///
/// Deliberately without description, coding or equality: a key cannot be printed, stored or compared by mistake.
public final class SecretKey: @unchecked Sendable {
    public static let byteCount = 32

    // Written only while being made, so sharing it is safe.
    private let memory: LockedBytes

    init(_ memory: LockedBytes) { self.memory = memory }

    /// A new key from a random source.
    public static func random(from source: RandomBytes = .system) -> SecretKey {
        let memory = LockedBytes(count: byteCount)
        memory.write { source.fill($0) }
        return SecretKey(memory)
    }

    /// Copies 32 bytes; the caller wipes the original. Throws `crypto.wrong-length`.
    public init(copying bytes: UnsafeRawBufferPointer) throws(CryptoError) {
        guard bytes.count == Self.byteCount else { throw CryptoError(.wrongLength, ["key", "32"]) }
        memory = LockedBytes(copying: bytes)
    }

    /// The key as bytes, for the duration of the call.
    package func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try memory.read(body)
    }

    /// A key for one purpose and place; different labels or contexts give unrelated keys.
    ///
    /// HKDF-Expand with SHA-256 (RFC 5869); label and context are length-prefixed, so no two pairs meet.
    /// The label is a constant of the program, at most ``CryptoSuites.Limits/labelBytes`` bytes.
    public func derive(_ label: String, _ context: [UInt8] = []) -> SecretKey {
        let derived = LockedBytes(count: Self.byteCount)
        derived.write { expand(label, context, into: $0) }
        return SecretKey(derived)
    }

    /// A public name of the key, which tells nothing about it.
    public var id: KeyID {
        var id: UInt64 = 0
        withUnsafeMutableBytes(of: &id) { expand("key id", [], into: $0) }
        return KeyID(value: UInt64(bigEndian: id))
    }

    private func expand(_ label: String, _ context: [UInt8], into output: UnsafeMutableRawBufferPointer) {
        let name = Array(label.utf8)
        precondition(name.count <= CryptoSuites.Limits.labelBytes)
        var info = Array("yunei/derive@v1".utf8) + [0, UInt8(name.count)] + name
        withUnsafeBytes(of: UInt64(context.count).bigEndian) { info.append(contentsOf: $0) }
        info.append(contentsOf: context)
        memory.read { KeyDerivation.expandSHA256($0, info: info, into: output) }
    }
}

/// The public name of a key: 8 bytes derived from it.
public struct KeyID: Hashable, Sendable, CustomStringConvertible {
    private let value: UInt64

    init(value: UInt64) { self.value = value }

    /// Nil unless there are exactly 8 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 8 else { return nil }
        value = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    public var bytes: [UInt8] { withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) } }

    /// 16 lower-case hexadecimal digits.
    public var description: String { Hexadecimal.encode(bytes) }
}
