// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CryptoSuites
import DurableFiles
import Testing

/// What the signer's own state protects against: rollback and forks by way of the log's files.
@Suite struct SignerTests {
    let folder: LogFolder

    init() throws { folder = try LogFolder() }

    func fill(_ range: Range<Int>) throws {
        let log = folder.folder.exists("state/signer") ? try folder.open() : try folder.create()
        _ = try log.append(LogFolder.entries(range))
        _ = try log.currentCheckpoint
    }

    @Test func oldBackupOfTheLogIsRefused() throws {
        try fill(0..<10)
        try folder.folder.copy("audit", to: "backup")
        try fill(10..<20)
        try folder.folder.remove("audit")
        try folder.folder.copy("backup", to: "audit")
        #expect(throws: (any Error).self) { try folder.open() }
    }

    @Test func oldBackupOfTheStateIsRefused() throws {
        try fill(0..<10)
        try folder.folder.copy("state", to: "backup")
        try fill(10..<20)
        try folder.folder.remove("state")
        try folder.folder.copy("backup", to: "state")
        #expect(throws: AuditError(.signerRollback)) { try folder.open() }
    }

    @Test func rewrittenHistoryIsNotSigned() throws {
        try fill(0..<10)
        try folder.folder.copy("state/signer", to: "signer")
        // The same origin and key, another history of the same and of a larger size.
        for count in [10, 12] {
            try folder.folder.remove("audit")
            try folder.folder.remove("state")
            do {
                let log = try folder.create()
                _ = try log.append(LogFolder.entries(100..<(100 + count)))
                _ = try log.currentCheckpoint
            }
            try folder.folder.remove("state/signer")
            try folder.folder.copy("signer", to: "state/signer")
            #expect(throws: (any Error).self) { try folder.open() }
        }
    }

    @Test func missingOrDamagedStateIsRefused() throws {
        try fill(0..<3)
        let state = try folder.folder.read("state/signer")
        for index in state.indices {
            var altered = state
            altered[index] ^= 1
            try folder.folder.write(altered, "state/signer")
            #expect(throws: AuditError.self) { try folder.open() }
        }
        var newer = Array(state.dropLast(32))
        newer[4] = 2
        try folder.folder.write(newer + SHA256.hash(newer).bytes, "state/signer")
        #expect(throws: AuditError(.formatUnknown)) { try folder.open() }
        try folder.folder.remove("state/signer")
        #expect(throws: AuditError(.signerStateMissing)) { try folder.open() }
        try folder.folder.write(state, "state/signer")
        _ = try folder.open()
    }

    @Test func missingCheckpointIsSignedAgain() throws {
        try fill(0..<3)
        let note = try folder.folder.read("audit/checkpoint")
        try folder.folder.remove("audit/checkpoint")
        #expect(try folder.open().currentCheckpoint == note)
        #expect(try folder.folder.read("audit/checkpoint") == note)
    }

    @Test func alteredTilesOrEntriesAtTheEdgeAreRefused() throws {
        try fill(0..<300)
        for name in ["audit/tile/0/001.p/44", "audit/tile/entries/001.p/44", "audit/tile/1/000.p/1"] {
            let bytes = try folder.folder.read(name)
            var altered = bytes
            altered[bytes.count - 1] ^= 1
            try folder.folder.write(altered, name)
            #expect(throws: AuditError.self) { try folder.open() }
            try folder.folder.write(bytes, name)
        }
        _ = try folder.open()
    }
}
