// SPDX-License-Identifier: Apache-2.0

/// What one executor may keep and use.
public struct ConfinementOptions: Sendable {
    /// Descriptors that stay open; every other one is closed.
    public var keptDescriptors: Set<Int32> = [0, 1, 2, ExecutorProcess.socketNumber]
    /// Most open files.
    public var openFiles = Limits.openFiles
    /// Most private memory in bytes; nil leaves the limit as it is. A denied allocation is reported, not fatal.
    public var dataBytes: UInt64?
    /// Longest file it may write in bytes; nil leaves the limit as it is. A write beyond it ends the process (SIGXFSZ).
    public var fileSizeBytes: UInt64?
    /// Locked memory asked for in bytes; what is permitted is granted. nil asks for as much as there is.
    public var lockedMemoryBytes: UInt64?
    /// Mechanisms without which confinement fails. The minimum can be raised, not lowered.
    public var required: Set<Mechanism> = []
    /// Mechanisms left out, so that tests can stand on a machine that lacks them. The minimum cannot be left out.
    package var omitted: Set<Mechanism> = []

    public init() {}

    /// Without these there is no confinement to speak of, on any kernel.
    public static let minimum: Set<Mechanism> = [.descriptors, .noCoreDump, .noNewPrivileges, .notDumpable, .systemCallFilter]
}
