// SPDX-License-Identifier: Apache-2.0

import CSandbox
import Glibc
import Synchronization

/// A started executor, as its control process sees it. Nobody else waits for it; when the owner lets go, it is killed and reaped.
public final class ExecutorProcess: Sendable {
    /// How a process ended.
    public enum Exit: Sendable, Equatable {
        /// By itself, with this status.
        case code(Int32)
        /// By a signal. SIGSYS means that it tried a forbidden system call.
        case signal(Int32)

        /// `exit 0`, `SIGSYS`, `SIGKILL` …
        public var name: String {
            switch self {
            case .code(let code): return "exit \(code)"
            case .signal(let number): return sigabbrev(number)
            }
        }

        private func sigabbrev(_ number: Int32) -> String {
            csandbox_signal_name(number).map { "SIG" + String(cString: $0) } ?? "signal \(number)"
        }
    }

    /// The number under which an executor finds its socket.
    public static let socketNumber: Int32 = 3

    /// Process number; that of its process group too.
    public let processNumber: pid_t
    private let state: Mutex<State>

    private struct State {
        var socket: Int32
        var exit: Exit?
    }

    init(processNumber: pid_t, socket: Int32) {
        self.processNumber = processNumber
        state = Mutex(State(socket: socket, exit: nil))
    }

    deinit {
        let socket = takeSocket()
        if socket >= 0 { close(socket) }
        kill()
        _ = wait()
    }

    /// Our end of the socket pair. Whoever takes it closes it; a second taker gets -1.
    public func takeSocket() -> Int32 {
        state.withLock { state in
            defer { state.socket = -1 }
            return state.socket
        }
    }

    /// Ends it at once. Does nothing when it has already been waited for.
    public func kill() {
        // Under the lock, so that the number cannot belong to another process by now.
        state.withLock { state in
            if state.exit == nil { _ = Glibc.kill(processNumber, SIGKILL) }
        }
    }

    /// Waits until it has ended.
    public func wait() -> Exit {
        while true {
            // First without reaping, so that `kill` can go on at the same time.
            var information = siginfo_t()
            let status = waitid(P_PID, id_t(processNumber), &information, WEXITED | WNOWAIT)
            if status == 0 || errno != EINTR { return reap() }
        }
    }

    /// Waits at most so long; nil when it still runs.
    public func wait(milliseconds: Int32) -> Exit? {
        if let exit = state.withLock({ $0.exit }) { return exit }
        let descriptor = csandbox_process_descriptor(processNumber)
        guard descriptor >= 0 else { return waitByLooking(milliseconds: milliseconds) }
        defer { close(descriptor) }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) > 0 ? reap() : nil
    }

    /// For kernels without process descriptors (before 5.3).
    private func waitByLooking(milliseconds: Int32) -> Exit? {
        for _ in 0...max(milliseconds, 0) {
            var information = siginfo_t()
            let status = waitid(P_PID, id_t(processNumber), &information, WEXITED | WNOWAIT | WNOHANG)
            if status != 0 || information.si_signo != 0 { return reap() }
            usleep(1000)
        }
        return nil
    }

    private func reap() -> Exit {
        state.withLock { state in
            if let exit = state.exit { return exit }
            var status: Int32 = 0
            while waitpid(processNumber, &status, 0) < 0, errno == EINTR {}
            let exit = Self.exit(fromStatus: status)
            state.exit = exit
            return exit
        }
    }

    /// The two parts of a status of waitpid(2).
    static func exit(fromStatus status: Int32) -> Exit {
        let signal = status & 0x7F
        return signal == 0 ? .code((status >> 8) & 0xFF) : .signal(signal)
    }
}
