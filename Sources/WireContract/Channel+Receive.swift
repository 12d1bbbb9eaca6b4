// SPDX-License-Identifier: Apache-2.0

import CSandbox
import CanonicalJSON
import Glibc
import Synchronization

extension Channel {
    /// Receives one message, waiting as long as it takes.
    ///
    /// `secret` is asked for memory (locked, the caller's) of exactly the given length when the message has a secret part;
    /// nil refuses the message. Descriptors arrive close-on-exec and are closed when their owner goes.
    /// - Throws: `closed` at the end of the stream between messages; everything else means a faulty or broken peer.
    public func receive(
        secret: (Int) -> UnsafeMutableRawBufferPointer? = { _ in nil }
    ) throws(WireError) -> (json: JSONValue, descriptors: [OwnedDescriptor]) {
        try receiving.withLock { (_) throws(WireError) in
            let header = try FrameHeader(receiveArray(FrameHeader.bytes, startsMessage: true))
            let document = try receiveArray(header.jsonBytes)
            if header.secretBytes > 0 {
                guard let buffer = secret(header.secretBytes), buffer.count == header.secretBytes else {
                    throw WireError(.secretRefused)
                }
                try receiveAll(buffer)
            }
            let descriptors = try receiveDescriptors(header.descriptors)
            guard let json = try? JSONValue.parseCanonical(document) else { throw WireError(.badDocument) }
            return (json, descriptors)
        }
    }

    /// Waits until something can be received or the peer has gone. Uses poll(2): not for confined processes.
    /// - Throws: `timeout` when nothing came in time.
    public func waitReadable(milliseconds: Int32) throws(WireError) {
        var entry = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
        while true {
            let ready = poll(&entry, 1, milliseconds)
            if ready > 0 { return }
            if ready == 0 { throw WireError(.timeout, [String(milliseconds)]) }
            guard errno == EINTR else { throw .system(errno) }
        }
    }

    private func receiveArray(_ count: Int, startsMessage: Bool = false) throws(WireError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: WireError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(WireError) { try receiveAll(buffer, startsMessage: startsMessage) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    private func receiveAll(_ buffer: UnsafeMutableRawBufferPointer, startsMessage: Bool = false) throws(WireError) {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let received = csandbox_receive_bytes(socket.number, rest.baseAddress, rest.count)
            if received == 0 || received == -Int(ECONNRESET) {
                throw WireError(startsMessage && filled == 0 ? .closed : .truncated)
            }
            // Descriptors where plain bytes belong: the kernel has dropped them.
            if received == -Int(EPROTO) { throw WireError(.badDescriptors) }
            guard received > 0 else { throw .system(Int32(-received)) }
            filled += received
        }
    }

    private func receiveDescriptors(_ announced: Int) throws(WireError) -> [OwnedDescriptor] {
        var descriptors: [OwnedDescriptor] = []
        descriptors.reserveCapacity(announced)
        while descriptors.count < announced {
            let expected = min(announced - descriptors.count, Self.descriptorsPerBatch)
            var batch = [Int32](repeating: -1, count: Self.descriptorsPerBatch)
            var marker: UInt8 = 0
            let received = csandbox_receive_descriptors(socket.number, &batch, batch.count, &marker)
            if received > 0 { descriptors += batch.prefix(Int(received)).map(OwnedDescriptor.init) }
            switch received {
            case -ENODATA, -ECONNRESET: throw WireError(.truncated)
            case -EPROTO: throw WireError(.badDescriptors)
            case ..<0: throw .system(-received)
            default: break
            }
            guard Int(received) == expected, marker == Self.descriptorMarker else { throw WireError(.badDescriptors) }
        }
        return descriptors
    }
}
