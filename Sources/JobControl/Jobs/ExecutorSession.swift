// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import CryptoSuites
import Glibc
import WireContract

/// One request to one executor, from start to its end. Whatever happens, the process is gone afterwards.
struct ExecutorSession {
    let launcher: any ExecutorLauncher
    /// Longest run, from the start of the process to its last message.
    let timeoutMilliseconds: Int

    /// Sends the request and waits for the report. Keys go from their locked memory straight to the socket.
    ///
    /// Throws what the executor reports as `ExecutorFault`; `executor.ended` when it died; `executor.timeout` when it took too long.
    func run(
        request: JSONValue, keys: [SecretKey], descriptors: [Int32], progress: (Int64) -> Void = { _ in }
    ) throws -> JSONValue {
        let deadline = Deadline(afterMilliseconds: timeoutMilliseconds)
        let process = try launcher.launch()
        defer { process.kill() }
        let channel = Channel(adopting: process.takeSocket())
        do {
            try Self.send(request, keys, descriptors, over: channel)
            return try receive(from: channel, until: deadline, progress)
        } catch let error as WireError where [.closed, .truncated, .system].contains(error.code) {
            throw ControlError(.executorEnded, (process.wait(milliseconds: 2000)?.name ?? error.code.rawValue))
        } catch let error as WireError where error.code == .timeout {
            throw ControlError(.executorTimeout, String(timeoutMilliseconds / 1000))
        }
    }

    private func receive(from channel: Channel, until deadline: Deadline, _ progress: (Int64) -> Void) throws -> JSONValue {
        while true {
            // Progress does not buy time.
            try channel.waitReadable(milliseconds: deadline.millisecondsLeft)
            switch try ExecutorReply(json: try channel.receive().json) {
            case .done(let report): return report
            case .fault(let code, let arguments): throw ExecutorFault(code: code, arguments: arguments)
            case .progress(let rows): progress(rows)
            }
        }
    }

    private static func send(_ request: JSONValue, _ keys: [SecretKey], _ descriptors: [Int32], over channel: Channel) throws {
        guard !keys.isEmpty else { return try channel.send(json: request, descriptors: descriptors) }
        try LockedBuffer(concatenating: keys).withBytes { try channel.send(json: request, secret: $0, descriptors: descriptors) }
    }
}

/// A moment by which something must be over.
package struct Deadline: Sendable {
    private let end: Int

    package init(afterMilliseconds milliseconds: Int) { end = Self.now + milliseconds }

    /// Never negative.
    package var millisecondsLeft: Int32 { Int32(clamping: max(0, end - Self.now)) }

    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

/// What an executor reported: a stable code of its own modules. The text comes from the catalogue.
public struct ExecutorFault: Error, Sendable, Hashable {
    public let code: String
    public let arguments: [String]

    package init(code: String, arguments: [String]) {
        self.code = code
        self.arguments = arguments
    }
}
