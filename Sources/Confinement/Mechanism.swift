// SPDX-License-Identifier: Apache-2.0

/// What confinement is made of, in the order in which it is applied. Sandbox/README.md says what each one gives.
public enum Mechanism: String, Sendable, CaseIterable {
    /// Every descriptor but the named ones is closed.
    case descriptors = "descriptors-closed"
    /// No core dump (RLIMIT_CORE 0).
    case noCoreDump = "no-core-dump"
    /// Open files are bounded (RLIMIT_NOFILE).
    case openFiles = "open-file-limit"
    /// Locked memory is raised as far as permitted (RLIMIT_MEMLOCK).
    case lockedMemory = "locked-memory-limit"
    /// Written files are bounded in length (RLIMIT_FSIZE).
    case fileSize = "file-size-limit"
    /// Private memory is bounded (RLIMIT_DATA).
    case dataSize = "data-limit"
    /// A user namespace of its own, without any identity or power outside.
    case userNamespace = "user-namespace"
    /// A network namespace of its own, with no interface up.
    case networkNamespace = "network-namespace"
    /// No System V or POSIX message queues shared with others.
    case ipcNamespace = "ipc-namespace"
    /// A host name of its own.
    case utsNamespace = "uts-namespace"
    /// A mount table of its own.
    case mountNamespace = "mount-namespace"
    /// The root directory is an empty, read-only file system.
    case emptyRoot = "empty-root"
    /// No program can give privileges (PR_SET_NO_NEW_PRIVS).
    case noNewPrivileges = "no-new-privileges"
    /// No capability is left.
    case noCapabilities = "no-capabilities"
    /// Others of the same user may not trace the process or read its memory (PR_SET_DUMPABLE 0).
    case notDumpable = "not-dumpable"
    /// The process dies with the one that started it (PR_SET_PDEATHSIG).
    case parentDeathSignal = "parent-death-signal"
    /// Landlock denies paths, TCP and, where known, signals and abstract sockets.
    case landlock = "landlock"
    /// Only the profile's system calls; any other ends the process.
    case systemCallFilter = "system-call-filter"
}
