// SPDX-License-Identifier: Apache-2.0

import CSandbox
import CanonicalJSON
import Glibc
import Testing
import WireContract

@Suite("Frames byte by byte")
struct FrameTests {
    /// A channel and the bare other end of its socket.
    private func bareEnd() throws -> (Channel, OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        return (Channel(adopting: ends[0]), OwnedDescriptor(ends[1]))
    }

    private func header(json: UInt32, secret: UInt32 = 0, descriptors: UInt32 = 0, magic: [UInt8] = [0x59, 0x4E, 0x57, 1]) -> [UInt8] {
        magic + [json, secret, descriptors].flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
    }

    private func receive(_ bytes: [UInt8], thenClose: Bool = true) throws -> JSONValue {
        let (channel, bare) = try bareEnd()
        try #require(write(bare.number, bytes, bytes.count) == bytes.count)
        if thenClose { bare.close() }
        return try channel.receive().json
    }

    @Test("the golden frame is written and read")
    func golden() throws {
        let golden: [UInt8] = [0x59, 0x4E, 0x57, 0x01, 7, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0] + Array(#"{"a":1}"#.utf8) + [0xAB, 0xCD]
        let (channel, bare) = try bareEnd()
        try [UInt8]([0xAB, 0xCD]).withUnsafeBytes { try channel.send(json: ["a": 1], secret: $0) }
        var bytes = [UInt8](repeating: 0, count: 64)
        #expect(read(bare.number, &bytes, bytes.count) == golden.count)
        #expect(Array(bytes.prefix(golden.count)) == golden)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2, alignment: 1)
        defer { memory.deallocate() }
        try #require(write(bare.number, golden, golden.count) == golden.count)
        #expect(try channel.receive(secret: { _ in memory }).json == ["a": 1])
        #expect(Array(memory) == [0xAB, 0xCD])
    }

    @Test("another magic, another version, an empty document are no frames")
    func badFrames() {
        for magic: [UInt8] in [[0x59, 0x4E, 0x57, 2], [0, 0, 0, 0], [0x59, 0x4E, 0x58, 1]] {
            #expect(throws: WireError(.badFrame)) { try receive(header(json: 1, magic: magic) + [0x31]) }
        }
        #expect(throws: WireError(.badFrame)) { try receive(header(json: 0)) }
    }

    @Test("lengths over a limit are refused before memory is taken")
    func lengths() {
        for bad in [
            header(json: UInt32(Limits.jsonBytes + 1)), header(json: 1, secret: UInt32(Limits.secretBytes + 1)),
            header(json: 1, descriptors: UInt32(Limits.descriptors + 1)), header(json: .max),
        ] {
            #expect(throws: WireError(.tooLarge)) { try receive(bad) }
        }
        #expect(throws: WireError(.truncated)) { try receive(header(json: UInt32(Limits.jsonBytes))) }
    }

    @Test("a frame that breaks off anywhere is truncated")
    func truncation() {
        let whole = header(json: 1) + [0x31]
        for count in 1..<whole.count {
            #expect(throws: WireError(.truncated)) { try receive(Array(whole.prefix(count))) }
        }
        #expect(throws: WireError(.closed)) { try receive([]) }
        #expect(throws: WireError(.truncated)) { try receive(header(json: 1, descriptors: 1) + [0x31]) }
    }

    @Test("only canonical JSON is a document")
    func documents() throws {
        for text in ["{ }", "1.0", "{\"b\":1,\"a\":2}", "x", "\u{FEFF}1"] {
            #expect(throws: WireError(.badDocument)) { try receive(header(json: UInt32(text.utf8.count)) + Array(text.utf8)) }
        }
        #expect(try receive(header(json: 2) + Array("{}".utf8)) == [:])
    }

    @Test("announced descriptors that do not come are refused")
    func missingDescriptors() {
        #expect(throws: WireError(.badDescriptors)) {
            try receive(header(json: 1, descriptors: 1) + [0x31, 0x44], thenClose: false)
        }
    }

    @Test("descriptors where plain bytes belong are refused and closed")
    func surplusDescriptors() throws {
        let (channel, bare) = try bareEnd()
        let pipe = try Pipe()
        try #require(csandbox_send_descriptors(bare.number, [pipe.writing.number], 1, 0x59) == 0)
        #expect(throws: WireError(.badDescriptors)) { try channel.receive() }
        #expect(pipe.isAtItsEnd())
    }

    @Test("another number of descriptors than announced, or another marker: those that came are closed", arguments: [
        (announced: 2, sent: 1, marker: UInt8(0x44)), (announced: 1, sent: 2, marker: 0x44), (announced: 1, sent: 1, marker: 0x45),
        (announced: 251, sent: 249, marker: 0x44),
    ])
    func wrongDescriptors(_ announced: Int, _ sent: Int, _ marker: UInt8) throws {
        let (channel, bare) = try bareEnd()
        let pipe = try Pipe()
        let head = header(json: 1, descriptors: UInt32(announced)) + [0x31]
        try #require(write(bare.number, head, head.count) == head.count)
        let descriptors = Array(repeating: pipe.writing.number, count: sent)
        try #require(csandbox_send_descriptors(bare.number, descriptors, sent, marker) == 0)
        #expect(throws: WireError(.badDescriptors)) { try channel.receive() }
        #expect(pipe.isAtItsEnd())
    }

    /// Not blocking, so that a copy that stayed open shows as an error instead of hanging.
    private struct Pipe {
        let reading: OwnedDescriptor
        let writing: OwnedDescriptor

        init() throws {
            var ends: [Int32] = [-1, -1]
            let status = pipe(&ends)
            try #require(status == 0)
            for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
            reading = OwnedDescriptor(ends[0])
            writing = OwnedDescriptor(ends[1])
        }

        /// Whether our copy of the writing end was the last.
        /// A child that another test is just starting holds copies until it runs its program, so a little patience is needed.
        func isAtItsEnd() -> Bool {
            writing.close()
            var byte: UInt8 = 0
            for _ in 0..<500 {
                if read(reading.number, &byte, 1) == 0 { return true }
                usleep(10_000)
            }
            return false
        }
    }
}
