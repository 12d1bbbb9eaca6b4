// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// Typed access to the members of a message; what is missing or of another type is `wire.bad-document`.
public struct MessageReader {
    private let json: JSONValue

    public init(_ json: JSONValue) { self.json = json }

    public func text(_ name: String) throws(WireError) -> String {
        guard let value = json[name]?.text else { throw WireError(.badDocument) }
        return value
    }

    public func number(_ name: String) throws(WireError) -> Int64 {
        guard let value = json[name]?.number else { throw WireError(.badDocument) }
        return value
    }

    /// A position in a list of descriptors or keys: not negative.
    public func position(_ name: String) throws(WireError) -> Int {
        guard let value = json[name]?.number, let position = Int(exactly: value), position >= 0 else { throw WireError(.badDocument) }
        return position
    }

    public func elements(_ name: String) throws(WireError) -> [JSONValue] {
        guard let value = json[name]?.elements else { throw WireError(.badDocument) }
        return value
    }
}
