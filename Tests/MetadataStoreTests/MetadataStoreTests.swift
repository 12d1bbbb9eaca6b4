// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import MetadataStore
import Testing

@Suite("The rebuildable view")
struct MetadataStoreTests {
    private static func entry(_ type: String, _ body: JSONValue, actor: String = "authority") -> JSONValue {
        ["type": .string(type), "actor": .string(actor), "body": body]
    }

    private static func person(_ name: String, _ role: String) -> JSONValue {
        ["name": .string(name), "role": .string(role), "organisation": "市卫健委", "key": "00"]
    }

    private static let life: [JSONValue] = [
        entry("domain.created", person("authority", "authority")),
        entry("identity.added", person("wjw", "unit")),
        entry("policy.applied", ["kind": "table", "name": "visit", "document": "d1"], actor: "wjw"),
        entry("load.intended", ["job": "l1", "kind": "load", "subject": "visit"], actor: "wjw"),
        entry(
            "table.loaded",
            [
                "job": "l1", "table": "visit", "version": 1, "manifest": "m1",
                "directories": [["entity": "person", "version": 1, "digest": "e1"]],
            ], actor: "wjw"),
        entry("product.submitted", ["product": "统计", "document": "p1"], actor: "op"),
        entry(
            "product.decided",
            ["product": "统计", "digest": "a1", "role": "unit", "organisation": "市卫健委", "decision": "approve", "opinion": ""], actor: "wjw"),
        entry("job.intended", ["job": "j1", "kind": "product", "subject": "统计"], actor: "op"),
        entry("job.released", ["job": "j1", "result": "r1"], actor: "op"),
    ]

    private func store() throws -> (MetadataStore, String) {
        let path = NSTemporaryDirectory() + "metadata-" + UUID().uuidString + ".sqlite"
        return (try MetadataStore(path: path), path)
    }

    private func indexed(_ entries: [JSONValue]) -> [(index: UInt64, entry: JSONValue)] {
        entries.enumerated().map { (index: UInt64($0.offset), entry: $0.element) }
    }

    @Test("A life is readable again")
    func life() throws {
        let (store, path) = try store()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try store.apply(indexed(Self.life))
        #expect(try store.appliedCount() == UInt64(Self.life.count))
        #expect(try store.identities().map(\.name) == ["authority", "wjw"])
        #expect(try store.documents().map(\.digest) == ["d1"])
        #expect(try store.latestVersion(of: "visit")?.version == 1)
        #expect(try store.latestVersion(of: "other") == nil)
        #expect(try store.directory(of: "person")?.version == 1)
        #expect(try store.product("统计")?.digest == "p1")
        #expect(try store.decisions(on: "统计").map(\.decision) == ["approve"])
        #expect(try store.jobs(status: "released").map(\.id) == ["l1", "j1"])
        #expect(try store.jobs(status: "running").isEmpty)
    }

    @Test("Applying twice, in pieces or at once gives the same view")
    func idempotence() throws {
        let (whole, first) = try store()
        let (pieces, second) = try store()
        defer { for path in [first, second] { try? FileManager.default.removeItem(atPath: path) } }
        try whole.apply(indexed(Self.life))
        for end in 1...Self.life.count { try pieces.apply(indexed(Array(Self.life.prefix(end)))) }
        #expect(try whole.jobs() == pieces.jobs())
        #expect(try whole.products() == pieces.products())
        #expect(try whole.appliedCount() == pieces.appliedCount())
    }

    @Test("A gap, an unknown type and a missing member are refused, and nothing of the batch stays")
    func strictness() throws {
        let (store, path) = try store()
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: MetadataError(.malformedEntry)) { try store.apply([(index: 1, entry: Self.life[1])]) }
        #expect(throws: MetadataError(.unknownEntry)) {
            try store.apply(indexed([Self.life[0], Self.entry("budget.spent", .null)]))
        }
        #expect(throws: MetadataError(.malformedEntry)) {
            try store.apply(indexed([Self.life[0], Self.entry("product.submitted", ["product": "x"])]))
        }
        #expect(try store.appliedCount() == 0)
        #expect(try store.identities().isEmpty)
    }

    @Test("What is no SQLite file, or of another layout, is refused")
    func foreignFile() throws {
        let path = NSTemporaryDirectory() + "metadata-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("this is no database, and long enough to be looked at as one".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: MetadataError(.unusable)) { try MetadataStore(path: path) }
    }
}
