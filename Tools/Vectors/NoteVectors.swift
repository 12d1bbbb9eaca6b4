// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CanonicalJSON
import CryptoSuites

/// Files of signed notes: keys with their IDs, notes that open and notes that must be refused.
enum NoteVectors {
    static func check(_ file: ReferenceFile) -> Outcome? {
        guard let cases = file.json?["open"]?.elements, !cases.isEmpty,
            cases.allSatisfy({ $0["note"] != nil && $0["vkeys"] != nil && $0["ok"] != nil })
        else { return nil }
        var outcome = Outcome()
        for (number, key) in (file.json?["vkeys"]?.elements ?? []).enumerated() {
            outcome.note("vkey \(number)") { try check(key: key) }
        }
        for (number, one) in cases.enumerated() {
            outcome.note("note \(number) (\(one["why"]?.text ?? ""))") {
                let note = Array(try one.requireText("note").utf8)
                let keys = try one.requireTexts("vkeys").map { try VerifierKey(parsing: $0) }
                return opens(note, keys, text: one["text"]?.text) == one["ok"]?.flag
            }
        }
        return outcome
    }

    private static func check(key: JSONValue) throws -> Bool {
        let text = try key.requireText("vkey")
        let parsed = try VerifierKey(parsing: text)
        guard parsed.text == text else { return false }
        if let id = key["key_id"]?.text, id != parsed.keyIDText { return false }
        if let type = key["type"]?.number, type != Int64(parsed.kind.rawValue) { return false }
        guard let seed = key["seed"]?.text.flatMap({ Hexadecimal.decode($0) }) else { return key["seed"] == nil }
        return try SigningKey(seed: seed).publicKey == parsed.key
    }

    private static func opens(_ bytes: [UInt8], _ keys: [VerifierKey], text: String?) -> Bool {
        do throws(AuditError) {
            let note = try SignedNote(parsing: bytes)
            try note.verified(by: keys)
            return text.map { Array($0.utf8) == note.text } ?? true
        } catch { return false }
    }
}
