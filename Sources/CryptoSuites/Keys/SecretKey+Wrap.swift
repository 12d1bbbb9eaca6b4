// SPDX-License-Identifier: Apache-2.0

extension SecretKey {
    /// "YNWK" and version 1, in front of the chunked form (Documentation/Formats/sealed-key.md).
    private static let wrappedMagic = Array("YNWK".utf8)
    private static let wrappedHeader = wrappedMagic + [1]
    /// Length of a wrapped key.
    public static let wrappedByteCount = 5 + ChunkedEncryption.sealedByteCount(messageBytes: byteCount)

    /// The key sealed under another one and bound to a context (what it is for, who owns it, which epoch).
    ///
    /// Throws only `crypto.library-unavailable`.
    public func wrap(
        under parent: SecretKey, context: [UInt8], random: RandomBytes = .system
    ) throws(CryptoError) -> [UInt8] {
        try withBytes { key throws(CryptoError) in
            try SealedSecret.seal(
                key, under: parent.derive("key wrap"), header: Self.wrappedHeader, context: context, random: random)
        }
    }

    /// The key inside a wrapped form.
    ///
    /// Throws `crypto.malformed`, `crypto.version-unknown`, `crypto.commitment-mismatch` (another parent or context)
    /// or `crypto.authentication-failed` (altered).
    public static func unwrap(
        _ wrapped: [UInt8], under parent: SecretKey, context: [UInt8]
    ) throws(CryptoError) -> SecretKey {
        guard wrapped.count == wrappedByteCount, wrapped.starts(with: wrappedMagic) else {
            throw CryptoError(.malformed, ["wrapped key"])
        }
        guard wrapped[4] == 1 else { throw CryptoError(.versionUnknown, ["wrapped key"]) }
        let memory = try SealedSecret.open(
            wrapped[5...], under: parent.derive("key wrap"), header: wrappedHeader, context: context,
            byteCount: byteCount, name: "wrapped key")
        return SecretKey(memory)
    }
}
