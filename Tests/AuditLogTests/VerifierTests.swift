// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CryptoSuites
import DurableFiles
import TestBasics
import Testing

@Suite struct VerifierTests {
    let folder: LogFolder

    init() throws {
        folder = try LogFolder()
        let log = try folder.create()
        for end in [5, 300, 700] {
            _ = try log.append(LogFolder.entries(Int(log.size)..<end))
            _ = try log.currentCheckpoint
        }
    }

    @Test func fiveHundredRandomChangesAreAllFound() throws {
        #expect(try folder.verify().isIntact)
        let names = try folder.folder.files(below: "audit")
        var random = SplitMix64(seed: 42)
        for round in 0..<500 {
            let name = "audit/" + names[Int.random(in: 0..<names.count, using: &random)]
            let bytes = try folder.folder.read(name)
            var altered = bytes
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: altered[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: altered.removeSubrange(place...)
            case 2: altered.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 3: altered.append(UInt8.random(in: 0...255, using: &random))
            default: altered.remove(at: place)
            }
            try folder.folder.write(altered, name)
            #expect(!(try folder.verify().isIntact), "seed 42, round \(round), \(name)")
            try folder.folder.write(bytes, name)
        }
        #expect(try folder.verify().isIntact)
    }

    @Test func everyMissingFileIsFound() throws {
        for name in try folder.folder.files(below: "audit") {
            // Narrow forms of tiles that grew since may go.
            if name.contains(".p/"), let path = TilePath(parsing: name), path != current(path) { continue }
            let bytes = try folder.folder.read("audit/\(name)")
            try folder.folder.remove("audit/\(name)")
            let report = try folder.verify()
            #expect(report.failures.contains { $0.code == .fileMissing && $0.file == name }, "\(name)")
            try folder.folder.write(bytes, "audit/\(name)")
        }
    }

    func current(_ path: TilePath) -> TilePath? {
        TilePath.all(size: 700).first { $0.kind == path.kind && $0.index == path.index }
    }

    @Test func failuresNameFileAndIndex() throws {
        let name = "audit/tile/entries/001"
        var bytes = try folder.folder.read(name)
        let needle = Array("\"seq\":300,".utf8)
        let place = try #require((0..<bytes.count).first { bytes[$0...].starts(with: needle) })
        bytes[place + 8] ^= 1
        try folder.folder.write(bytes, name)
        let report = try folder.verify()
        #expect(report.failures.map(\.code) == [.entryAltered])
        #expect(report.failures.first?.file == "tile/entries/001")
        #expect(report.failures.first?.index == 300)
    }

    @Test func foreignFilesAreFound() throws {
        try folder.folder.write([1], "audit/notes.txt")
        #expect(try folder.verify().failures.map(\.code) == [.fileUnexpected])
        try folder.folder.remove("audit/notes.txt")
        try folder.folder.write([1], "audit/tile/0/003")
        #expect(try folder.verify().failures.map(\.code) == [.fileUnexpected])
    }

    @Test func olderCheckpointMustStillFit() throws {
        let other = try LogFolder()
        let log = try other.create()
        _ = try log.append(LogFolder.entries(0..<300))
        let honest = try log.currentCheckpoint
        #expect(try folder.verify(known: honest).isIntact)
        let forked = try LogFolder()
        let fork = try forked.create()
        _ = try fork.append(LogFolder.entries(1..<301))
        #expect(try folder.verify(known: try fork.currentCheckpoint).failures.map(\.code) == [.inconsistent])
        _ = try log.append(LogFolder.entries(300..<701))
        #expect(try folder.verify(known: try log.currentCheckpoint).failures.map(\.code) == [.inconsistent])
    }

    @Test func anotherKeyIsRefused() throws {
        let key = try VerifierKey(name: LogFolder.origin, key: SigningKey.random(from: RandomBytes(seed: 9)).publicKey)
        let report = LogVerifier.verify(directory: folder.directory, vkey: key)
        #expect(report.failures.map(\.code) == [.noteUnknownKeys])
        #expect(!report.isIntact)
    }
}
