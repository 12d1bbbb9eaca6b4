// SPDX-License-Identifier: Apache-2.0

/// The limits of the control plane.
public enum Limits {
    /// Longest identity name in bytes.
    public static let identityNameBytes = 64
    /// Largest document (policy, product) in bytes.
    public static let documentBytes = 1 << 20
    /// Largest key file, and largest description of a domain, in bytes.
    public static let keyFileBytes = 4096
    /// Largest receipt in bytes.
    public static let receiptBytes = 64 << 20
    /// Largest decision record in bytes.
    public static let decisionRecordBytes = 64 << 20
    /// Most places named that differ between a decision record and what is computed from it.
    public static let decisionDifferences = 20
    /// How long a command waits for another process to leave the domain.
    public static let lockWaitSeconds = 3
    /// Memory of one job, from public settings only.
    public static let jobMemoryBytes: Int64 = 2 << 30
    /// Most columns of a result, so that its release record fits one log entry.
    public static let resultColumns = 256
    /// Most threads of one job.
    public static let workers = 64
    /// Longest run of one job.
    public static let jobSeconds = 3600
    /// Longest run of one load.
    public static let loadSeconds = 6 * 3600
    /// Longest trial of an executor by `yunei doctor`.
    public static let examinationSeconds = 30
    /// Largest list of rejected rows in bytes.
    public static let rejectFileBytes = 1 << 30
    /// Most invented rows of one sample.
    public static let sampleRows = 100_000
    /// Samples of tables that are reached through a key of a parent name its first rows only, so that every larger sample of it has them.
    public static let sampleParents = 100
    /// Longest opinion under a decision in bytes.
    public static let opinionBytes = 4096

    /// The limits that take long or much to reach, as one open domain keeps them. Lower ones let tests stand at the edge; no setting and no
    /// variable of the environment reaches them.
    package struct Ceilings: Sendable {
        package var lockWaitMilliseconds = Limits.lockWaitSeconds * 1000
        package var jobMilliseconds = Limits.jobSeconds * 1000
        package var loadMilliseconds = Limits.loadSeconds * 1000
        package var examinationMilliseconds = Limits.examinationSeconds * 1000
        package var jobMemoryBytes = Limits.jobMemoryBytes
        package var rejectFileBytes = Limits.rejectFileBytes
        package var receiptBytes = Limits.receiptBytes
        package var decisionRecordBytes = Limits.decisionRecordBytes

        package init() {}
    }
}
