// SPDX-License-Identifier: Apache-2.0

import Foundation
import SQLLogic
import Synchronization

/// The same queries by PostgreSQL.
enum PeerRun {
    enum Answer: Sendable {
        case rows([[String]])
        case failed(String)
    }

    struct Failure: Error { let message: String }

    /// The answers to some cases, asked for on a thread of their own.
    final class Task: Sendable {
        private let result = Mutex<Result<[[Answer]], any Error>?>(nil)
        private let isDone = DispatchSemaphore(value: 0)

        init(_ cases: [FuzzCase], psql: String) {
            Thread.detachNewThread { [self] in
                let answered = Result { try PeerRun.answers(to: cases, psql: psql) }
                result.withLock { $0 = answered }
                isDone.signal()
            }
        }

        /// Waits for them; to be called once.
        func answers() throws -> [[Answer]]? {
            isDone.wait()
            return try result.withLock { $0 }?.get()
        }
    }

    /// Of this process, so that several may run.
    private static let schema = "yunei_fuzz_\(ProcessInfo.processInfo.processIdentifier)"
    private static let fieldMark = "\u{1F}", nullMark = "\u{1E}"

    /// For each case, for each query.
    static func answers(to cases: [FuzzCase], psql: String) throws -> [[Answer]] {
        var lines = [
            "\\set QUIET on", "\\pset null '\(nullMark)'", "\\set VERBOSITY terse", "SET client_min_messages TO error;", "SET timezone TO 'UTC';",
            "DROP SCHEMA IF EXISTS \(schema) CASCADE;", "CREATE SCHEMA \(schema);", "SET search_path TO \(schema);",
        ]
        for (number, fuzzCase) in cases.enumerated() {
            lines += fuzzCase.tables.flatMap { $0.sql }.map { $0 + ";" }
            for (query, sql) in fuzzCase.queries.enumerated() {
                lines += ["\\echo @\(number) \(query)", sql + ";", "\\if :ERROR", "\\echo @error :LAST_ERROR_MESSAGE", "\\endif"]
            }
            lines.append("DROP TABLE \(fuzzCase.tables.map(\.name).joined(separator: ", "));")
        }
        lines.append("DROP SCHEMA \(schema) CASCADE;")
        return try read(try run(psql, lines.joined(separator: "\n") + "\n\\echo @end\n"), cases)
    }

    private static func run(_ psql: String, _ script: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("yunei-fuzz-" + UUID().uuidString + ".sql")
        try Data(script.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: psql)
        process.arguments = ["-X", "-A", "-t", "-F", fieldMark, "-f", file.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    private static func read(_ output: String, _ cases: [FuzzCase]) throws -> [[Answer]] {
        var answers = cases.map { $0.queries.map { _ in Answer.failed("no answer") } }
        var place: (Int, Int)?
        var rows: [[String]] = [], failure: String?, hasEnd = false
        func keep() {
            if let place { answers[place.0][place.1] = failure.map { .failed($0) } ?? .rows(rows) }
            (rows, failure) = ([], nil)
        }
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("@error ") {
                failure = String(line.dropFirst(7))
            } else if line.hasPrefix("@") {
                keep()
                let numbers = line.dropFirst().split(separator: " ").compactMap { Int($0) }
                place = numbers.count == 2 ? (numbers[0], numbers[1]) : nil
                hasEnd = line == "@end"
            } else if place != nil {
                rows.append(line.split(separator: Character(fieldMark), omittingEmptySubsequences: false).map { $0 == nullMark ? "NULL" : String($0) })
            }
        }
        guard hasEnd else { throw Failure(message: "psql ended early") }
        return answers
    }
}
