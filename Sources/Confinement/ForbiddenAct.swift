// SPDX-License-Identifier: Apache-2.0

import CSandbox

/// Acts that end a confined process at once; tried on demand to prove it from inside.
public enum ForbiddenAct: String, Sendable, CaseIterable {
    case open
    case openInDirectory = "openat"
    case openWithRules = "openat2"
    case socket
    case connect
    case execute = "execve"
    case fork
    case makeProcess = "clone"
    case signalProcess = "kill"
    case traceProcess = "ptrace"
    case signalForeignThread = "tgkill"
    case mapExecutable = "mmap-exec"
    case makeExecutable = "mprotect-exec"
    case ioRing = "io_uring_setup"
    case unlink
    case readForeignMemory = "process_vm_readv"
    case newNamespace = "unshare"
    case listDirectory = "getdents64"
    case controlDevice = "ioctl"

    var cAct: csandbox_act {
        switch self {
        case .open: CSANDBOX_ACT_OPEN
        case .openInDirectory: CSANDBOX_ACT_OPENAT
        case .openWithRules: CSANDBOX_ACT_OPENAT2
        case .socket: CSANDBOX_ACT_SOCKET
        case .connect: CSANDBOX_ACT_CONNECT
        case .execute: CSANDBOX_ACT_EXECUTE
        case .fork: CSANDBOX_ACT_FORK
        case .makeProcess: CSANDBOX_ACT_CLONE
        case .signalProcess: CSANDBOX_ACT_KILL_PARENT
        case .traceProcess: CSANDBOX_ACT_TRACE_PARENT
        case .signalForeignThread: CSANDBOX_ACT_SIGNAL_THREAD_OF_PARENT
        case .mapExecutable: CSANDBOX_ACT_MAP_EXECUTABLE
        case .makeExecutable: CSANDBOX_ACT_MAKE_EXECUTABLE
        case .ioRing: CSANDBOX_ACT_IO_RING
        case .unlink: CSANDBOX_ACT_UNLINK
        case .readForeignMemory: CSANDBOX_ACT_READ_PARENT_MEMORY
        case .newNamespace: CSANDBOX_ACT_NEW_NAMESPACE
        case .listDirectory: CSANDBOX_ACT_LIST_DIRECTORY
        case .controlDevice: CSANDBOX_ACT_CONTROL_DEVICE
        }
    }
}

extension Confinement {
    /// Tries `act` by a bare system call. In a confined process this does not return: the kernel ends it with SIGSYS.
    /// Returning at all means that the boundary does not hold. Harmless where it succeeds (a child it makes ends at once).
    public static func attempt(_ act: ForbiddenAct) { csandbox_attempt(act.cAct) }
}
