// SPDX-License-Identifier: Apache-2.0

import CSandbox
import CanonicalJSON
import Glibc
import Synchronization

/// Framed messages over a connected stream socket between the planes (AF_UNIX, SOCK_STREAM).
///
/// One frame: 16 bytes of header (`FrameHeader`), the JSON part as canonical JSON, the secret part, then the descriptors in
/// batches of up to 250, each carried by one marker byte (SCM_RIGHTS, unix(7)). Secret bytes go from and into buffers of the
/// caller's, never through an array. Anything unexpected is an error, and descriptors that came with it are closed.
///
/// Sending and receiving may happen at the same time; two senders, or two receivers, wait for each other.
/// Blocks; nothing here raises SIGPIPE.
public final class Channel: Sendable {
    let socket: OwnedDescriptor
    let sending = Mutex<Void>(())
    let receiving = Mutex<Void>(())

    /// Takes over a connected stream socket and closes it at the end.
    public init(adopting socket: Int32) { self.socket = OwnedDescriptor(socket) }

    /// The socket's number, for waiting on it together with others.
    public var socketNumber: Int32 { socket.number }

    /// Ends the channel; the other side sees the end of the stream.
    /// Not while another thread sends or receives: `shutdown` is for that.
    public func close() { socket.close() }

    /// Ends both directions at once, waking a thread that waits in `receive`. Not for confined processes.
    public func shutdown() { _ = Glibc.shutdown(socket.number, Int32(SHUT_RDWR)) }

    /// Two connected channels in one process.
    public static func pair() throws(WireError) -> (Channel, Channel) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .system(errno) }
        return (Channel(adopting: ends[0]), Channel(adopting: ends[1]))
    }

    /// The byte that carries each batch of descriptors.
    static let descriptorMarker = UInt8(ascii: "D")
    static let descriptorsPerBatch = Int(CSANDBOX_DESCRIPTORS_PER_MESSAGE)
}

extension WireError {
    /// The system's refusal, by the name of its error.
    static func system(_ number: Int32) -> WireError {
        WireError(.system, [csandbox_error_name(number).map { String(cString: $0) } ?? String(number)])
    }
}
