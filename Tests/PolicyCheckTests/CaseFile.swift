// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import Foundation
import JobControl
import PolicyCheck
import SQLSyntax

/// One `.case` file: policies, a statement, and what the checker must say.
///
/// Sections begin with `-- policy NAME…` (files of Policies/Examples, or of Policies where there is a slash; lines below it are one more
/// document), `-- parameters`, `-- product` (its lines on use), `-- measured` (JSON: `profiles`, `scenario`),
/// `-- sql`, `-- expect`. The first line of the last is the decision; each further one is a finding:
/// rule, clause, line:column, table.column, capability, with `-` for what is not there.
struct CaseFile: CustomStringConvertible, Sendable {
    let path: String
    private let sections: [String: (names: [String], text: String)]

    static let policies = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Policies")

    /// All cases, in order of path.
    static let all: [CaseFile] = {
        let root = policies.appendingPathComponent("Cases")
        let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".case") }.sorted().compactMap { CaseFile(path: $0, at: root.appendingPathComponent($0)) }
    }()

    init?(path: String, at url: URL) {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
        self.path = path
        var sections: [String: (names: [String], text: String)] = [:]
        var current = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("-- ") {
                let words = line.dropFirst(3).split(separator: " ").map(String.init)
                current = words.first ?? ""
                sections[current] = (Array(words.dropFirst()), "")
            } else {
                sections[current]?.text += line + "\n"
            }
        }
        self.sections = sections
    }

    var description: String { path }

    var expected: [String] {
        (sections["expect"]?.text ?? "").split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    var sql: String { sections["sql"]?.text ?? "" }

    /// The decision, then each finding.
    func actual() throws -> [String] {
        switch try outcome() {
        case .approved: return ["allowed"]
        case .stopped(let verdict):
            return [verdict.decision.rawValue]
                + verdict.findings.map {
                    [$0.rule, $0.clause, "\($0.span.line):\($0.span.column)", $0.column ?? "-", $0.capability ?? "-"].joined(separator: " ")
                }
        }
    }

    func outcome() throws -> CheckOutcome {
        try QueryCheck.run(sql: sql, policies: try PolicySet(documents: documents()), parameterDomains: try parameters(), basis: try basis())
    }

    /// What the verdict rests on beside the policies: lines of the product, and what loads measured.
    func basis() throws -> CheckBasis {
        var terms: UseTerms?
        if let text = sections["product"]?.text {
            let yaml = "product: case\nsql: none\n" + text
            terms = try UseTerms(product: try DocumentReader.read(Array(yaml.utf8), fileName: path).json)
        }
        let measured = try sections["measured"].map { try JSONValue.parse(Array($0.text.utf8)) } ?? .null
        return try CheckBasis(
            record: [
                "terms": terms?.json ?? .null, "profiles": measured["profiles"] ?? [:], "scenario": measured["scenario"] ?? [],
            ])
    }

    func documents() throws -> [JSONValue] {
        let section = sections["policy"] ?? ([], "")
        var documents = try section.names.map { name in
            let url = Self.policies.appendingPathComponent((name.contains("/") ? name : "Examples/" + name) + ".yaml")
            return try DocumentReader.read(Array(try Data(contentsOf: url)), fileName: url.lastPathComponent).json
        }
        if section.text.contains(":") { documents.append(try DocumentReader.read(Array(section.text.utf8), fileName: path).json) }
        return documents
    }

    func parameters() throws -> JSONValue {
        guard let text = sections["parameters"]?.text, !text.isEmpty else { return .null }
        let indented = text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
        let yaml = "product: case\nsql: none\nparameters:\n" + indented + "\n"
        return try DocumentReader.read(Array(yaml.utf8), fileName: path).json["parameters"] ?? .null
    }
}
