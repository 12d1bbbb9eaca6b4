// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import Confinement
import CryptoSuites
import Glibc
import WireContract

/// The executor's life: start the libraries, confine, take one request, answer, end. Exit wipes.
public enum ExecutorMain {
    /// Runs to the end and gives the exit status. Nothing is printed; what can be said goes over the socket.
    public static func run() -> Int32 {
        let decoder: TextDecoder
        do {
            // Both read files when they start, so they come before the confinement.
            try CryptoSuites.initialise()
            decoder = try TextDecoder()
        } catch { return 3 }
        let report: ConfinementReport
        do { report = try Confinement.confineExecutor() } catch { return 4 }
        let channel = Channel(adopting: ExecutorProcess.socketNumber)
        do {
            try serve(channel, decoder: decoder, confinement: report)
            return 0
        } catch {
            return 5
        }
    }

    /// Receives the one request and answers it. A fault of the work is an answer; only a broken channel is thrown.
    private static func serve(_ channel: Channel, decoder: TextDecoder, confinement: ConfinementReport) throws {
        let secrets = SecretBox()
        let (json, descriptors) = try channel.receive(secret: secrets.reserve)
        let reply: ExecutorReply
        do {
            let keys = try secrets.takeKeys()
            let input = ExecutorInput(json: json, descriptors: descriptors, keys: keys, confinement: confinement)
            reply = .done(report: try answer(input, channel: channel, decoder: decoder))
        } catch {
            let fault = RuntimeFault.of(error)
            reply = .fault(code: fault.code, arguments: fault.arguments)
        }
        try channel.send(json: reply.json)
    }

    private static func answer(_ input: ExecutorInput, channel: Channel, decoder: TextDecoder) throws -> JSONValue {
        switch input.json["kind"]?.text {
        case JobRequest.kind: return try JobExecution(input).run()
        case "load": return try LoadExecution(input, channel: channel, decoder: decoder).run()
        case "attempt": return try ConfinementAttempt.run(input.json)
        case nil, .some: throw RuntimeError(.unknownRequest)
        }
    }
}
