// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import Yams

/// Turns YAML nodes into canonical JSON by a schema. What the schema does not have is refused with its place.
struct NodeConverter {
    let fileName: String
    private var depth = 0

    init(fileName: String) { self.fileName = fileName }

    mutating func convert(_ node: Node, _ schema: DocumentSchema, key: String) throws(DocumentError) -> JSONValue {
        let place = NodePlace(node, fileName)
        depth += 1
        defer { depth -= 1 }
        guard depth <= Limits.nestingDepth else { throw place.error(.tooDeep, String(Limits.nestingDepth)) }
        try refuseAnchorsAndTags(node, place)
        switch schema {
        case .text: return .string(try scalar(node, key))
        case .word(let vocabulary): return .string(try word(node, vocabulary, key))
        case .texts: return .array(try elements(node).map { (element) throws(DocumentError) in .string(try scalar(element, key)) })
        case .words(let vocabulary): return .array(try elements(node).map { (element) throws(DocumentError) in .string(try word(element, vocabulary, key)) })
        case .object(let keys): return try object(try mapping(node, key), keys, place)
        case .map(let schema): return try map(try mapping(node, key), schema)
        case .list(let schema):
            var values: [JSONValue] = []
            for element in try elements(node) { values.append(try convert(element, schema, key: key)) }
            return .array(values)
        case .either(let vocabulary, let schema):
            if case .scalar = node { return .string(try word(node, vocabulary, key)) }
            return try convert(node, schema, key: key)
        case .open(let keys, let rest): return try open(try mapping(node, key), keys, rest)
        }
    }

    /// Fixed keys: each known, none twice, required ones present.
    mutating func object(_ mapping: Node.Mapping, _ keys: [DocumentKey], _ place: NodePlace) throws(DocumentError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (name, value) in mapping {
            let written = try scalar(name, "key")
            guard let key = keys.first(where: { $0.english == written || $0.chinese == written }) else {
                throw NodePlace(name, fileName).error(.unknownKey, written, Self.suggestion(written, keys))
            }
            guard members[key.english] == nil else { throw NodePlace(name, fileName).error(.duplicateKey, written) }
            members[key.english] = try convert(value, key.schema, key: written)
        }
        if let missing = keys.first(where: { $0.isRequired && members[$0.english] == nil }) {
            throw place.error(.missingKey, "\(missing.english) (\(missing.chinese))")
        }
        return .object(members)
    }

    private mutating func map(_ mapping: Node.Mapping, _ schema: DocumentSchema) throws(DocumentError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (name, value) in mapping {
            let written = try scalar(name, "key")
            guard members[written] == nil else { throw NodePlace(name, fileName).error(.duplicateKey, written) }
            members[written] = try convert(value, schema, key: written)
        }
        return .object(members)
    }

    private mutating func open(_ mapping: Node.Mapping, _ keys: [DocumentKey], _ rest: DocumentSchema) throws(DocumentError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (name, value) in mapping {
            let written = try scalar(name, "key")
            let key = keys.first { $0.english == written || $0.chinese == written }
            let member = key?.english ?? written
            guard members[member] == nil else { throw NodePlace(name, fileName).error(.duplicateKey, written) }
            members[member] = try convert(value, key?.schema ?? rest, key: written)
        }
        return .object(members)
    }

    private func refuseAnchorsAndTags(_ node: Node, _ place: NodePlace) throws(DocumentError) {
        if node.anchor != nil { throw place.error(.anchor) }
        let ordinary: Set<Tag.Name> = [.implicit, .nonSpecific, .str, .seq, .map]
        if !ordinary.contains(node.tag.name) { throw place.error(.tag) }
    }

    private func scalar(_ node: Node, _ key: String) throws(DocumentError) -> String {
        try refuseAnchorsAndTags(node, NodePlace(node, fileName))
        guard case .scalar(let scalar) = node else { throw NodePlace(node, fileName).error(.wrongShape, key) }
        return scalar.string
    }

    private func word(_ node: Node, _ vocabulary: [String: String], _ key: String) throws(DocumentError) -> String {
        let written = try scalar(node, key)
        guard let word = vocabulary[written] else {
            throw NodePlace(node, fileName).error(.unknownWord, key, vocabulary.keys.sorted().joined(separator: ", "))
        }
        return word
    }

    private func elements(_ node: Node) throws(DocumentError) -> [Node] {
        try refuseAnchorsAndTags(node, NodePlace(node, fileName))
        if case .sequence(let sequence) = node { return Array(sequence) }
        return [node]
    }

    private func mapping(_ node: Node, _ key: String) throws(DocumentError) -> Node.Mapping {
        guard case .mapping(let mapping) = node else { throw NodePlace(node, fileName).error(.wrongShape, key) }
        return mapping
    }

    /// The known key that is nearest to a misspelt one, or all of them.
    private static func suggestion(_ written: String, _ keys: [DocumentKey]) -> String {
        let names = keys.flatMap { [$0.english, $0.chinese] }
        let near = names.filter { distance(Array(written), Array($0)) <= max(1, written.count / 3) }
        return (near.isEmpty ? names : near).joined(separator: ", ")
    }

    /// Levenshtein distance.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let substitution = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
