// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import Yams

/// Reads YAML once, strictly, by PolicyCheck's schema. Scalars are taken as they were written: `NO`, `01` and `1E50` stay what they are.
public enum DocumentReader {
    /// The document in a file. Throws with file, line and column where it is not one.
    public static func read(_ yaml: [UInt8], fileName: String) throws(DocumentError) -> Document {
        let place = NodePlace(fileName: fileName, line: 1, column: 1)
        guard yaml.count <= Limits.fileBytes else { throw place.error(.tooLarge, String(Limits.fileBytes)) }
        guard var text = String(validating: yaml, as: UTF8.self) else { throw place.error(.notText) }
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        try FullWidthMarks.check(text, fileName: fileName)
        let root = try compose(text, fileName: fileName)
        guard case .mapping(let mapping) = root else { throw NodePlace(root, fileName).error(.wrongShape, "document") }
        let kind = try kind(of: mapping, NodePlace(root, fileName))
        var converter = NodeConverter(fileName: fileName)
        guard case .object(var members) = try converter.object(mapping, DocumentSchema.of(kind), NodePlace(root, fileName)) else {
            throw NodePlace(root, fileName).error(.wrongShape, "document")
        }
        members["kind"] = .string(kind.rawValue)
        if kind == .baseline, members["baseline"] == nil { members["baseline"] = .string(baselineName(fileName)) }
        guard let name = members[nameMember(kind)]?.text else { throw NodePlace(root, fileName).error(.missingKey, nameMember(kind)) }
        return Document(kind: kind, name: name, json: .object(members), fileName: fileName)
    }

    private static func compose(_ text: String, fileName: String) throws(DocumentError) -> Node {
        do {
            // No implicit types: every plain scalar is text.
            let parser = try Parser(yaml: text, resolver: Resolver([]))
            guard let node = try parser.singleRoot() else { throw NodePlace(fileName: fileName, line: 1, column: 1).error(.empty) }
            return node
        } catch let error as DocumentError {
            throw error
        } catch let error as YamlError {
            throw NodePlace.error(error, fileName: fileName)
        } catch {
            throw NodePlace(fileName: fileName, line: 1, column: 1).error(.malformed, "")
        }
    }

    /// A document is known by its first key of the kinds' own.
    private static func kind(of mapping: Node.Mapping, _ place: NodePlace) throws(DocumentError) -> DocumentKind {
        let keys = Set(mapping.keys.compactMap { $0.scalar?.string })
        func has(_ names: String...) -> Bool { names.contains { keys.contains($0) } }
        if has("product", "产品") { return .product }
        if has("standing", "常设授权") { return .standing }
        if has("floors", "下限") { return .baseline }
        if has("tables") || (has("表") && has("单位", "unit") && isMapping(mapping, "表")) { return .unit }
        if has("table", "表") { return .table }
        throw place.error(.unknownKind)
    }

    private static func isMapping(_ mapping: Node.Mapping, _ key: String) -> Bool {
        mapping.contains { $0.key.scalar?.string == key && $0.value.mapping != nil }
    }

    private static func nameMember(_ kind: DocumentKind) -> String {
        switch kind {
        case .baseline: "baseline"
        case .unit: "unit"
        case .table: "table"
        case .standing: "standing"
        case .product: "product"
        }
    }

    /// `Policies/Cities/六安/基线.yaml` without a name of its own is the first baseline of 六安.
    private static func baselineName(_ fileName: String) -> String {
        let parts = fileName.split(separator: "/")
        return (parts.count >= 2 ? String(parts[parts.count - 2]) : "baseline") + "@1"
    }
}
