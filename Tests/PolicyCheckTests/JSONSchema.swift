// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation

/// A small validator for the keywords of JSON Schema (draft 2020-12) that the project's schemas use. A keyword that it does not know
/// is an error, never a pass.
struct JSONSchema {
    struct UnknownKeyword: Error, CustomStringConvertible {
        let description: String
    }

    let root: JSONValue

    init(root: JSONValue) { self.root = root }

    init(_ name: String) throws {
        let url = CaseFile.policies.appendingPathComponent("Schema/" + name)
        root = try JSONValue.parse([UInt8](Data(contentsOf: url)))
    }

    /// Why a document does not fit, empty when it does.
    func faults(of document: JSONValue) throws -> [String] { try faults(document, root, "") }

    private func faults(_ value: JSONValue, _ schema: JSONValue, _ path: String) throws -> [String] {
        if let flag = schema.flag { return flag ? [] : [path + ": not allowed"] }
        var found: [String] = []
        for (keyword, rule) in schema.members ?? [:] {
            found += try faults(value, keyword, rule, schema, path)
        }
        return found
    }

    private func faults(_ value: JSONValue, _ keyword: String, _ rule: JSONValue, _ schema: JSONValue, _ path: String) throws -> [String] {
        func expect(_ holds: Bool) -> [String] { holds ? [] : ["\(path): \(keyword) \(rule.canonicalText)"] }
        switch keyword {
        case "$schema", "$id", "title", "description", "$defs": return []
        case "$ref": return try faults(value, try definition(rule), path)
        case "type": return expect((rule.elements ?? [rule]).compactMap(\.text).contains(Self.type(of: value)))
        case "const": return expect(value == rule)
        case "enum": return expect(rule.elements?.contains(value) == true)
        case "required": return expect(value.members == nil || rule.elements?.allSatisfy { value[$0.text ?? ""] != nil } == true)
        case "properties":
            return try (rule.members ?? [:]).flatMap { name, inner in
                try value[name].map { try faults($0, inner, path + "/" + name) } ?? []
            }
        case "additionalProperties":
            let known = Set((schema["properties"]?.members ?? [:]).keys)
            return try (value.members ?? [:]).filter { !known.contains($0.key) }.flatMap { try faults($1, rule, path + "/" + $0) }
        case "items":
            return try (value.elements ?? []).enumerated().flatMap { try faults($1, rule, path + "/\($0)") }
        case "minItems": return expect(value.elements.map { Int64($0.count) >= rule.number ?? 0 } ?? true)
        case "uniqueItems": return expect(value.elements.map { Set($0).count == $0.count } ?? true)
        case "minLength": return expect(value.text.map { Int64($0.unicodeScalars.count) >= rule.number ?? 0 } ?? true)
        case "pattern": return expect(value.text.map { $0.range(of: rule.text ?? "", options: .regularExpression) != nil } ?? true)
        case "minimum": return expect(value.number.map { $0 >= rule.number ?? 0 } ?? true)
        case "allOf": return try (rule.elements ?? []).flatMap { try faults(value, $0, path) }
        case "oneOf":
            let branches = try (rule.elements ?? []).map { try faults(value, $0, path) }
            if branches.filter(\.isEmpty).count == 1 { return [] }
            return ["\(path): oneOf"] + (branches.min { $0.count < $1.count } ?? [])
        default: throw UnknownKeyword(description: keyword)
        }
    }

    private func definition(_ reference: JSONValue) throws -> JSONValue {
        let steps = (reference.text ?? "").split(separator: "/")
        guard steps.first == "#", let found = steps.dropFirst().reduce(root, { $0?[String($1)] } as (JSONValue?, Substring) -> JSONValue?) else {
            throw UnknownKeyword(description: "$ref " + reference.canonicalText)
        }
        return found
    }

    private static func type(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
