// SPDX-License-Identifier: Apache-2.0

import CSandbox
import Glibc

extension ExecutorProcess {
    /// What an executor finds in its environment: nothing but the order not to print its memory when it crashes.
    private static let environment = ["SWIFT_BACKTRACE=enable=no"]

    /// Starts `executable` (an absolute path) with a socket to us as descriptor 3, /dev/null as standard input, output and
    /// error, no other descriptor, an empty environment, default signals and a process group of its own.
    ///
    /// The executor dies with the thread that calls this (PR_SET_PDEATHSIG): call it from one that lasts as long as the job.
    /// - Throws: `spawn-failed` with the path and the system's error.
    public static func spawn(
        executable: String, arguments: [String] = []
    ) throws(ConfinementError) -> ExecutorProcess {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw failure(executable, errno) }
        defer { close(ends[1]) }
        // dup2 onto the same number would leave close-on-exec set; a number out of the way avoids that.
        let theirs = fcntl(ends[1], F_DUPFD_CLOEXEC, 16)
        guard theirs >= 0 else {
            let number = errno
            close(ends[0])
            throw failure(executable, number)
        }
        defer { close(theirs) }
        var process: pid_t = 0
        let status = launch(executable, arguments, socket: theirs, &process)
        guard status == 0 else {
            close(ends[0])
            throw failure(executable, status)
        }
        return ExecutorProcess(processNumber: process, socket: ends[0])
    }

    private static func failure(_ executable: String, _ number: Int32) -> ConfinementError {
        ConfinementError(.spawnFailed, [executable, ConfinementError.name(ofSystemError: number)])
    }

    private static func launch(_ executable: String, _ arguments: [String], socket: Int32, _ process: inout pid_t) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        guard posix_spawn_file_actions_init(&actions) == 0 else { return ENOMEM }
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        guard posix_spawnattr_init(&attributes) == 0 else { return ENOMEM }
        defer { posix_spawnattr_destroy(&attributes) }

        var status = posix_spawn_file_actions_adddup2(&actions, socket, socketNumber)
        for standard in Int32(0)...2 where status == 0 {
            status = posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", standard == 0 ? O_RDONLY : O_WRONLY, 0)
        }
        if status == 0 { status = csandbox_spawn_close_from(&actions, socketNumber + 1) }
        if status == 0 { status = setAttributes(&attributes) }
        guard status == 0 else { return status }
        return withStrings([executable] + arguments) { arguments in
            withStrings(environment) { posix_spawn(&process, executable, &actions, &attributes, arguments, $0) }
        }
    }

    private static func setAttributes(_ attributes: inout posix_spawnattr_t) -> Int32 {
        var every = sigset_t()
        var none = sigset_t()
        sigfillset(&every)
        sigemptyset(&none)
        let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        var status = posix_spawnattr_setflags(&attributes, Int16(flags))
        if status == 0 { status = posix_spawnattr_setpgroup(&attributes, 0) }
        if status == 0 { status = posix_spawnattr_setsigdefault(&attributes, &every) }
        if status == 0 { status = posix_spawnattr_setsigmask(&attributes, &none) }
        return status
    }

    /// A C array of C strings, for the length of the call.
    private static func withStrings(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> Int32 {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        pointers.append(nil)
        return pointers.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map(body) ?? ENOMEM
        }
    }
}
