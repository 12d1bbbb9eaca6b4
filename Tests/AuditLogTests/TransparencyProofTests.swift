// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CryptoSuites
import Testing

@Suite struct TransparencyProofTests {
    @Test func provesOffline() throws {
        let folder = try LogFolder()
        let log = try folder.create()
        _ = try log.append(LogFolder.entries(0..<300))
        for index in [0, 1, 73, 255, 256, 299] {
            for extra in [nil, Array("extra".utf8), []] as [[UInt8]?] {
                let bytes = try log.transparencyProof(index: UInt64(index), extra: extra).bytes
                let proof = try TransparencyProof(parsing: bytes)
                #expect(proof.bytes == bytes)
                #expect(proof.extra == extra)
                #expect(try proof.verify(entry: LogFolder.entry(index), key: log.verifierKey).size == 300)
                #expect(throws: AuditError(.proofInvalid)) {
                    try proof.verify(entry: LogFolder.entry(index + 1), key: log.verifierKey)
                }
            }
        }
    }

    @Test func everyChangedByteIsRefused() throws {
        let folder = try LogFolder()
        let log = try folder.create()
        _ = try log.append(LogFolder.entries(0..<9))
        let bytes = try log.transparencyProof(index: 4).bytes
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= 1
            #expect(throws: AuditError.self) {
                try TransparencyProof(parsing: altered).verify(entry: LogFolder.entry(4), key: log.verifierKey)
            }
        }
        for length in bytes.indices {
            #expect(throws: AuditError.self) {
                try TransparencyProof(parsing: Array(bytes[..<length]))
                    .verify(entry: LogFolder.entry(4), key: log.verifierKey)
            }
        }
    }

    @Test func numberOfHashes() {
        func proof(_ count: Int) -> [UInt8] {
            TransparencyProof(
                index: 0, hashes: [Digest](repeating: MerkleTree.emptyRoot, count: count), checkpoint: []
            ).bytes
        }
        #expect(throws: Never.self) { try TransparencyProof(parsing: proof(AuditLog.Limits.proofHashes)) }
        #expect(throws: AuditError(.proofMalformed)) {
            try TransparencyProof(parsing: proof(AuditLog.Limits.proofHashes + 1))
        }
    }
}
