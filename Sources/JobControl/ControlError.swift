// SPDX-License-Identifier: Apache-2.0

/// Why the control plane did not do what was asked. Equality looks at the code only.
public struct ControlError: Error, Sendable, Equatable {
    /// Stable codes; their texts stand in the catalogue.
    public enum Code: String, Sendable, CaseIterable {
        case notInThisVersion = "command.not-in-this-version"
        case optionValueMissing = "command.option-value"
        case domainNotNamed = "domain.not-named"
        case domainExists = "domain.exists"
        case domainMissing = "domain.missing"
        case domainFormat = "domain.format"
        case domainLocked = "domain.locked"
        case domainDamaged = "domain.damaged"
        case keyFileMissing = "key.file-missing"
        case keyFileDamaged = "key.file-damaged"
        case identityUnknown = "identity.unknown"
        case identityExists = "identity.exists"
        case identityName = "identity.name"
        case identityRole = "identity.role"
        case identityKeyMismatch = "identity.key-mismatch"
        case roleNotPermitted = "role.not-permitted"
        case organisationNotPermitted = "organisation.not-permitted"
        case passphraseMissing = "passphrase.missing"
        case passphraseWrong = "passphrase.wrong"
        case documentKind = "document.kind"
        case objectMissing = "object.missing"
        case objectAltered = "object.altered"
        case tableUnknown = "table.unknown"
        case tableNotLoaded = "table.not-loaded"
        case tableLoadMode = "table.load-mode"
        case tableBadValues = "table.bad-values"
        case tableAsOf = "table.as-of"
        case tableSampleRows = "table.sample-rows"
        case productUnknown = "product.unknown"
        case productNotSigned = "product.not-signed"
        case grantNotYetValid = "grant.not-yet-valid"
        case grantExpired = "grant.expired"
        case grantUsedUp = "grant.used-up"
        case grantWithdrawn = "grant.withdrawn"
        case grantEpochMissing = "grant.epoch-missing"
        case parameterMissing = "parameter.missing"
        case parameterUnknown = "parameter.unknown"
        case parameterRepeated = "parameter.repeated"
        case tooManyColumns = "query.too-many-columns"
        case parameterValue = "parameter.value"
        case standingMissing = "standing.missing"
        case executorMissing = "executor.missing"
        case executorEnded = "executor.ended"
        case executorTimeout = "executor.timeout"
        case executorDisagrees = "executor.disagrees"
        case resultAltered = "result.altered"
        case swapIsOn = "machine.swap-is-on"
        case entryMalformed = "entry.malformed"
        case entryTooLarge = "entry.too-large"
        case entryUnknown = "audit.no-such-entry"
        case decisionMalformed = "decision.malformed"
        case receiptMalformed = "receipt.malformed"
        case receiptNotVerified = "receipt.not-verified"
        case fileUnreadable = "input.unreadable"
        case fileTooLarge = "input.too-large"
        case outputUnwritable = "output.unwritable"
    }

    public let code: Code
    /// Names of things, places and limits; never a value, a row or a key.
    public let arguments: [String]

    public init(_ code: Code, _ arguments: String...) {
        self.code = code
        self.arguments = arguments
    }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }
}
