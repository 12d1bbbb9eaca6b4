// SPDX-License-Identifier: Apache-2.0

import CryptoSuites

/// The cryptographic libraries, started before confinement, at work after it.
enum CryptoDeed {
    static func prepare() { try? CryptoSuites.initialise() }

    static func perform() -> Bool {
        let key = SecretKey.random().derive("probe", [1])
        let message = [UInt8](repeating: 0x5A, count: 100_000)
        guard let sealed = try? ChunkedEncryption.seal(message, inputKey: key, context: [2]),
            let opened = try? ChunkedEncryption.open(sealed, inputKey: key, context: [2]), opened == message
        else { return false }
        let signer = SigningKey.random()
        let digest = SHA256.hash(sealed)
        return signer.publicKey.verifies(signer.sign(digest.bytes), of: digest.bytes)
    }
}
