// SPDX-License-Identifier: Apache-2.0

/// What went wrong in a cryptographic operation; never carries key material, plaintext or a passphrase.
public struct CryptoError: Error, Equatable, Sendable {
    /// Stable codes; each has a text in the catalogue.
    public enum Code: String, CaseIterable, Sendable {
        case suiteUnavailable = "crypto.suite-unavailable"
        case suiteUnknown = "crypto.suite-unknown"
        case libraryUnavailable = "crypto.library-unavailable"
        case authenticationFailed = "crypto.authentication-failed"
        case commitmentMismatch = "crypto.commitment-mismatch"
        case wrongPassphrase = "crypto.wrong-passphrase"
        case malformed = "crypto.malformed"
        case versionUnknown = "crypto.version-unknown"
        case wrongLength = "crypto.wrong-length"
        case limitExceeded = "crypto.limit-exceeded"
        case outOfMemory = "crypto.out-of-memory"
    }

    public let code: Code
    /// Names of formats and limits, in the order of the text's placeholders.
    public let arguments: [String]

    public init(_ code: Code, _ arguments: [String] = []) {
        self.code = code
        self.arguments = arguments
    }

    public static func == (left: CryptoError, right: CryptoError) -> Bool { left.code == right.code }
}
