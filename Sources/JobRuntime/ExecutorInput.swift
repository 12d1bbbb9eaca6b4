// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import CryptoSuites
import WireContract

/// One request with what came along: descriptors and keys, addressed by position.
package struct ExecutorInput {
    let json: JSONValue
    let descriptors: [OwnedDescriptor]
    let keys: [SecretKey]
    let confinement: ConfinementReport

    package init(json: JSONValue, descriptors: [OwnedDescriptor], keys: [SecretKey], confinement: ConfinementReport) {
        self.json = json
        self.descriptors = descriptors
        self.keys = keys
        self.confinement = confinement
    }

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
package final class SecretBox {
    private var buffer: LockedBuffer?

    package init() {}

    /// Memory for the keys; refuses what is no whole number of keys.
    package func reserve(bytes: Int) -> UnsafeMutableRawBufferPointer? {
        guard bytes % SecretKey.byteCount == 0, buffer == nil else { return nil }
        let made = LockedBuffer(count: bytes)
        buffer = made
        return made.mutableBytes
    }

    /// The keys; the buffer is wiped.
    package func takeKeys() throws -> [SecretKey] {
        defer { buffer = nil }
        return try buffer?.keys() ?? []
    }
}
