// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Glibc
import Testing
import WireContract

@Suite("A channel between the planes")
struct ChannelTests {
    @Test("carries JSON, secret and descriptors together, one message after the other")
    func message() throws {
        let (left, right) = try Channel.pair()
        let secret: [UInt8] = Array(0..<200)
        let devices = [try device(), try device(), try device()]
        try secret.withUnsafeBytes { bytes in
            try left.send(json: ["a": [1, "域内", true, .null]], secret: bytes, descriptors: devices.map(\.number))
        }
        try left.send(json: "second")
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 200, alignment: 16)
        defer { memory.deallocate() }
        let first = try right.receive(secret: { $0 == 200 ? memory : nil })
        #expect(first.json == ["a": [1, "域内", true, .null]])
        #expect(Array(memory) == secret)
        #expect(first.descriptors.count == 3)
        #expect(first.descriptors.allSatisfy { fcntl($0.number, F_GETFD) == FD_CLOEXEC })
        #expect(try right.receive().json == "second")
    }

    @Test("large documents pass while the other side reads", arguments: [1 << 20, 5 << 20])
    func largeDocument(_ bytes: Int) throws {
        let (left, right) = try Channel.pair()
        let text = JSONValue.string(String(repeating: "x", count: bytes))
        let sender = try Sender { try left.send(json: text) }
        #expect(try right.receive().json == text)
        #expect(sender.join() == nil)
    }

    @Test("an unwanted secret refuses the message")
    func unwantedSecret() throws {
        let (left, right) = try Channel.pair()
        try [UInt8](repeating: 7, count: 8).withUnsafeBytes { try left.send(json: 1, secret: $0) }
        #expect(throws: WireError(.secretRefused)) { try right.receive() }
    }

    @Test("a secret at its limit passes, over it nothing is sent")
    func secretLimit() throws {
        let (left, right) = try Channel.pair()
        let over = [UInt8](repeating: 1, count: Limits.secretBytes + 1)
        _ = over.withUnsafeBytes { bytes in
            #expect(throws: WireError(.tooLarge)) { try left.send(json: 1, secret: bytes) }
        }
        let sender = try Sender {
            try over.withUnsafeBytes { bytes in
                try left.send(json: 2, secret: UnsafeRawBufferPointer(rebasing: bytes.dropLast()))
            }
        }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.secretBytes, alignment: 16)
        defer { memory.deallocate() }
        #expect(try right.receive(secret: { $0 == memory.count ? memory : nil }).json == 2)
        #expect(memory.allSatisfy { $0 == 1 })
        #expect(sender.join() == nil)
    }

    @Test("descriptors at their limit pass, over it nothing is sent", arguments: [1, 249, 250, 251, 500, Limits.descriptors])
    func descriptorLimit(_ count: Int) throws {
        let (left, right) = try Channel.pair()
        let file = try device()
        #expect(throws: WireError(.tooLarge)) {
            try left.send(json: 1, descriptors: Array(repeating: file.number, count: Limits.descriptors + 1))
        }
        try left.send(json: 1, descriptors: Array(repeating: file.number, count: count))
        #expect(try right.receive().descriptors.count == count)
    }

    @Test("a descriptor that is not open is refused")
    func closedDescriptor() throws {
        let (left, right) = try Channel.pair()
        #expect(throws: WireError(.badDescriptors)) { try left.send(json: 1, descriptors: [-1]) }
        right.close()
    }

    @Test("the end of the stream is `closed`; sending into it is no signal")
    func endOfStream() throws {
        let (left, right) = try Channel.pair()
        left.close()
        #expect(throws: WireError(.closed)) { try right.receive() }
        #expect(throws: WireError(.closed)) { try right.send(json: 1) }
    }

    @Test("waiting has an end")
    func timeout() throws {
        let (left, right) = try Channel.pair()
        #expect(throws: WireError(.timeout)) { try right.waitReadable(milliseconds: 5) }
        try left.send(json: 1)
        try right.waitReadable(milliseconds: 1000)
        left.close()
        try right.waitReadable(milliseconds: 1000)
    }

    private func device() throws -> OwnedDescriptor {
        let number = open("/dev/null", O_RDONLY | O_CLOEXEC)
        try #require(number >= 0)
        return OwnedDescriptor(number)
    }
}

@Suite("A descriptor with one owner")
struct OwnedDescriptorTests {
    @Test("is closed with its owner, unless taken")
    func ownership() throws {
        var owner: OwnedDescriptor? = OwnedDescriptor(fcntl(0, F_DUPFD_CLOEXEC, 600))
        let number = try #require(owner?.number)
        #expect(fcntl(number, F_GETFD) >= 0)
        #expect(owner?.take() == number)
        #expect(owner?.number == -1)
        owner = nil
        #expect(fcntl(number, F_GETFD) >= 0)
        OwnedDescriptor(number).close()
        #expect(fcntl(number, F_GETFD) == -1)
    }
}

/// A thread that sends while the test receives.
final class Sender {
    private final class Work {
        let body: () throws -> Void
        var failure: (any Error)?
        init(_ body: @escaping () throws -> Void) { self.body = body }
    }

    private var thread = pthread_t()
    private let work: Work

    init(_ body: @escaping () throws -> Void) throws {
        work = Work(body)
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let work = Unmanaged<Work>.fromOpaque(context).takeUnretainedValue()
                do { try work.body() } catch { work.failure = error }
                return nil
            }, Unmanaged.passUnretained(work).toOpaque())
        try #require(status == 0)
    }

    /// What it failed with.
    func join() -> (any Error)? {
        pthread_join(thread, nil)
        return work.failure
    }
}
