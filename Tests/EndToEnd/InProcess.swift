// SPDX-License-Identifier: Apache-2.0

import Confinement
import CryptoSuites
import Foundation
import Glibc
import JobControl
import MetadataStore

extension Yunei {
    /// Opens the domain within the test program, with lower limits when they are given. The domain is locked until the closure ends.
    func inProcess<Value>(_ ceilings: JobControl.Limits.Ceilings = JobControl.Limits.Ceilings(), _ work: (Domain) throws -> Value) throws -> Value {
        try CryptoSuites.initialise()
        let domain = try Domain.open(at: self.domain, custodyPath: nil, ceilings: ceilings)
        return try work(domain)
    }

    /// The same at a time of the test's own.
    func inProcess<Value>(clock: JobControl.Clock, _ work: (Domain) throws -> Value) throws -> Value {
        try CryptoSuites.initialise()
        let domain = try Domain.open(at: self.domain, custodyPath: nil, clock: clock)
        return try work(domain)
    }

    static func passphrase(_ identity: String) -> [UInt8]? { Array(commonPassphrase.utf8) }

    static let launcher = BinaryLauncher(path: binaries + "/yunei-executor")
}

/// Starts real executors and ends them after a while, wherever they are then.
struct KillingLauncher: ExecutorLauncher {
    /// Nil: at once, before the request is sent.
    let afterMicroseconds: UInt32?

    func launch() throws -> ExecutorProcess {
        let process = try Yunei.launcher.launch()
        guard let afterMicroseconds else {
            process.kill()
            return process
        }
        let number = process.processNumber
        Thread.detachNewThread {
            usleep(afterMicroseconds)
            kill(number, SIGKILL)
        }
        return process
    }
}
