// SPDX-License-Identifier: Apache-2.0

import Confinement

/// How the control plane gets an executor: one process for one job.
public protocol ExecutorLauncher: Sendable {
    /// Starts a process that confines itself and waits for one request on its socket.
    func launch() throws -> ExecutorProcess
}

/// Starts the `yunei-executor` binary.
public struct BinaryLauncher: ExecutorLauncher {
    /// Absolute path.
    public let path: String

    public init(path: String) { self.path = path }

    public func launch() throws -> ExecutorProcess { try ExecutorProcess.spawn(executable: path) }
}
