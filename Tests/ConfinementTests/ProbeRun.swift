// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import Glibc
import WireContract

/// Starts the probe, which stands next to the test program.
enum ProbeRun {
    static let path: String = {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        let test = String(decoding: bytes.prefix(max(count, 0)).map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
        // When a helper runs the tests as a library, their path is an argument.
        let places = [test] + CommandLine.arguments
        let candidates = places.filter { $0.contains("/") }.map { place in
            place.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/confinement-probe"
        }
        return candidates.first { access($0, X_OK) == 0 } ?? "confinement-probe"
    }()

    static func start(_ arguments: String...) throws -> ExecutorProcess {
        try ExecutorProcess.spawn(executable: path, arguments: arguments)
    }

    /// Runs to the end; nil when it hangs.
    static func exit(_ arguments: String...) throws -> ExecutorProcess.Exit? {
        let process = try ExecutorProcess.spawn(executable: path, arguments: arguments)
        return process.wait(milliseconds: 20_000)
    }

    /// The report of a confined process, line by line.
    static func report(_ options: String...) throws -> [String] {
        let process = try ExecutorProcess.spawn(executable: path, arguments: options + ["allow", "report"])
        let channel = Channel(adopting: process.takeSocket())
        let message = try channel.receive()
        return message.json["lines"]?.elements?.compactMap(\.text) ?? []
    }
}
