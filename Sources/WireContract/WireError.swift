// SPDX-License-Identifier: Apache-2.0

/// Why a message could not be sent or received. After any of these the channel is of no further use.
public struct WireError: Error, Equatable, Sendable {
    /// Stable codes; their texts stand in the catalogue.
    public enum Code: String, Sendable, CaseIterable {
        /// The other side has gone between two messages.
        case closed = "wire.closed"
        /// The other side has gone in the middle of a message.
        case truncated = "wire.truncated"
        /// The bytes are no frame of this version.
        case badFrame = "wire.bad-frame"
        /// The JSON part is not canonical JSON.
        case badDocument = "wire.bad-document"
        /// A part is longer than its limit.
        case tooLarge = "wire.too-large"
        /// Other descriptors came than were announced, or the open-file limit is too low to take them.
        case badDescriptors = "wire.bad-descriptors"
        /// A secret came where none was wanted, or there was no memory for it.
        case secretRefused = "wire.secret-refused"
        /// Nothing came in the time allowed.
        case timeout = "wire.timeout"
        /// The system refused; the argument names the call's error.
        case system = "wire.system"
    }

    public let code: Code
    /// Names of parts, limits and system errors.
    public let arguments: [String]

    public init(_ code: Code, _ arguments: [String] = []) {
        self.code = code
        self.arguments = arguments
    }

    /// The same kind of error; arguments are for people.
    public static func == (left: WireError, right: WireError) -> Bool { left.code == right.code }
}
