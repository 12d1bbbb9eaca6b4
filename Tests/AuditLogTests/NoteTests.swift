// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CryptoSuites
import Testing

@Suite struct NoteTests {
    let key = SigningKey.random(from: RandomBytes(seed: 31))

    @Test func signedAndOpened() throws {
        let text = Array("第一行\n\nsecond\n".utf8)
        let note = try SignedNote(text: text, signedBy: key, name: "log.example/a")
        let opened = try SignedNote(parsing: note.bytes)
        #expect(opened.text == text)
        let vkey = try VerifierKey(name: "log.example/a", key: key.publicKey)
        #expect(try opened.verified(by: [vkey]) == [vkey])
    }

    @Test func signatureCount() throws {
        let text = Array("a\n".utf8)
        let line = try SignedNote(text: text, signedBy: key, name: "x").bytes.dropFirst(text.count + 1)
        func note(_ count: Int) -> [UInt8] { text + [0x0A] + (0..<count).flatMap { _ in line } }
        #expect(throws: Never.self) { try SignedNote(parsing: note(AuditLog.Limits.noteSignatures)) }
        #expect(throws: AuditError(.noteMalformed)) { try SignedNote(parsing: note(AuditLog.Limits.noteSignatures + 1)) }
        #expect(throws: AuditError(.noteMalformed)) { try SignedNote(parsing: note(0)) }
    }

    @Test func noteLength() throws {
        func note(_ count: Int) throws -> [UInt8] {
            let empty = try SignedNote(text: [0x0A], signedBy: key, name: "x").bytes.count
            return try SignedNote(
                text: [UInt8](repeating: 65, count: count - empty) + [0x0A], signedBy: key, name: "x").bytes
        }
        #expect(throws: Never.self) { try SignedNote(parsing: try note(AuditLog.Limits.noteBytes)) }
        #expect(throws: AuditError(.noteMalformed)) { try SignedNote(parsing: try note(AuditLog.Limits.noteBytes + 1)) }
    }

    @Test func verifierKeysThatAreRefused() throws {
        let good = try VerifierKey(name: "a", key: key.publicKey).text
        #expect(try VerifierKey(parsing: good).text == good)
        for text in ["", "a", "a+b", "a+00000000+AAAA", "b" + good.dropFirst(), good + "=", " " + good] {
            #expect(throws: AuditError.self) { try VerifierKey(parsing: text) }
        }
        let other = "a+12345678+" + Base64.encode([2] + key.publicKey.bytes)
        #expect(throws: AuditError(.keyUnsupported)) { try VerifierKey(parsing: other) }
    }

    @Test func checkpointTexts() throws {
        let root = Base64.encode(MerkleTree.emptyRoot.bytes)
        #expect(try Checkpoint(parsing: Array("o\n0\n\(root)\n".utf8)).size == 0)
        #expect(try Checkpoint(parsing: Array("o\n12\n\(root)\nextension\n".utf8)).size == 12)
        let largest = AuditLog.Limits.treeSize
        #expect(try Checkpoint(parsing: Array("o\n\(largest)\n\(root)\n".utf8)).size == largest)
        for text in [
            "", "o\n0\n", "o\n0\n\(root)", "\n0\n\(root)\n", "o\n00\n\(root)\n", "o\n01\n\(root)\n", "o\n-1\n\(root)\n",
            "o\n+1\n\(root)\n", "o\n1\n\(root.dropLast())\n", "o\n1\n\(root)\n\n", "o\n99999999999999999999\n\(root)\n",
            "o\n\(largest + 1)\n\(root)\n",
        ] { #expect(throws: AuditError(.checkpointMalformed)) { try Checkpoint(parsing: Array(text.utf8)) } }
    }

    @Test func checkpointOfAnotherOrigin() throws {
        let head = Checkpoint(origin: "other", size: 0, root: MerkleTree.emptyRoot)
        let note = try SignedNote(text: head.text, signedBy: key, name: "mine")
        let vkey = try VerifierKey(name: "mine", key: key.publicKey)
        #expect(throws: AuditError(.originMismatch)) { try Checkpoint(opening: note.bytes, key: vkey) }
    }

    @Test func base64() {
        for count in 0..<70 {
            let bytes = RandomBytes(seed: UInt64(count)).bytes(count: count)
            #expect(Base64.decode(Base64.encode(bytes).utf8) == bytes)
        }
        #expect(Base64.encode([0xFF]) == "/w==")
        for text in ["/x==", "/w=", "/w", "====", "A===", "AA\n=", "A-==", "/w==AAAA", "=AAA"] {
            #expect(Base64.decode(text.utf8) == nil, "\(text)")
        }
    }
}
