// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CanonicalJSON
import CryptoSuites

/// Files of tiled logs: names, roots and files at several sizes, proofs. Entries follow the rule in the file.
enum TileVectors {
    static func check(_ file: ReferenceFile) -> Outcome? {
        guard let json = file.json, let members = json.members, json["entry_rule"] != nil, json["roots_by_size"] != nil
        else { return nil }
        var outcome = Outcome()
        for (number, one) in (json["paths"]?.elements ?? []).enumerated() {
            outcome.note("path \(number)") { try check(path: one) }
        }
        for (size, count) in json["resource_counts"]?.members?.sorted(by: { $0.key < $1.key }) ?? [] {
            outcome.note("number of files of size \(size)") {
                UInt64(size).map { Int64(TilePath.all(size: $0).count) } == count.number
            }
        }
        do {
            try checkGrowing(members, try EntryRule(try json.requireText("entry_rule")), &outcome)
        } catch {
            outcome.failures.append("\(error)")
        }
        return outcome
    }

    private static func check(path one: JSONValue) throws -> Bool {
        let kind: TilePath.Kind
        if let level = try one.require("level").number {
            kind = .tile(level: Int(level))
        } else {
            guard one["level"]?.text == "entries" else { return false }
            kind = .entries
        }
        let path = TilePath(kind, index: try one.requireSize("index"), width: Int(try one.requireSize("width")))
        let text = try one.requireText("path")
        return path.text == text && TilePath(parsing: text) == path
    }

    /// Grows one log through all sizes that the file speaks of, the smallest first, and compares at each.
    private static func checkGrowing(
        _ members: [String: JSONValue], _ rule: EntryRule, _ outcome: inout Outcome
    ) throws {
        let scratch = try ScratchLog()
        var questions: [(size: UInt64, name: String)] = []
        for name in members["roots_by_size"]?.members?.keys.sorted() ?? [] {
            questions.append((UInt64(name) ?? 0, name))
        }
        for name in members.keys.sorted() {
            if let size = subject(name) { questions.append((size, name)) }
        }
        // A question's own size decides when the log is there; equal sizes keep the order above.
        let ordered = questions.enumerated().sorted { ($0.element.size, $0.offset) < ($1.element.size, $1.offset) }
        for (size, name) in ordered.map(\.element) {
            let root = try scratch.root(size: size) { rule.entry($0) }
            guard let value = members[name] else {
                let expected = members["roots_by_size"]?[name]?.text
                outcome.note("root of size \(name)") { Base64.encode(root.bytes) == expected }
                continue
            }
            check(name, value, scratch, &outcome)
        }
    }

    /// The size of the log that a member's name is about.
    private static func subject(_ name: String) -> UInt64? {
        let parts = name.split(separator: "_")
        switch parts.first {
        case "resources" where parts.count >= 2: return UInt64(parts[1])
        case "consistency" where parts.count == 3: return UInt64(parts[2])
        case "inclusion" where parts.count == 4: return UInt64(parts[3])
        default: return nil
        }
    }

    private static func check(_ name: String, _ value: JSONValue, _ scratch: ScratchLog, _ outcome: inout Outcome) {
        let parts = name.split(separator: "_")
        if parts[0] == "resources" {
            for one in value.elements ?? [] {
                outcome.note("\(name), \(one["path"]?.text ?? "")") {
                    let bytes = scratch.resource(try one.requireText("path"))
                    return try bytes.map { SHA256.hash($0).hex } == one.requireText("sha256")
                }
            }
            return
        }
        outcome.note(name) {
            guard let first = UInt64(parts[1]), let size = parts.last.flatMap({ UInt64($0) }) else { return false }
            let proof =
                parts[0] == "inclusion"
                ? try scratch.log.inclusionProof(index: first, size: size)
                : try scratch.log.consistencyProof(from: first, to: size)
            return proof.map { Base64.encode($0.bytes) } == value.elements?.compactMap(\.text)
        }
    }
}

/// The rule by which a file's entries are made: a text in braces with `<i>` and `<i mod n>` in it.
struct EntryRule {
    private let template: String

    init(_ rule: String) throws {
        guard let start = rule.firstIndex(of: "{"), let end = rule.lastIndex(of: "}"), start < end else {
            throw ShapeError(description: "entry_rule has no text in braces")
        }
        template = String(rule[start...end])
    }

    func entry(_ index: UInt64) -> [UInt8] {
        var text = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            text += rest[..<open]
            let words = rest[rest.index(after: open)..<close].split(separator: " ")
            if words == ["i"] {
                text += String(index)
            } else if words.count == 3, words.starts(with: ["i", "mod"]), let modulus = UInt64(words[2]), modulus > 0 {
                text += String(index % modulus)
            } else {
                text += rest[open...close]
            }
            rest = rest[rest.index(after: close)...]
        }
        return Array((text + rest).utf8)
    }
}
