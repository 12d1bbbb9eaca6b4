// SPDX-License-Identifier: Apache-2.0

/// Locked memory for several keys on their way between processes; wiped when its owner goes.
public final class LockedBuffer: @unchecked Sendable {
    private let memory: LockedBytes

    /// Zeroed memory.
    public init(count: Int) { memory = LockedBytes(count: count) }

    /// The keys one after the other.
    public init(concatenating keys: [SecretKey]) {
        memory = LockedBytes(count: keys.count * SecretKey.byteCount)
        for (position, key) in keys.enumerated() {
            let start = position * SecretKey.byteCount
            key.withBytes { bytes in
                memory.write { UnsafeMutableRawBufferPointer(rebasing: $0[start..<start + bytes.count]).copyMemory(from: bytes) }
            }
        }
    }

    /// Valid while the buffer lives.
    public var mutableBytes: UnsafeMutableRawBufferPointer { memory.write { $0 } }

    /// The bytes, for the duration of the call.
    public func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R { try memory.read(body) }

    /// The keys that stand one after the other. Throws `crypto.wrong-length` unless there is a whole number of them.
    public func keys() throws(CryptoError) -> [SecretKey] {
        guard memory.count % SecretKey.byteCount == 0 else { throw CryptoError(.wrongLength, ["key", String(SecretKey.byteCount)]) }
        var keys: [SecretKey] = []
        for start in stride(from: 0, to: memory.count, by: SecretKey.byteCount) {
            keys.append(try memory.read { bytes throws(CryptoError) in try SecretKey(copying: bytes.slice(start..<start + SecretKey.byteCount)) })
        }
        return keys
    }
}
