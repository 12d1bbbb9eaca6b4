// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Glibc
import TestBasics
import Testing

@Suite struct AppendFileTests {
    let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    @Test func appendsAndReadsBack() throws {
        let file = try AppendFile(folder("log"), files: DurableFiles())
        try file.append([1, 2])
        try file.append([3])
        #expect(file.byteCount == 3)
        #expect(try file.read(offset: 1, count: 9) == [2, 3])
        try file.truncate(toBytes: 1)
        try file.append([9])
        #expect(try DurableFiles().read(folder("log")) == [1, 9])
        #expect(try AppendFile(folder("log"), files: DurableFiles()).byteCount == 2)
    }

    @Test func failedWriteIsCutOff() throws {
        try AppendFile(folder("log"), files: DurableFiles()).append([1, 2])
        let file = try AppendFile(folder("log"), files: DurableFiles { $0.number == 1 ? .fail(errno: ENOSPC) : nil })
        #expect(throws: DurableError(.diskFull, [])) { try file.append([3, 4]) }
        try file.append([5])
        #expect(try DurableFiles().read(folder("log")) == [1, 2, 5])
    }

    @Test func tornWriteStaysAndEndsTheObject() throws {
        try AppendFile(folder("log"), files: DurableFiles()).append([1, 2])
        let file = try AppendFile(folder("log"), files: DurableFiles { $0.number == 1 ? .tear : nil })
        #expect(throws: DurableError(.syncFailed, [])) { try file.append([3, 4]) }
        #expect(throws: DurableError(.syncFailed, [])) { try file.append([5]) }
        #expect(try DurableFiles().read(folder("log")) == [1, 2, 3])
    }
}
