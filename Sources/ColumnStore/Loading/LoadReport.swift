// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import LocalKnowledge

/// A count in coarse classes, for numbers that people see.
public enum CountClass: String, Sendable, Hashable {
    case none, few, several, many

    /// None; under 10; under 100; more.
    public init(_ count: Int64) {
        switch count {
        case ...0: self = .none
        case ..<10: self = .few
        case ..<100: self = .several
        default: self = .many
        }
    }
}

/// A sealed file as it was written.
public struct WrittenFile: Sendable, Hashable {
    public let kind: PlannedFile.Kind
    /// Column, entity type, or empty for the manifest.
    public let name: String
    /// Digest of the whole file: its name among the objects.
    public let digest: Digest
    public let bytes: Int64
    /// The directory's new version for a directory, else the table's version.
    public let version: Int64

    public init(kind: PlannedFile.Kind, name: String, digest: Digest, bytes: Int64, version: Int64) {
        self.kind = kind
        self.name = name
        self.digest = digest
        self.bytes = bytes
        self.version = version
    }
}

/// What a load did. For the unit that owns the table: row counts are exact.
public struct LoadReport: Sendable, Hashable {
    /// Rows of the new version.
    public let rows: Int64
    /// Rows of the file that were left out and reported.
    public let rejectedRows: Int64
    /// In the order of `LoadPlan.files`.
    public let files: [WrittenFile]
    public let manifestDigest: Digest
    /// Digest of the file that was read.
    public let sourceDigest: Digest
    /// `UTF-8` or `GB18030`.
    public let encoding: String
    /// Columns of the file that the plan does not know.
    public let ignoredColumns: Int
    /// Resident numbers whose date or check character is impossible; they were kept as keys.
    public let suspiciousIdentifiers: CountClass
    /// What the values of text and int64 columns look like, in order of columns; nothing for columns of no kind, or of too few values.
    /// For columns declared as resident numbers always whether they are.
    public let recognised: [RecognisedColumn]
    /// What was measured, in coarse classes; nil where the plan asked for nothing.
    public let profile: TableProfile?

    public init(
        rows: Int64, rejectedRows: Int64, files: [WrittenFile], manifestDigest: Digest, sourceDigest: Digest, encoding: String,
        ignoredColumns: Int, suspiciousIdentifiers: CountClass, recognised: [RecognisedColumn], profile: TableProfile? = nil
    ) {
        self.rows = rows
        self.rejectedRows = rejectedRows
        self.files = files
        self.manifestDigest = manifestDigest
        self.sourceDigest = sourceDigest
        self.encoding = encoding
        self.ignoredColumns = ignoredColumns
        self.suspiciousIdentifiers = suspiciousIdentifiers
        self.recognised = recognised
        self.profile = profile
    }
}

/// Why nothing was loaded: values that cannot be stored.
public struct LoadRefusal: Sendable, Hashable {
    /// The first `Limits.reportedBadValues`, in order of rows.
    public let badValues: [BadValue]
    /// All of them.
    public let badValueCount: Int64
    /// Data rows of the file.
    public let rows: Int64

    public init(badValues: [BadValue], badValueCount: Int64, rows: Int64) {
        self.badValues = badValues
        self.badValueCount = badValueCount
        self.rows = rows
    }
}

/// The end of a load that did not fail: a new version, or a list of what has to be corrected first.
public enum LoadOutcome: Sendable, Hashable {
    case loaded(LoadReport)
    case refused(LoadRefusal)
}
