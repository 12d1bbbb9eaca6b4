// SPDX-License-Identifier: Apache-2.0

/// Limits of one execution. What depends on data ends in `EngineError.Code.resourceExhausted`, without a number.
public enum EngineLimits {
    /// Rows that operators hand on at a time. Small enough that a few columns stay in the second-level cache.
    public static let batchRows = 8_192
    /// Rows of one table version: row and entity numbers are 32 bits wide.
    public static let tableRows = Int(UInt32.max) - 1
    /// Rows of the right side of a join.
    public static let buildRows = Int(UInt32.max) - 2
    /// Groups of one result, before the gate.
    public static let groups = 16_777_216
    /// Groups of one aggregation below the release node: group numbers are 32 bits wide.
    public static let innerGroups = Int(UInt32.max) - 2
    /// Rows that a breaker (window, sort, union, the left side of a full join) keeps: row numbers are 32 bits wide.
    public static let keptRows = Int(UInt32.max) - 2
    /// Rows of an open result.
    public static let openRows = 1_000_000
    /// Rows that a join may yield by what policies declare, before it is started: 60,000,000 rows a second were measured on one core (P5), so
    /// that a machine of 46 cores needs the hour that a job may take.
    public static let joinedRows = 10_000_000_000_000
    /// Threads of one execution.
    public static let workers = 256
    /// Bytes of a text that a function makes; a longer one is NULL.
    public static let computedTextBytes = 1_048_576
    /// Bytes of all texts of one text pool (their offsets are 32 bits wide).
    public static let textPoolBytes = Int(UInt32.max) - 1
    /// Parts into which rows that do not fit memory are dealt at a time.
    public static let spillParts = 32
    /// How many times a row is dealt, each time by another hash, before memory that still does not do ends the job.
    public static let spillLevels = 4

    /// The limits that depend on data, as one execution keeps them. Lower ones let tests stand at the edge.
    package struct Ceilings: Sendable {
        package var groups = EngineLimits.groups
        package var openRows = EngineLimits.openRows
        package var joinedRows = EngineLimits.joinedRows
        package var buildRows = EngineLimits.buildRows
        package var innerGroups = EngineLimits.innerGroups
        package var keptRows = EngineLimits.keptRows
        package var textPoolBytes = EngineLimits.textPoolBytes
        package var spillParts = EngineLimits.spillParts
        package var spillLevels = EngineLimits.spillLevels
        /// Rows of a part that is tried in memory; a larger one is dealt again. Only tests lower it: else memory itself decides.
        package var spillRows = Int.max

        package init() {}
    }
}
