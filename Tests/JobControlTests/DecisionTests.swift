// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import Foundation
import JobControl
import PolicyCheck
import Testing

@Suite("Decision records and their replay")
struct DecisionTests {
    private static let names = ["decision-v1-en.json", "decision-v1-zh.json"]

    /// A record with one place changed. Steps are member names and numbers of elements.
    private static func altered(_ bytes: [UInt8], _ path: [String], _ change: (JSONValue?) -> JSONValue?) throws -> [UInt8] {
        func altered(_ value: JSONValue, _ path: ArraySlice<String>) throws -> JSONValue {
            guard let step = path.first else { return try #require(change(value)) }
            if var elements = value.elements {
                let index = try #require(Int(step))
                elements[index] = try altered(elements[index], path.dropFirst())
                return .array(elements)
            }
            var members = try #require(value.members)
            if path.count == 1 {
                members[step] = change(members[step])
            } else {
                members[step] = try altered(try #require(members[step]), path.dropFirst())
            }
            return .object(members)
        }
        return try altered(try JSONValue.parseCanonical(bytes), path[...]).canonicalBytes
    }

    private func differences(_ bytes: [UInt8]) throws -> [String] { try DecisionReplay.run(bytes).differences }

    @Test("A record that an earlier build wrote gives the same verdict, byte for byte", arguments: names)
    func same(_ name: String) throws {
        let bytes = try Golden.bytes(name)
        let replay = try DecisionReplay.run(bytes)
        #expect(replay.isSame && replay.differences == [] && replay.fault == nil)
        #expect(replay.verdict == (name.contains("zh") ? "refused" : "allowed"))
        #expect(replay.digest == SHA256.hash(bytes).hex && replay.checker == PolicyChecker.version)
        let record = try JSONValue.parseCanonical(bytes)
        let documents = (record["policies"]?.elements ?? []).compactMap { $0["document"] }
        let made = try Decision.made(
            product: replay.product, sql: record["sql"]?.text ?? "", parameterDomains: record["parameters"] ?? .null, documents: documents,
            basis: try CheckBasis(record: record))
        #expect(made.record.canonicalBytes == bytes)
        #expect(made.verdict == record["verdict"])
    }

    /// A checker of another version, or another form of records, gives other bytes: `YUNEI_RENEW_GOLDEN=1 swift test --filter DecisionTests`.
    @Test("Golden records are written anew when asked for", .enabled(if: getenv("YUNEI_RENEW_GOLDEN") != nil), arguments: names)
    func renew(_ name: String) throws {
        let record = try JSONValue.parseCanonical(Golden.bytes(name))
        let made = try Decision.made(
            product: record["product"]?.text ?? "", sql: record["sql"]?.text ?? "", parameterDomains: record["parameters"] ?? .null,
            documents: (record["policies"]?.elements ?? []).compactMap { $0["document"] },
            basis: record["terms"] == nil ? .none : try CheckBasis(record: record))
        try Data(made.record.canonicalBytes).write(to: Golden.url(name))
        #expect(try Golden.bytes(name) == made.record.canonicalBytes)
    }

    @Test("The two golden records are of the two languages, and their messages are in both")
    func languages() throws {
        let chinese = try JSONValue.parseCanonical(Golden.bytes("decision-v1-zh.json"))
        let tables = Array((chinese["schema"]?.members ?? [:]).keys)
        #expect(!tables.isEmpty && tables.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value > 0x2E80 } })
        let finding = try #require(chinese["verdict"]?["findings"]?.elements?.first)
        #expect(finding["message"]?["zh"]?.text?.unicodeScalars.contains { $0.value > 0x2E80 } == true)
        #expect(finding["message"]?["en"]?.text?.contains(" is ") == true)
        #expect(finding["change"]?["verified"] == true)
        let english = try JSONValue.parseCanonical(Golden.bytes("decision-v1-en.json"))
        #expect(english["schema"]?["visit"] != nil)
    }

    @Test("An altered statement is seen, even where it means the same", arguments: names)
    func statement(_ name: String) throws {
        let bytes = try Golden.bytes(name)
        let blank = try Self.altered(bytes, ["sql"]) { .string(($0?.text ?? "") + " ") }
        #expect(try differences(blank).contains("/verdict/inputs/sql"))
        let other = try Self.altered(bytes, ["sql"]) { _ in "SELECT 1" }
        #expect(try differences(other).contains("/verdict/inputs/sql"))
        let none = try Self.altered(bytes, ["sql"]) { _ in "SELEKT" }
        let replay = try DecisionReplay.run(none)
        #expect(replay.differences.contains("/verdict") && replay.fault?.code.hasPrefix("sql.") == true)
    }

    @Test("An altered policy is seen, with its own digest and with another", arguments: names)
    func policy(_ name: String) throws {
        let bytes = try Golden.bytes(name)
        let documents = (try JSONValue.parseCanonical(bytes)["policies"]?.elements ?? []).compactMap { $0["document"] }
        let index = try #require(documents.firstIndex { $0["defaults"] != nil || $0["release"] != nil })
        let path = documents[index]["defaults"] == nil ? "release" : "defaults"
        let key = path == "release" ? "minimum_entities" : "updated"
        func change(_ value: JSONValue?) -> JSONValue? {
            var members = value?.members ?? [:]
            members[key] = key == "updated" ? "每年" : 11
            return .object(members)
        }
        let loose = try Self.altered(bytes, ["policies", "\(index)", "document", path], change)
        #expect(try differences(loose).contains("/policies/\(index)/document"))
        let changed = try #require(try JSONValue.parseCanonical(loose)["policies"]?.elements?[index]["document"])
        let bound = try Self.altered(loose, ["policies", "\(index)", "digest"]) { _ in .string(SHA256.hash(changed.canonicalBytes).hex) }
        #expect(try differences(bound).contains("/verdict/inputs/policies"))
        #expect(try !differences(Self.altered(bytes, ["policies", "0", "digest"]) { _ in .string(String(repeating: "0", count: 64)) }).isEmpty)
        let fewer = try Self.altered(bytes, ["policies"]) { .array(Array(($0?.elements ?? []).dropLast())) }
        #expect(try !differences(fewer).isEmpty)
    }

    @Test("An altered verdict is seen, wherever", arguments: names)
    func verdict(_ name: String) throws {
        let bytes = try Golden.bytes(name)
        let verdict = try #require(try JSONValue.parseCanonical(bytes)["verdict"]?.members)
        for member in verdict.keys where member != "status" && member != "verdict" {
            #expect(try differences(Self.altered(bytes, ["verdict", member]) { _ in "x" }) == ["/verdict/" + member])
            #expect(try differences(Self.altered(bytes, ["verdict", member]) { _ in nil }) == ["/verdict/" + member])
        }
        #expect(try differences(Self.altered(bytes, ["verdict", "status"]) { _ in "needs-review" }) == ["/verdict/status"])
        for member in (verdict["findings"]?.elements?.first?.members ?? [:]).keys {
            let altered = try Self.altered(bytes, ["verdict", "findings", "0", member]) { _ in 7 }
            #expect(try differences(altered) == ["/verdict/findings/0/" + member])
        }
    }

    @Test("Other altered members are seen", arguments: names)
    func others(_ name: String) throws {
        let bytes = try Golden.bytes(name)
        #expect(try differences(Self.altered(bytes, ["checker"]) { _ in 99 }) == ["/checker"])
        #expect(try differences(Self.altered(bytes, ["product"]) { _ in "x" }).contains("/verdict/inputs/product"))
        // The letter é in its two spellings compares as equal, and is not the same bytes.
        let composed = try Self.altered(Self.altered(bytes, ["product"]) { _ in "caf\u{E9}" }, ["verdict", "inputs", "product"]) { _ in "cafe\u{301}" }
        #expect(try differences(composed).contains("/verdict/inputs/product"))
        let more = try Self.altered(bytes, ["parameters", "p"]) { _ in ["type": "date"] }
        #expect(try differences(more).contains("/verdict/inputs/parameters"))
        #expect(try differences(Self.altered(bytes, ["parameters"]) { _ in [:] }).contains("/verdict"))
        #expect(try differences(Self.altered(bytes, ["schema"]) { _ in [:] }).first?.hasPrefix("/schema/") == true)
    }

    @Test("What is no record is malformed, and says where", arguments: names)
    func malformed(_ name: String) throws {
        let bytes = try Golden.bytes(name)
        func place(_ bytes: [UInt8]) -> String? {
            do {
                _ = try DecisionReplay.run(bytes)
                return nil
            } catch { return error.code == .decisionMalformed ? error.arguments.first : nil }
        }
        #expect(place([]) == "/" && place(Array("{}".utf8)) == "/" && place(Array(bytes.dropLast())) == "/")
        #expect(place(bytes + [10]) == "/")
        for member in ["checker", "product", "sql", "parameters", "policies", "schema", "terms", "profiles", "scenario", "verdict"] {
            #expect(try place(Self.altered(bytes, [member]) { _ in nil }) == "/")
            #expect(try place(Self.altered(bytes, [member]) { _ in true })?.hasPrefix("/" + member) == true)
        }
        #expect(try place(Self.altered(bytes, ["record"]) { _ in "decision/2" }) == "/record")
        #expect(try place(Self.altered(bytes, ["more"]) { _ in 1 }) == "/")
        #expect(try place(Self.altered(bytes, ["policies", "0"]) { _ in [:] }) == "/policies/0")
    }

    @Test("A record as large as the limit, not one byte more")
    func size() throws {
        let bytes = try Golden.bytes(Self.names[0])
        var ceilings = Limits.Ceilings()
        #expect(ceilings.decisionRecordBytes == Limits.decisionRecordBytes)
        ceilings.decisionRecordBytes = bytes.count
        #expect(try DecisionReplay.run(bytes, ceilings: ceilings).isSame)
        ceilings.decisionRecordBytes = bytes.count - 1
        #expect(throws: ControlError(.decisionMalformed)) { try DecisionReplay.run(bytes, ceilings: ceilings) }
    }

    @Test("As many differences are named as the limit, not one more")
    func many() throws {
        let bytes = try Golden.bytes(Self.names[0])
        func count(_ altered: Int) throws -> Int {
            try differences(
                Self.altered(bytes, ["schema", "visit"]) { columns in
                    .array((columns?.elements ?? []).enumerated().map { $0.offset < altered ? 7 : $0.element })
                }
            ).count
        }
        #expect(try count(3) == 3)
        let tables = try #require(try JSONValue.parseCanonical(bytes)["schema"]?.members)
        func all(_ altered: Int) throws -> Int {
            var left = altered
            var bytes = bytes
            for table in tables.keys.sorted() {
                bytes = try Self.altered(bytes, ["schema", table]) { columns in
                    .array(
                        (columns?.elements ?? []).map { column in
                            left -= 1
                            return left >= 0 ? 7 : column
                        })
                }
            }
            return try differences(bytes).count
        }
        #expect(try all(Limits.decisionDifferences) == Limits.decisionDifferences)
        #expect(try all(Limits.decisionDifferences + 1) == Limits.decisionDifferences)
    }
}
