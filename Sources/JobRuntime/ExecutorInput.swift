// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import CryptoSuites
import WireContract

/// One request with what came along: descriptors and keys, addressed by position.
struct ExecutorInput {
    let json: JSONValue
    let descriptors: [OwnedDescriptor]
    let keys: [SecretKey]
    let confinement: ConfinementReport

    /// Throws `runtime.bad-request` for a position that does not exist.
    func descriptor(_ position: Int) throws(RuntimeError) -> Int32 {
        guard descriptors.indices.contains(position) else { throw RuntimeError(.badRequest) }
        return descriptors[position].number
    }

    func key(_ position: Int) throws(RuntimeError) -> SecretKey {
        guard keys.indices.contains(position) else { throw RuntimeError(.badRequest) }
        return keys[position]
    }
}

/// Locked memory for the secret part of the request, given up as keys at once.
final class SecretBox {
    private var buffer: LockedBuffer?

    /// Memory for the keys; refuses what is no whole number of keys.
    func reserve(bytes: Int) -> UnsafeMutableRawBufferPointer? {
        guard bytes % SecretKey.byteCount == 0, buffer == nil else { return nil }
        let made = LockedBuffer(count: bytes)
        buffer = made
        return made.mutableBytes
    }

    /// The keys; the buffer is wiped.
    func takeKeys() throws -> [SecretKey] {
        defer { buffer = nil }
        return try buffer?.keys() ?? []
    }
}
