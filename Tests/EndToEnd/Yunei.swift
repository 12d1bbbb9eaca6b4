// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Glibc

/// The real binaries, driven as a person's script would.
struct Yunei: Sendable {
    /// Directory of the domain.
    let domain: String
    /// Directory for the test's own files, and the working directory of its commands; searched and removed with the last copy.
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
        var code: String? { json["code"]?.text }
    }

    init() throws {
        scratch = try Scratch()
        domain = scratch.path + "/domain"
    }

    /// Runs a command in this domain, with `--json`.
    @discardableResult
    func run(_ arguments: String..., as identity: String? = nil, environment: [String: String] = [:]) throws -> Run {
        try run(arguments, as: identity, environment: environment)
    }

    @discardableResult
    func run(_ arguments: [String], as identity: String? = nil, environment: [String: String] = [:]) throws -> Run {
        let run = try Self.run(["--domain", domain, "--json"] + (identity.map { ["--as", $0] } ?? []) + arguments, environment, in: scratch)
        if run.status == 0, arguments.starts(with: ["table", "load"]), arguments.count > 3 { try plantCells(of: arguments[3]) }
        return run
    }

    /// What was loaded must hold something to search for.
    private func plantCells(of path: String) throws {
        let cells = Canary.cells(ofCSV: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
        guard !cells.isExpected || !cells.values.isEmpty else {
            throw Unexpected(description: "\(path): no protected value of at least \(Canary.leastBytes) bytes that could be searched for")
        }
        scratch.trail.plant(cells.values)
    }

    /// Runs a command as a person reads it.
    @discardableResult
    func runForPeople(
        _ arguments: String..., as identity: String? = nil, language: String = "en", environment: [String: String] = [:]
    ) throws -> Run {
        try Self.run(
            ["--domain", domain, "--lang", language] + (identity.map { ["--as", $0] } ?? []) + arguments, environment, in: scratch)
    }

    /// The same domain again, with a directory of its own.
    func copy() throws -> Yunei {
        let copy = try Yunei()
        copy.scratch.trail.plant(scratch.trail.planted)
        let status = try Program.run("/bin/cp", ["-a", domain, copy.domain], environment: [:], in: scratch).status
        guard status == 0 else { throw Unexpected(description: "cp: status \(status)") }
        return copy
    }

    /// Writes a file of the test and gives its path.
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, bytes: Array(text.utf8))
    }

    func write(_ name: String, bytes: [UInt8]) throws -> String {
        let path = scratch.path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        scratch.trail.wrote(Data(bytes), to: path)
        return path
    }

    /// Every file of the domain, sorted.
    var files: [String] {
        let names = FileManager.default.enumerator(atPath: domain)?.compactMap { $0 as? String } ?? []
        return names.map { domain + "/" + $0 }.filter { path in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
        }.sorted()
    }

    static let binaries: String = {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        let own = String(decoding: bytes.prefix(max(count, 0)).map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
        let places = ([own] + CommandLine.arguments).filter { $0.contains("/") }.map { ($0 as NSString).deletingLastPathComponent }
        return places.first { access($0 + "/yunei", X_OK) == 0 } ?? "."
    }()

    static let commonPassphrase = "test passphrase"

    static func run(_ arguments: [String], _ environment: [String: String], in scratch: Scratch) throws -> Run {
        var variables = ["YUNEI_PASSPHRASE": commonPassphrase, "YUNEI_SEAL_STRENGTH": "light", "YUNEI_ALLOW_SWAP": "1", "PATH": "/usr/bin:/bin"]
        variables.merge(environment) { $1 }
        return try Program.run(binaries + "/yunei", arguments, environment: variables, in: scratch)
    }

    struct Unexpected: Error, CustomStringConvertible { let description: String }
}
