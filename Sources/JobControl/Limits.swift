// SPDX-License-Identifier: Apache-2.0

/// The limits of the control plane.
public enum Limits {
    /// Longest identity name in bytes.
    public static let identityNameBytes = 64
    /// Largest document (policy, product) in bytes.
    public static let documentBytes = 1 << 20
    /// Largest SQL text of a free query in bytes.
    public static let queryBytes = 256 << 10
    /// Largest key file in bytes.
    public static let keyFileBytes = 4096
    /// Largest receipt in bytes.
    public static let receiptBytes = 64 << 20
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
    /// Longest opinion under a decision in bytes.
    public static let opinionBytes = 4096
}
