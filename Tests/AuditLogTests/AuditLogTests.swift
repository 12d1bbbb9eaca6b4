// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CryptoSuites
import DurableFiles
import Glibc
import Testing

@Suite struct AuditLogTests {
    let folder: LogFolder

    init() throws { folder = try LogFolder() }

    @Test func emptyLogIsSignedAndIntact() throws {
        let log = try folder.create()
        #expect(log.size == 0)
        let head = try Checkpoint(opening: try log.currentCheckpoint, key: log.verifierKey)
        #expect(head == Checkpoint(origin: LogFolder.origin, size: 0, root: MerkleTree.emptyRoot))
        #expect(try folder.verify().isIntact)
    }

    @Test func createdOnce() throws {
        _ = try folder.create()
        #expect(throws: AuditError(.alreadyExists)) { try folder.create() }
        _ = try folder.open()
    }

    @Test func oneProcessAtATime() throws {
        let log = try folder.create()
        #expect(throws: DurableError(.locked, [])) { try folder.open() }
        #expect(log.size == 0)
    }

    @Test func appendsAndReadsBackAcrossRestarts() throws {
        var log = try folder.create()
        var expected: [[UInt8]] = []
        for count in [1, 2, 250, 3, 1, 260, 511] {
            let entries = LogFolder.entries(expected.count..<(expected.count + count))
            #expect(try log.append(entries) == UInt64(expected.count)..<UInt64(expected.count + count))
            expected += entries
            if count != 3 {
                log = try reopened(&log)
            }
            #expect(log.size == UInt64(expected.count))
        }
        #expect(try expected.indices.map { try log.entry(at: UInt64($0)) } == expected)
        #expect(try log.entries(from: 0, count: .max / 2) == expected)
        #expect(try log.entries(from: 255, count: 300) == Array(expected[255..<555]))
        #expect(try log.entries(from: 2_000, count: 3) == [])
        #expect(throws: AuditError(.indexOutOfRange)) { try log.entry(at: UInt64(expected.count)) }
        _ = try log.currentCheckpoint
        #expect(try folder.verify().isIntact)
    }

    /// Lets go of the old one first: it holds the lock.
    func reopened(_ log: inout AuditLog) throws -> AuditLog {
        let other = try LogFolder()
        log = try other.create()
        return try folder.open()
    }

    @Test func proofsAgreeWithTheNaiveTree() throws {
        let log = try folder.create()
        let entries = LogFolder.entries(0..<600)
        let leaves = entries.map { NaiveTree.leaf($0) }
        _ = try log.append(entries)
        var random = SystemRandomNumberGenerator()
        for size in [1, 2, 3, 255, 256, 257, 300, 511, 512, 513, 600] {
            let root = NaiveTree.root(leaves.prefix(size))
            for index in Set([0, size - 1, size / 2, Int.random(in: 0..<size, using: &random)]) {
                let proof = try log.inclusionProof(index: UInt64(index), size: UInt64(size))
                #expect(proof == NaiveTree.path(index, leaves.prefix(size)))
                #expect(
                    MerkleTree.verifiesInclusion(
                        of: leaves[index], index: UInt64(index), size: UInt64(size), root: root, proof: proof))
            }
            let old = Int.random(in: 1...size, using: &random)
            let proof = try log.consistencyProof(from: UInt64(old), to: UInt64(size))
            #expect(proof == NaiveTree.proof(old, leaves.prefix(size)))
        }
        #expect(throws: AuditError(.indexOutOfRange)) { try log.inclusionProof(index: 5, size: 5) }
        #expect(throws: AuditError(.indexOutOfRange)) { try log.inclusionProof(index: 5, size: 601) }
        #expect(throws: AuditError(.indexOutOfRange)) { try log.consistencyProof(from: 5, to: 601) }
        #expect(throws: AuditError(.indexOutOfRange)) { try log.consistencyProof(from: 5, to: 4) }
    }

    @Test func limitsOfEntriesAndBatches() throws {
        let folder = try LogFolder(inMemory: false)
        let log = try folder.create()
        let longest = [UInt8](repeating: 1, count: AuditLog.Limits.entryBytes)
        #expect(try log.append([longest, []]) == 0..<2)
        #expect(throws: AuditError(.entryTooLarge)) { try log.append([[1], longest + [1]]) }
        #expect(throws: AuditError(.batchInvalid)) { try log.append([]) }
        let full = [[UInt8]](repeating: [], count: AuditLog.Limits.batchEntries)
        #expect(throws: AuditError(.batchInvalid)) { try log.append(full + [[]]) }
        let wide = [[UInt8]](repeating: [UInt8](repeating: 1, count: 1 << 15), count: AuditLog.Limits.batchBytes >> 15)
        #expect(throws: AuditError(.batchInvalid)) { try log.append(wide + [[1]]) }
        #expect(log.size == 2)
        #expect(try log.append(wide) == 2..<UInt64(2 + wide.count))
        #expect(try log.append(full).count == full.count)
        _ = try log.currentCheckpoint
        #expect(try log.entry(at: 0) == longest)
        #expect(try log.entry(at: 1) == [])
        #expect(try folder.verify().isIntact)
    }

    @Test func writeAheadFileStaysBounded() throws {
        let folder = try LogFolder(inMemory: false)
        let log = try folder.create()
        let wide = [[UInt8]](repeating: [UInt8](repeating: 1, count: 1 << 15), count: 500)
        for _ in 0..<4 { _ = try log.append(wide) }
        let pending = try folder.folder.read("state/pending").count
        #expect(pending < AuditLog.Limits.pendingBytes + AuditLog.Limits.batchBytes)
        #expect(log.publishedCheckpoint.size > 0)
        _ = try log.currentCheckpoint
        #expect(try folder.folder.read("state/pending").count == 512)
    }

    @Test func partialTilesAreTidiedOnceFull() throws {
        let log = try folder.create()
        for index in 0..<10 {
            _ = try log.append(LogFolder.entries((index * 30)..<(index * 30 + 30)))
            _ = try log.currentCheckpoint
        }
        let names = try folder.folder.files(below: "audit")
        #expect(!names.contains { $0.contains("000.p") && !$0.hasPrefix("tile/1") })
        #expect(names.contains("tile/0/001.p/44") && names.contains("tile/0/001.p/14"))
        #expect(try folder.verify().isIntact)
    }

    @Test func diskFullRefusesAndNothingIsLost() throws {
        _ = try folder.create()
        // Opening takes no step; an append takes two, write and flush.
        let log = try folder.open(DurableFiles { $0.number == 3 ? .fail(errno: ENOSPC) : nil })
        var size = log.size
        var refused = 0
        for _ in 0..<3 {
            do {
                _ = try log.append(LogFolder.entries(Int(size)..<Int(size) + 5))
                size += 5
            } catch let error as DurableError {
                #expect(error.code == .diskFull)
                refused += 1
            }
            #expect(log.size == size)
        }
        #expect(refused == 1 && size == 10)
        _ = try log.currentCheckpoint
        #expect(try folder.verify().isIntact)
    }

    @Test func wrongKeyIsRefused() throws {
        _ = try folder.create()
        #expect(throws: AuditError(.keyMismatch)) {
            try AuditLog.open(
                directory: folder.directory, stateDirectory: folder.stateDirectory,
                key: SigningKey.random(from: RandomBytes(seed: 3)), files: DurableFiles())
        }
    }

    @Test func originsThatCannotNameAKey() throws {
        for origin in ["", "a b", "a+b", "a\nb", String(repeating: "x", count: AuditLog.Limits.originBytes)] {
            #expect(throws: AuditError(.keyMalformed)) {
                try AuditLog.create(
                    directory: folder.directory, stateDirectory: folder.stateDirectory, origin: origin,
                    key: folder.key, files: DurableFiles())
            }
        }
        let longest = String(repeating: "x", count: AuditLog.Limits.originBytes - 54)
        _ = try AuditLog.create(
            directory: folder.directory, stateDirectory: folder.stateDirectory, origin: longest,
            key: folder.key, files: DurableFiles())
    }
}
