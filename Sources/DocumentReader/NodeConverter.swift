// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import Yams

/// Turns nodes into canonical JSON by the schema.
struct NodeConverter {
    let file: String

    func place(_ node: Node) -> Place {
        Place(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    func value(_ node: Node, _ shape: ValueShape, key: String) throws(DocumentError) -> JSONValue {
        switch shape {
        case .scalar(let form): return try scalar(node, form, key: key)
        case .list(let form): return try list(node, form, key: key)
        case .object(let keys): return try object(node, keys, key: key)
        case .named(let inner):
            var members: [String: JSONValue] = [:]
            for (name, node) in try namedPairs(node, key: key) {
                members[name] = try value(node, inner, key: name)
            }
            return .object(members)
        case .orderedNames(let word, let keys):
            var elements: [JSONValue] = []
            for (name, node) in try namedPairs(node, key: key) {
                var members: [String: JSONValue]
                if case .scalar = node {
                    members = ["use": try scalar(node, word, key: name)]
                } else {
                    members = try object(node, keys, key: name).members ?? [:]
                }
                members["name"] = .string(name)
                elements.append(.object(members))
            }
            return .array(elements)
        case .either(let form, let keys):
            if case .scalar = node { return try scalar(node, form, key: key) }
            return try object(node, keys, key: key)
        case .entities: return try entities(node, key: key)
        }
    }

    /// A mapping with the keys of a schema.
    func object(_ node: Node, _ keys: [KeySchema], key: String) throws(DocumentError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (name, keyNode, valueNode) in try pairs(node, key: key) {
            guard let schema = keys.first(where: { $0.isNamed(name) }) else {
                let known = keys.filter(\.isAvailable).flatMap { [$0.english, $0.chinese] }
                throw DocumentError(.unknownKey, place(keyNode), name, Spelling.nearest(to: name, among: known))
            }
            guard schema.isAvailable else { throw DocumentError(.notAvailable, place(keyNode), name) }
            guard members[schema.english] == nil else { throw DocumentError(.duplicateKey, place(keyNode), name) }
            members[schema.english] = try value(valueNode, schema.shape, key: name)
        }
        for schema in keys where schema.isRequired && members[schema.english] == nil {
            throw DocumentError(.missingKey, place(node), schema.chinese + " / " + schema.english)
        }
        return .object(members)
    }

    /// Keys and values of a mapping, in order.
    func pairs(_ node: Node, key: String) throws(DocumentError) -> [(name: String, key: Node, value: Node)] {
        try refuseDecoration(node)
        guard case .mapping(let mapping) = node else {
            try refuseFullWidth(node)
            throw DocumentError(.wrongShape, place(node), key, "{ … : … }")
        }
        var found: [(name: String, key: Node, value: Node)] = []
        var names: Set<String> = []
        for pair in mapping {
            try refuseDecoration(pair.key, isKey: true)
            guard case .scalar(let scalar) = pair.key, !scalar.string.isEmpty else {
                throw DocumentError(.wrongShape, place(pair.key), key, "text: …")
            }
            if scalar.string == "<<" { throw DocumentError(.mergeKey, place(pair.key)) }
            try refuseFullWidth(pair.key)
            guard names.insert(scalar.string).inserted else { throw DocumentError(.duplicateKey, place(pair.key), scalar.string) }
            found.append((scalar.string, pair.key, pair.value))
        }
        return found
    }

    private func namedPairs(_ node: Node, key: String) throws(DocumentError) -> [(String, Node)] {
        let found = try pairs(node, key: key)
        guard !found.isEmpty else { throw DocumentError(.wrongShape, place(node), key, "name: { … }") }
        return found.map { ($0.name, $0.value) }
    }

    private func list(_ node: Node, _ form: ScalarForm, key: String) throws(DocumentError) -> JSONValue {
        try refuseDecoration(node)
        guard case .sequence(let sequence) = node else { return .array([try scalar(node, form, key: key)]) }
        var elements: [JSONValue] = []
        for item in sequence { elements.append(try scalar(item, form, key: key)) }
        return .array(elements)
    }

    func scalar(_ node: Node, _ form: ScalarForm, key: String) throws(DocumentError) -> JSONValue {
        try refuseDecoration(node)
        guard case .scalar(let scalar) = node else { throw DocumentError(.wrongShape, place(node), key, "text") }
        if case .prose = form {} else { try refuseFullWidth(node) }
        switch form.read(scalar.string) {
        case .value(let value): return value
        case .unavailable(let word): throw DocumentError(.notAvailable, place(node), word)
        case .invalid(let expected):
            throw DocumentError(.badValue, place(node), key, expected, Spelling.nearest(to: scalar.string, among: form.spellings))
        }
    }

    /// `：`, `，` and full-width brackets look like YAML and are text; quoted ones are meant.
    func refuseFullWidth(_ node: Node) throws(DocumentError) {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return }
        let meant: [Character: String] = ["：": ":", "，": ",", "［": "[", "］": "]", "｛": "{", "｝": "}", "＝": "="]
        guard let found = scalar.string.first(where: { meant[$0] != nil }) else { return }
        throw DocumentError(.fullWidth, place(node), String(found), meant[found] ?? "")
    }

    /// Anchors, aliases and tags. The parser gives quoted scalars, and keys once it has compared them, the tag of a text.
    func refuseDecoration(_ node: Node, isKey: Bool = false) throws(DocumentError) {
        let (anchor, tag, isText) =
            switch node {
            case .scalar(let scalar): (scalar.anchor, scalar.tag, isKey || scalar.style != .plain)
            case .mapping(let mapping): (mapping.anchor, mapping.tag, false)
            case .sequence(let sequence): (sequence.anchor, sequence.tag, false)
            case .alias: throw DocumentError(.alias, place(node))
            }
        if anchor != nil { throw DocumentError(.anchor, place(node)) }
        if !tag.rawValue.isEmpty, !isText || tag.rawValue != "tag:yaml.org,2002:str" { throw DocumentError(.tag, place(node)) }
    }

    /// The same for everything below a node. Anchors are known only while the parser lives.
    func refuseDecorations(below node: Node) throws(DocumentError) {
        try refuseDecoration(node)
        switch node {
        case .scalar, .alias: return
        case .sequence(let sequence): for item in sequence { try refuseDecorations(below: item) }
        case .mapping(let mapping):
            for pair in mapping {
                guard case .scalar = pair.key else { throw DocumentError(.wrongShape, place(pair.key), "?", "text: …") }
                try refuseDecoration(pair.key, isKey: true)
                try refuseDecorations(below: pair.value)
            }
        }
    }
}
