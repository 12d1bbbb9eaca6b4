// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CryptoSuites
import Testing

/// The files of version 1, byte for byte (Documentation/Formats/audit-log.md).
@Suite struct FormatTests {
    @Test func goldenFiles() throws {
        let folder = try LogFolder()
        let log = try folder.create()
        _ = try log.append([Array("第一条".utf8), []])
        let pendingText = Hexadecimal.encode(try folder.folder.read("state/pending"))
        #expect(pendingText == Self.pending)
        let note = try log.currentCheckpoint
        let signerText = Hexadecimal.encode(try folder.folder.read("state/signer"))
        #expect(signerText == Self.signer)
        #expect(String(decoding: note, as: UTF8.self) == Self.checkpoint)
        #expect(try folder.folder.read("audit/tile/entries/000.p/2") == [0, 9] + Array("第一条".utf8) + [0, 0])
    }

    @Test func newerVersionsAreRefused() throws {
        let folder = try LogFolder()
        _ = try folder.create()
        var pending = try folder.folder.read("state/pending")
        pending[4] = 2
        try folder.folder.write(pending, "state/pending")
        #expect(throws: AuditError(.formatUnknown)) { try folder.open() }
        pending[0] = 0
        try folder.folder.write(pending, "state/pending")
        #expect(throws: AuditError(.pendingDamaged)) { try folder.open() }
        try folder.folder.remove("state/pending")
        #expect(throws: AuditError(.fileMissing)) { try folder.open() }
    }

    /// One sector for the file, one for the record.
    static let pending =
        padded(
            "594e574c010000001a079fccc8b03705ae541da27c019e3cff905a59c7900684e050d2dc7977dbda")
        + padded(
            "0000000000000000000000020000000dd3502f81ed9cc8e61c6245c52787b5d4adee34baa57b46149150afe02063a903"
                + "66948e054f65498950871ff5f6478f930009e7acace4b880e69da10000")

    static func padded(_ text: String) -> String { text + String(repeating: "f", count: 1_024 - text.utf8.count) }

    static let signer =
        "594e5347010000000000000000000002493e65dbb2a8172e73f797453ee7b581edec6243b96f07bbe413c28d439c90de"
        + "0000000000000001005073616e64626f782e6578616d706c652f61756469742f323032362b38616366646632662b4164"
        + "64616d414743735171333155762b30386c6b427a6f4f34584c7a3271596a4a613843476d6a3342314561b2ee9ac28ec9"
        + "09f9d4de8f726029613190616b23e0d73f0f85c116033a6d869b"
    static let checkpoint = """
        sandbox.example/audit/2026
        2
        ST5l27KoFy5z95dFPue1ge3sYkO5bwe75BPCjUOckN4=

        — sandbox.example/audit/2026 is/fL2Vmw0XNNfmIiQwTT8tDgKYbyxgBvbsEsDpKrPyrCQrTTwvsYSq+SVFy4SMqHhcFD7NU2ozsSRp33JJ8onOKngI=

        """
}
