// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import Yams

extension NodeConverter {
    /// `{ person: person_id }`, `{ person: person_id, fan_out: 365 }`, `{ via: table(key) }`, `{ none: 20 }`, `{ weight: column }`, or a list of
    /// these. Several types may share one mapping; a fan-out is that of the first.
    func entities(_ node: Node, key: String) throws(DocumentError) -> JSONValue {
        guard case .sequence(let sequence) = node else { return .array(try entity(node, key: key)) }
        var elements: [JSONValue] = []
        for item in sequence { elements += try entity(item, key: key) }
        guard !elements.isEmpty else { throw DocumentError(.wrongShape, place(node), key, "{ person: column }") }
        return .array(elements)
    }

    private func entity(_ node: Node, key: String) throws(DocumentError) -> [JSONValue] {
        var elements: [JSONValue] = []
        var fanOut: JSONValue?
        for (name, keyNode, valueNode) in try pairs(node, key: key) {
            guard let schema = DocumentSchema.entityKeys.first(where: { $0.isNamed(name) }) else {
                let column = try scalar(valueNode, .name, key: name)
                elements.append(["type": .string(EntityType.canonical(name)), "column": column])
                continue
            }
            guard schema.isAvailable else { throw DocumentError(.notAvailable, place(keyNode), name) }
            guard case .scalar(let form) = schema.shape else { continue }
            let value = try scalar(valueNode, form, key: name)
            switch schema.english {
            case "via": elements.append(["via": try via(value.text ?? "", valueNode, key: name)])
            case "none": elements.append(["max_rows_per_person": value])
            case "weight": elements.append(["weight": value])
            case "fan_out": fanOut = value
            // The one treatment there is: rows without the entity take part in nothing.
            default: break
            }
        }
        guard let first = elements.first else { throw DocumentError(.wrongShape, place(node), key, "{ person: column }") }
        guard let fanOut else { return elements }
        guard var members = first.members, members["type"] != nil else {
            throw DocumentError(.wrongShape, place(node), key, "{ person: column, fan_out: 365 }")
        }
        members["fan_out"] = fanOut
        elements[0] = .object(members)
        return elements
    }

    /// `table(key)`.
    private func via(_ text: String, _ node: Node, key: String) throws(DocumentError) -> JSONValue {
        guard text.hasSuffix(")"), let open = text.lastIndex(of: "("), open > text.startIndex else {
            throw DocumentError(.badValue, place(node), key, "table(key)", "-")
        }
        let column = text[text.index(after: open)...].dropLast()
        guard !column.isEmpty else { throw DocumentError(.badValue, place(node), key, "table(key)", "-") }
        return ["table": .string(String(text[..<open])), "column": .string(String(column))]
    }
}
