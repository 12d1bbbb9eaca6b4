// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import Glibc
import Testing
import WireContract

@Suite("A confined process and what it must be able to do")
struct AllowedDeedTests {
    @Test("works", arguments: ["nothing", "threads", "random", "memory", "shrink", "time", "strings", "convert", "crypto", "descriptors"])
    func allowed(_ deed: String) throws {
        #expect(try ProbeRun.exit("allow", deed) == .code(0))
    }

    @Test("a crash is the crash's own signal, quiet and quick", arguments: [("abort", [SIGABRT]), ("trap", [SIGILL, SIGTRAP])])
    func crashes(_ deed: String, _ signals: [Int32]) throws {
        let exit = try ProbeRun.exit("allow", deed)
        #expect(signals.map { ExecutorProcess.Exit.signal($0) }.contains(exit))
    }

    @Test("memory over the limit is refused, the process lives")
    func memoryLimit() throws {
        #expect(try ProbeRun.exit("--data", String(128 << 20), "allow", "memory-limit") == .code(0))
        #expect(try ProbeRun.exit("--data", String(2 << 30), "allow", "memory-limit") == .code(11))
    }

    @Test("descriptors that were handed over can be read and written; a secret arrives")
    func descriptorsAndSecret() throws {
        let process = try ProbeRun.start("allow", "messages")
        let channel = Channel(adopting: process.takeSocket())
        let source = try #require(TemporaryFile(content: "rows stay here"))
        let target = try #require(TemporaryFile(content: ""))
        let secret: [UInt8] = [1, 2, 3, 250]
        try secret.withUnsafeBytes { bytes in
            try channel.send(json: ["ask": "copy"], secret: bytes, descriptors: [source.number, target.number])
        }
        let answer = try channel.receive().json
        #expect(answer["copied"]?.number == 14)
        #expect(answer["sum"]?.number == 256)
        #expect(answer["request"] == ["ask": "copy"])
        #expect(target.content == "ROWS STAY HERE")
        channel.close()
        #expect(process.wait(milliseconds: 20_000) == .code(0))
    }

    @Test("as many descriptors as one message may have")
    func manyDescriptors() throws {
        Confinement.raiseOpenFileLimit()
        let process = try ProbeRun.start("allow", "messages")
        let channel = Channel(adopting: process.takeSocket())
        let file = try #require(TemporaryFile(content: "x"))
        try channel.send(json: [:], descriptors: Array(repeating: file.number, count: WireContract.Limits.descriptors))
        #expect(try channel.receive().json["descriptors"]?.number == Int64(WireContract.Limits.descriptors))
    }
}

/// A nameless file.
struct TemporaryFile {
    private let descriptor: OwnedDescriptor
    var number: Int32 { descriptor.number }

    init?(content: String) {
        var path = Array("/tmp/yunei-probe-XXXXXX".utf8CString)
        let number = mkstemp(&path)
        guard number >= 0 else { return nil }
        unlink(path)
        descriptor = OwnedDescriptor(number)
        let bytes = Array(content.utf8)
        guard write(number, bytes, bytes.count) == bytes.count else { return nil }
    }

    var content: String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = pread(number, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
