// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Glibc
import TestBasics
import Testing

@Suite struct DurableFilesTests {
    let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    func files(at step: Int, _ fault: DurableStep.Fault) -> DurableFiles {
        DurableFiles { $0.number == step ? fault : nil }
    }

    @Test func writesAndReplaces() throws {
        let files = DurableFiles()
        try files.write([1, 2, 3], to: folder("a"))
        try files.write([4], to: folder("a"))
        #expect(try files.read(folder("a")) == [4])
        #expect(try files.names(in: folder.path) == ["a"])
        #expect(try files.readIfPresent(folder("b")) == nil)
    }

    @Test func deathAtEveryStepLeavesOldOrNew() throws {
        let old = [UInt8](repeating: 1, count: 100)
        let new = [UInt8](repeating: 2, count: 100)
        let counting = DurableFiles()
        try counting.write(new, to: folder("count"))
        #expect(counting.stepCount == 5)
        for step in 1...counting.stepCount {
            for fault in [DurableStep.Fault.stop, .tear] {
                try DurableFiles().write(old, to: folder("a"))
                let dying = files(at: step, fault)
                #expect(throws: DurableError(.syncFailed, [])) { try dying.write(new, to: folder("a")) }
                #expect(throws: DurableError(.syncFailed, [])) { try dying.remove(folder("a")) }
                let content = try DurableFiles().read(folder("a"))
                #expect(content == (step <= 4 ? old : new))
            }
        }
        try DurableFiles().removeTemporaries(in: folder.path)
        #expect(try DurableFiles().names(in: folder.path) == ["a", "count"])
    }

    @Test func errorAtEveryStepLeavesNothingBehind() throws {
        for step in 1...4 {
            try DurableFiles().write([1], to: folder("a"))
            #expect(throws: DurableError(.diskFull, [])) {
                try files(at: step, .fail(errno: ENOSPC)).write([2], to: folder("a"))
            }
            #expect(try DurableFiles().read(folder("a")) == [1])
        }
        // A failed flush ends the use of the object, so its temporary file stays for the next start.
        try DurableFiles().removeTemporaries(in: folder.path)
        #expect(try DurableFiles().names(in: folder.path) == ["a"])
    }

    @Test func failedFlushIsFinal() throws {
        let failing = files(at: 3, .fail(errno: EIO))
        #expect(throws: DurableError(.syncFailed, [])) { try failing.write([1], to: folder("a")) }
        #expect(throws: DurableError(.syncFailed, [])) { try failing.write([1], to: folder("b")) }
        #expect(try failing.names(in: folder.path).filter { !$0.hasPrefix(".") } == [])
    }

    @Test func failedWriteIsNotFinal() throws {
        let failing = files(at: 2, .fail(errno: ENOSPC))
        #expect(throws: DurableError(.diskFull, [])) { try failing.write([1], to: folder("a")) }
        try failing.write([1], to: folder("a"))
        #expect(try failing.read(folder("a")) == [1])
    }

    @Test func errorsAreToldApart() throws {
        let files = DurableFiles()
        #expect(throws: DurableError(.missing, [])) { try files.read(folder("none")) }
        #expect(throws: DurableError(.missing, [])) { try files.write([1], to: folder("none/a")) }
        #expect(throws: DurableError(.wrongKind, [])) { try files.read(folder.path) }
        try files.write([1], to: folder("a"))
        #expect(throws: DurableError(.exists, [])) { try files.create([2], at: folder("a")) }
        #expect(throws: DurableError(.wrongKind, [])) { try files.makeDirectory(folder("a/b")) }
        for (number, code) in [
            (EROFS, DurableError.Code.readOnly), (EACCES, .permissionDenied), (EDQUOT, .diskFull), (EIO, .inputOutput),
        ] {
            let error = #expect(throws: DurableError.self) {
                try self.files(at: 1, .fail(errno: number)).write([1], to: folder("b"))
            }
            #expect(error?.code == code)
            #expect(error?.arguments.first == folder("b"))
        }
    }

    @Test func createKeepsWhatExists() throws {
        let files = DurableFiles()
        try files.create([1], at: folder("a"))
        #expect(throws: DurableError(.exists, [])) { try files.create([2], at: folder("a")) }
        #expect(try files.read(folder("a")) == [1])
        #expect(try files.names(in: folder.path) == ["a"])
    }

    @Test func readLimit() throws {
        let files = DurableFiles()
        try files.write([1, 2, 3, 4], to: folder("a"))
        #expect(try files.read(folder("a"), limitBytes: 4).count == 4)
        #expect(throws: DurableError(.tooLarge, [])) { try files.read(folder("a"), limitBytes: 3) }
    }

    @Test func directoriesRemovalAndTruncation() throws {
        let files = DurableFiles()
        try files.makeDirectory(folder("x/y/z"))
        try files.makeDirectory(folder("x/y/z"))
        try files.write([1, 2, 3], to: folder("x/y/z/a"))
        #expect(throws: DurableError(.exists, [])) { try files.remove(folder("x/y/z")) }
        try files.truncate(folder("x/y/z/a"), toBytes: 1)
        #expect(try files.read(folder("x/y/z/a")) == [1])
        try files.rename(folder("x/y/z/a"), to: folder("x/b"))
        try files.remove(folder("x/y/z"))
        #expect(try files.names(in: folder("x")) == ["b", "y"])
    }

    @Test func unnamedFileGetsItsName() throws {
        let files = DurableFiles()
        let descriptor = try files.openUnnamed(in: folder.path)
        defer { close(descriptor) }
        let bytes: [UInt8] = [7, 8, 9]
        #expect(write(descriptor, bytes, 3) == 3)
        #expect(try files.names(in: folder.path).isEmpty)
        try files.link(descriptor, to: folder("named"))
        #expect(try files.read(folder("named")) == bytes)
        #expect(throws: DurableError(.exists, [])) { try files.link(descriptor, to: folder("named")) }
    }

    @Test func severalFilesShareTheFlushOfTheirDirectory() throws {
        let files = DurableFiles()
        try files.write([(folder("a"), [1]), (folder("b"), [2])])
        #expect(files.stepCount == 9)
        #expect(try files.read(folder("b")) == [2])
    }

    @Test func lockIsExclusiveAndReleased() throws {
        let files = DurableFiles()
        do {
            let lock = try FileLock(folder("lock"), files: files)
            withExtendedLifetime(lock) {
                _ = #expect(throws: DurableError(.locked, [])) { try FileLock(folder("lock"), files: files) }
            }
        }
        _ = try FileLock(folder("lock"), files: files)
    }

    @Test func faultsOfTheEnvironment() throws {
        let observer = try #require(DurableStep.observer(killStep: nil, errorStep: "2:ENOSPC"))
        #expect(throws: DurableError(.diskFull, [])) {
            try DurableFiles(observer: observer).write([1], to: folder("a"))
        }
        for text in [nil, "", "x:ENOSPC", "3", "3:EWHAT"] {
            #expect(DurableStep.observer(killStep: nil, errorStep: text) == nil)
        }
        #expect(DurableStep.observer(killStep: "x", errorStep: nil) == nil)
        #expect(DurableStep.observer(killStep: "7", errorStep: nil) != nil)
    }
}
