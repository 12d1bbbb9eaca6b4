// SPDX-License-Identifier: Apache-2.0

/// A set of algorithms that is used together. One per domain, recorded at its birth; never negotiated.
public enum Suite: String, Sendable {
    /// SHA-256, AES-256-GCM, Ed25519, HKDF, Argon2id.
    case international
    /// SM2, SM3, SM4 (国密): known by name, not offered in this version.
    case shangmi

    /// The suite of that name, if this version can work with it.
    ///
    /// Throws `crypto.suite-unavailable` for `shangmi` and `crypto.suite-unknown` for every other name.
    public static func named(_ name: String) throws(CryptoError) -> Suite {
        switch Suite(rawValue: name) {
        case .international: return .international
        case .shangmi: throw CryptoError(.suiteUnavailable, [Suite.shangmi.rawValue])
        case nil: throw CryptoError(.suiteUnknown, [name])
        }
    }
}
