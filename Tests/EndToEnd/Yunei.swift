// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Glibc

/// The real binaries, driven as a person's script would.
struct Yunei: Sendable {
    /// Directory of the domain.
    let domain: String
    /// Directory for the test's own files; removed with the last copy.
    let scratch: Scratch

    /// One run of `yunei`.
    struct Run: Sendable {
        let status: Int32
        let output: String
        let errors: String

        /// The one document of `--json`.
        var json: JSONValue { (try? JSONValue.parse(Array(output.trimmingCharacters(in: .newlines).utf8))) ?? .null }
        var findings: [JSONValue] { json["findings"]?.elements ?? [] }
        var rules: [String] { findings.compactMap { $0["rule"]?.text } }
        var rows: [[JSONValue]] { (json["rows"]?.elements ?? []).map { $0.elements ?? [] } }
    }

    final class Scratch: Sendable {
        let path: String

        init() throws {
            path = FileManager.default.temporaryDirectory.appendingPathComponent("yunei-" + UUID().uuidString).path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    init() throws {
        scratch = try Scratch()
        domain = scratch.path + "/domain"
    }

    /// Runs a command in this domain, with `--json`.
    @discardableResult
    func run(_ arguments: String..., as identity: String? = nil, environment: [String: String] = [:]) throws -> Run {
        try Self.run(["--domain", domain, "--json"] + (identity.map { ["--as", $0] } ?? []) + arguments, environment)
    }

    /// Runs a command as a person reads it.
    @discardableResult
    func runForPeople(_ arguments: String..., as identity: String? = nil, environment: [String: String] = [:]) throws -> Run {
        try Self.run(["--domain", domain, "--lang", "en"] + (identity.map { ["--as", $0] } ?? []) + arguments, environment)
    }

    /// Writes a file of the test and gives its path.
    func write(_ name: String, _ text: String) throws -> String {
        let path = scratch.path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    func write(_ name: String, bytes: [UInt8]) throws -> String {
        let path = scratch.path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    static let binaries: String = {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        let own = String(decoding: bytes.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let places = ([own] + CommandLine.arguments).filter { $0.contains("/") }.map { ($0 as NSString).deletingLastPathComponent }
        return places.first { access($0 + "/yunei", X_OK) == 0 } ?? "."
    }()

    static func run(_ arguments: [String], _ environment: [String: String]) throws -> Run {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: binaries + "/yunei")
        process.arguments = arguments
        var variables = ["YUNEI_PASSPHRASE": "test passphrase", "YUNEI_SEAL_STRENGTH": "light", "PATH": "/usr/bin:/bin"]
        variables.merge(environment) { $1 }
        process.environment = variables
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        let errorsPath = NSTemporaryDirectory() + UUID().uuidString
        FileManager.default.createFile(atPath: errorsPath, contents: nil)
        defer { try? FileManager.default.removeItem(atPath: errorsPath) }
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: errorsPath)
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let errors = (try? String(contentsOfFile: errorsPath, encoding: .utf8)) ?? ""
        let status = process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
        return Run(status: status, output: String(decoding: data, as: UTF8.self), errors: errors)
    }
}
