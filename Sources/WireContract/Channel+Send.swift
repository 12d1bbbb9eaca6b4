// SPDX-License-Identifier: Apache-2.0

import CSandbox
import CanonicalJSON
import Glibc
import Synchronization

extension Channel {
    /// Sends one message. The secret is read where it lies; the descriptors stay open here and are duplicated on the other side.
    ///
    /// Refuses before the first byte when a part is over its limit. A system error leaves the channel useless.
    public func send(
        json: JSONValue, secret: UnsafeRawBufferPointer? = nil, descriptors: [Int32] = []
    ) throws(WireError) {
        let document = json.canonicalBytes
        let header = try FrameHeader(
            jsonBytes: document.count, secretBytes: secret?.count ?? 0, descriptors: descriptors.count)
        try sending.withLock { (_) throws(WireError) in
            try sendAll(header.encoded)
            try sendAll(document)
            if let secret { try sendAll(secret) }
            try sendDescriptors(descriptors)
        }
    }

    private func sendAll(_ bytes: [UInt8]) throws(WireError) {
        var failure: WireError?
        bytes.withUnsafeBytes { buffer in
            do throws(WireError) { try sendAll(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private func sendAll(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let sent = csandbox_send_bytes(socket.number, part.baseAddress, part.count)
            guard sent > 0 else { throw Self.sendingFailure(Int32(-sent)) }
            rest = rest.dropFirst(sent)
        }
    }

    private func sendDescriptors(_ descriptors: [Int32]) throws(WireError) {
        var rest = descriptors[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Self.descriptorsPerBatch))
            let status = csandbox_send_descriptors(socket.number, batch, batch.count, Self.descriptorMarker)
            guard status == 0 else { throw Self.sendingFailure(-status) }
            rest = rest.dropFirst(batch.count)
        }
    }

    private static func sendingFailure(_ number: Int32) -> WireError {
        switch number {
        case EPIPE, ECONNRESET: WireError(.closed)
        // More descriptors on their way than the limit of open files lets one user have.
        case EBADF, ETOOMANYREFS: WireError(.badDescriptors)
        default: .system(number)
        }
    }
}
