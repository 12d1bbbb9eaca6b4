// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// Reads the members of an object of a canonical document strictly: what is there and is not asked for is an error.
struct DocumentMembers {
    let place: String
    private let members: [String: JSONValue]
    /// Those of the members that were asked for. They are few and their names short.
    private var asked: [String] = []

    init(_ json: JSONValue, place: String) throws(PolicyError) {
        guard let members = json.members else { throw PolicyError(.badDocument, place) }
        self.members = members
        self.place = place
    }

    mutating func value(_ name: String) -> JSONValue? {
        guard let value = members[name] else { return nil }
        if !asked.contains(name) { asked.append(name) }
        return value
    }

    mutating func text(_ name: String) throws(PolicyError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.text, !text.isEmpty else { throw PolicyError(.badDocument, place + "." + name) }
        return text
    }

    mutating func requiredText(_ name: String) throws(PolicyError) -> String {
        guard let text = try text(name) else { throw PolicyError(.badDocument, place + "." + name) }
        return text
    }

    mutating func integer(_ name: String) throws(PolicyError) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.number, (1...1_000_000).contains(number) else { throw PolicyError(.badDocument, place + "." + name) }
        return number
    }

    mutating func flag(_ name: String) throws(PolicyError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.flag else { throw PolicyError(.badDocument, place + "." + name) }
        return flag
    }

    mutating func texts(_ name: String) throws(PolicyError) -> [String]? {
        guard let value = value(name) else { return nil }
        guard let elements = value.elements else { throw PolicyError(.badDocument, place + "." + name) }
        let texts = elements.compactMap(\.text)
        guard texts.count == elements.count else { throw PolicyError(.badDocument, place + "." + name) }
        return texts
    }

    mutating func word<Value: RawRepresentable>(_ name: String, _ type: Value.Type) throws(PolicyError) -> Value?
    where Value.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let word = Value(rawValue: text) else { throw PolicyError(.badDocument, place + "." + name) }
        return word
    }

    mutating func object(_ name: String) throws(PolicyError) -> DocumentMembers? {
        guard let value = value(name) else { return nil }
        return try DocumentMembers(value, place: place + "." + name)
    }

    /// Names of all members, for objects with free names.
    var names: [String] { members.keys.sorted() }

    /// Throws when there is a member that nobody asked for.
    func finish() throws(PolicyError) {
        if asked.count == members.count { return }
        for name in members.keys.sorted() where !asked.contains(name) { throw PolicyError(.badDocument, place + "." + name) }
    }
}
