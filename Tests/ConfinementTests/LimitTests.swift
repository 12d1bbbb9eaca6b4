// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import Testing
import WireContract

@Suite("Limits of a confined process, at their edges")
struct LimitTests {
    @Test("Arenas: each thread has its own up to the limit, further ones share", arguments: [(-2, -1), (-1, 0), (0, 0), (12, 0)])
    func arenas(beyond: Int, expected: Int) throws {
        let limit = ConfinementLimits.allocatorArenas
        // The main thread has one too.
        #expect(try ProbeRun.exit("allow", "arenas-\(limit + beyond)-\(limit + expected)") == .code(0))
    }

    @Test("Allocations are mappings of their own from the limit on, not below")
    func mappings() throws {
        #expect(Limits.allocatorMappingBytes == 1 << 20)
        #expect(try ProbeRun.exit("allow", "mappings") == .code(0))
    }

    @Test("Open files: as many as the limit, not one more")
    func openFiles() throws {
        let limit = ConfinementLimits.openFiles
        Confinement.raiseOpenFileLimit()
        let process = try ProbeRun.start("allow", "keep")
        let channel = Channel(adopting: process.takeSocket())
        let file = try #require(TemporaryFile(content: "x"))
        func send(_ count: Int) throws { try channel.send(json: [:], descriptors: Array(repeating: file.number, count: count)) }
        // It has 0 to 3 already.
        let free = limit - 4
        try send(WireContract.Limits.descriptors)
        #expect(try channel.receive().json["held"]?.number == Int64(WireContract.Limits.descriptors))
        try send(free - WireContract.Limits.descriptors)
        #expect(try channel.receive().json["held"]?.number == Int64(free))
        try send(1)
        let refusal = try channel.receive().json
        #expect(refusal["code"]?.text == WireError.Code.badDescriptors.rawValue)
        #expect(refusal["held"]?.number == Int64(free))
        #expect(process.wait(milliseconds: 20_000) == .code(0))
    }
}
