// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CryptoSuites
import DurableFiles
import Synchronization
import Testing

/// The process dies at every single step of a life of a log, in two ways, and comes back.
///
/// Each time: no acknowledged entry is missing, none that nobody asked for is there, the head never shrinks, and no
/// size was ever signed with two roots.
@Suite struct CrashTests {
    static let batches = [3, 250, 5, 1, 300]

    /// Creates, appends and publishes; tells of what was acknowledged and signed before it died.
    func live(_ folder: LogFolder, _ files: DurableFiles, _ seen: inout Seen) {
        do {
            let log = folder.folder.exists("state/signer") ? try folder.open(files) : try folder.create(files)
            try seen.note(log)
            for count in Self.batches {
                let start = Int(log.size)
                seen.offered = start + count
                _ = try log.append(LogFolder.entries(start..<(start + count)))
                seen.acknowledged = start + count
                if count != 5 { try seen.note(log) }
            }
        } catch {
            // Dead.
        }
    }

    struct Seen {
        var acknowledged = 0
        var offered = 0
        var roots: [UInt64: Digest] = [:]
        var largest: UInt64 = 0

        mutating func note(_ log: AuditLog) throws {
            try note(try log.currentCheckpoint, log.verifierKey)
        }

        mutating func note(_ bytes: [UInt8], _ key: VerifierKey) throws {
            let head = try Checkpoint(opening: bytes, key: key)
            #expect(roots[head.size, default: head.root] == head.root)
            #expect(head.size >= largest)
            largest = max(largest, head.size)
            roots[head.size] = head.root
        }
    }

    @Test func deathAtEveryStep() throws {
        let counting = DurableFiles()
        var whole = Seen()
        live(try LogFolder(), counting, &whole)
        #expect(whole.acknowledged == Self.batches.reduce(0, +))
        for step in 1...counting.stepCount {
            for fault in [DurableStep.Fault.stop, .tear] { try dieAndReturn(step, fault) }
        }
    }

    func dieAndReturn(_ step: Int, _ fault: DurableStep.Fault) throws {
        let folder = try LogFolder()
        var seen = Seen()
        live(folder, DurableFiles { $0.number == step ? fault : nil }, &seen)
        // Whatever checkpoint lies in the directory may have been seen by anybody.
        if folder.folder.exists("audit/checkpoint") {
            let key = try VerifierKey(name: LogFolder.origin, key: folder.key.publicKey)
            try seen.note(try folder.folder.read("audit/checkpoint"), key)
        }
        let log: AuditLog
        if folder.folder.exists("state/signer") {
            log = try folder.open()
        } else {
            #expect(seen.acknowledged == 0)
            log = try folder.create()
        }
        let size = Int(log.size)
        #expect(size >= seen.acknowledged && size <= max(seen.offered, seen.acknowledged), "step \(step)")
        #expect(try log.entries(from: 0, count: size) == LogFolder.entries(0..<size), "step \(step)")
        try seen.note(log)
        _ = try log.append(LogFolder.entries(size..<(size + 2)))
        try seen.note(log)
        #expect(try folder.verify().failures == [], "step \(step)")
    }

    /// Dying again while recovering from a death.
    @Test func deathDuringRecovery() throws {
        for step in stride(from: 20, through: 60, by: 4) {
            for second in 1...14 {
                let folder = try LogFolder()
                var seen = Seen()
                live(folder, DurableFiles { $0.number == step ? .tear : nil }, &seen)
                _ = try? folder.open(DurableFiles { $0.number == second ? .tear : nil })
                let log = try folder.open()
                let size = Int(log.size)
                #expect(size >= seen.acknowledged && size <= max(seen.offered, seen.acknowledged))
                try seen.note(log)
                #expect(try folder.verify().isIntact)
            }
        }
    }

    /// Every prefix of the write-ahead file that an interrupted append can leave, and blocks that were never written.
    @Test func tornWriteAheadFile() throws {
        let folder = try LogFolder()
        do {
            let log = try folder.create()
            _ = try log.append(LogFolder.entries(0..<3))
        }
        let before = try folder.folder.read("state/pending")
        do {
            // Recovery publishes and empties the file, so the record is made in a copy of the state.
            let other = try LogFolder()
            let log = try other.create()
            _ = try log.append(LogFolder.entries(0..<3))
            _ = try log.append(LogFolder.entries(3..<40))
            let whole = try other.folder.read("state/pending")
            #expect(whole.starts(with: before))
            for length in stride(from: before.count, to: whole.count, by: 97) {
                try expectRecovery(Array(whole[..<length]), size: 3)
                // The same length on disk, the rest never written.
                let zeros = [UInt8](repeating: 0, count: whole.count - length)
                if zeros.count >= 1_024 { try expectRecovery(Array(whole[..<length]) + zeros, size: 3) }
            }
            try expectRecovery(whole, size: 40)
        }
    }

    func expectRecovery(_ pending: [UInt8], size: UInt64) throws {
        let folder = try LogFolder()
        _ = try folder.create()
        try folder.folder.write(pending, "state/pending")
        let log = try folder.open()
        #expect(log.size == size)
        #expect(try folder.verify().isIntact)
    }

    /// An acknowledged record that is altered is no torn write.
    @Test func alteredWriteAheadFileIsRefused() throws {
        let other = try LogFolder()
        let log = try other.create()
        _ = try log.append(LogFolder.entries(0..<30))
        _ = try log.append(LogFolder.entries(30..<33))
        let whole = try other.folder.read("state/pending")
        let folder = try LogFolder()
        _ = try folder.create()
        for index in stride(from: 0, to: whole.count, by: 3) {
            var altered = whole
            altered[index] ^= 1 << UInt8(index % 8)
            try folder.folder.write(altered, "state/pending")
            do {
                let log = try folder.open()
                Issue.record("opened with \(log.size) entries after a change at \(index)")
            } catch {
                #expect(error is AuditError)
            }
        }
    }
}
