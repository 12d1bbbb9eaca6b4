// SPDX-License-Identifier: Apache-2.0

/// Why a log, a note or a proof was refused. Names files and indexes, never the content of an entry.
///
/// What a file system refuses is thrown as `DurableError` instead.
public struct AuditError: Error, Equatable, Sendable {
    /// Stable codes; each has a text in the catalogue.
    public enum Code: String, CaseIterable, Sendable {
        case keyMalformed = "log.key-malformed"
        case keyMismatch = "log.key-mismatch"
        case keyUnsupported = "log.key-unsupported"
        case noteMalformed = "log.note-malformed"
        case noteUnknownKeys = "log.note-unknown-keys"
        case signatureInvalid = "log.signature-invalid"
        case checkpointMalformed = "log.checkpoint-malformed"
        case originMismatch = "log.origin-mismatch"
        case proofMalformed = "log.proof-malformed"
        case proofInvalid = "log.proof-invalid"
        case entryTooLarge = "log.entry-too-large"
        case batchInvalid = "log.batch-invalid"
        case indexOutOfRange = "log.index-out-of-range"
        case alreadyExists = "log.already-exists"
        case fileMissing = "log.file-missing"
        case fileUnexpected = "log.file-unexpected"
        case bundleMalformed = "log.bundle-malformed"
        case entryAltered = "log.entry-altered"
        case tileAltered = "log.tile-altered"
        case rootMismatch = "log.root-mismatch"
        case inconsistent = "log.inconsistent"
        case formatUnknown = "log.format-unknown"
        case pendingDamaged = "log.pending-damaged"
        case signerStateMissing = "log.signer-state-missing"
        case signerStateDamaged = "log.signer-state-damaged"
        case signerRollback = "log.signer-rollback"
        case signerFork = "log.signer-fork"
    }

    public let code: Code
    /// File names, indexes and sizes, in the order of the text's placeholders.
    public let arguments: [String]

    public init(_ code: Code, _ arguments: [String] = []) {
        self.code = code
        self.arguments = arguments
    }

    public static func == (left: AuditError, right: AuditError) -> Bool { left.code == right.code }
}
