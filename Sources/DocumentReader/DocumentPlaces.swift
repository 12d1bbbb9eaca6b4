// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import Yams

/// Lines and columns of a document's keys and values, by the path under which they stand in its canonical JSON: English keys, given
/// names, and values of lists.
public struct DocumentPlaces: Sendable {
    private var places: [[String]: Place] = [:]

    init(_ root: Node, _ keys: [KeySchema], _ converter: NodeConverter) {
        places[[]] = converter.place(root)
        object(root, keys, [], converter)
    }

    /// Where the path is written, or of what is not written the nearest thing above; lines and columns count from 1.
    public func place(of path: [String]) -> (line: Int, column: Int) {
        var path = path
        while places[path] == nil, !path.isEmpty { path.removeLast() }
        return places[path].map { ($0.line, $0.column) } ?? (1, 1)
    }

    private mutating func object(_ node: Node, _ keys: [KeySchema], _ path: [String], _ converter: NodeConverter) {
        guard case .mapping(let mapping) = node else { return }
        for pair in mapping {
            guard let name = pair.key.scalar?.string, let schema = keys.first(where: { $0.isNamed(name) }) else { continue }
            places[path + [schema.english]] = converter.place(pair.key)
            value(pair.value, schema.shape, path + [schema.english], converter)
        }
    }

    private mutating func value(_ node: Node, _ shape: ValueShape, _ path: [String], _ converter: NodeConverter) {
        switch shape {
        case .scalar: return
        case .list(let form): list(node, form, path, converter)
        case .object(let keys), .either(_, let keys): object(node, keys, path, converter)
        case .named(let inner): named(node, path, converter) { $0.value($1, inner, $2, converter) }
        case .orderedNames(_, let keys): named(node, path, converter) { $0.object($1, keys, $2, converter) }
        case .entities: return
        }
    }

    private mutating func named(
        _ node: Node, _ path: [String], _ converter: NodeConverter, _ inner: (inout DocumentPlaces, Node, [String]) -> Void
    ) {
        guard case .mapping(let mapping) = node else { return }
        for pair in mapping {
            guard let name = pair.key.scalar?.string else { continue }
            places[path + [name]] = converter.place(pair.key)
            inner(&self, pair.value, path + [name])
        }
    }

    private mutating func list(_ node: Node, _ form: ScalarForm, _ path: [String], _ converter: NodeConverter) {
        let items: [Node]
        if case .sequence(let sequence) = node { items = Array(sequence) } else { items = [node] }
        for item in items {
            guard let text = item.scalar?.string, case .value(let value) = form.read(text) else { continue }
            places[path + [value.text ?? value.canonicalText]] = converter.place(item)
        }
    }
}
