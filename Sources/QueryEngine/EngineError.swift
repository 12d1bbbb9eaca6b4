// SPDX-License-Identifier: Apache-2.0

/// Why an execution ended without a result. Nothing in it depends on a value of a table, except that resources ran out.
public struct EngineError: Error, Equatable, Sendable {
    /// Stable codes; their texts stand in the catalogue of WireContract.
    public enum Code: String, CaseIterable, Sendable {
        /// Memory, groups or rows ran out: the one end that depends on data, so it carries no number.
        case resourceExhausted = "engine.resource-exhausted"
        /// A parameter of the plan has no value. Arguments: its name.
        case parameterMissing = "engine.parameter-missing"
        /// A parameter's value has another type. Arguments: its name, the declared type.
        case parameterType = "engine.parameter-type"
        /// No scan was handed over for a table reference. Arguments: the table.
        case scanMissing = "engine.scan-missing"
        /// A stored block could not be read; `cause` says why. Arguments: the table.
        case scanFailed = "engine.scan-failed"
        /// Rows that were put aside could not be written or read again; `cause` says why.
        case spillFailed = "engine.spill-failed"
        /// A table version has too many rows. Arguments: the table, the limit.
        case tableTooLarge = "engine.table-too-large"
        /// The sizes of open tables show that the result has too many rows. Arguments: its rows at least, the limit.
        case resultTooLarge = "engine.result-too-large"
        /// The sizes of open tables show that the result does not fit the memory of the job. Arguments: its rows at least, memory in MiB.
        case memoryTooSmall = "engine.memory-too-small"
        /// Sizes of open tables and the fan-out that policies declare show that a join may yield too many rows. Arguments: its rows at most,
        /// the limit.
        case joinTooLarge = "engine.join-too-large"
        /// The same where protected tables are read, whose sizes are told to nobody. Arguments: the limit.
        case protectedJoinTooLarge = "engine.protected-join-too-large"
        /// An open table has several rows for one join key beside protected rows. Open data may fail. Arguments: the table.
        case openKeyRepeats = "engine.open-key-repeats"
        /// An expression that the engine does not compute. Arguments: what.
        case unsupported = "engine.unsupported"
        /// A plan that no binder makes: our own mistake. Arguments: which rule it breaks.
        case malformedPlan = "engine.malformed-plan"
    }

    /// What happened.
    public let code: Code
    /// Names and limits for the text; never a value.
    public let arguments: [String]
    /// The error of the store, when it was one.
    public let cause: (any Error)?

    package init(_ code: Code, _ arguments: [String] = [], cause: (any Error)? = nil) {
        self.code = code
        self.arguments = arguments
        self.cause = cause
    }

    /// Errors are equal when their codes are.
    public static func == (left: EngineError, right: EngineError) -> Bool { left.code == right.code }
}
