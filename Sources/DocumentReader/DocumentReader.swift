// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import Yams

/// Reads YAML documents by the schema of PolicyCheck. YAML is input only: everything else reads the canonical JSON.
public enum DocumentReader {
    /// Reads one document.
    ///
    /// Scalars are text until the schema types them. Anchors, aliases, tags, merge keys, tabs, duplicate and unknown keys, full-width
    /// punctuation and several documents in one file are refused.
    /// - Throws: `DocumentError` with file, line and column.
    public static func read(_ yaml: [UInt8], fileName: String) throws(DocumentError) -> Document {
        let root = try NodeSource.root(of: yaml, fileName: fileName)
        let converter = NodeConverter(file: fileName)
        let kind = try kind(of: root, converter)
        guard var members = try converter.object(root, DocumentSchema.keys(of: kind), key: kind.rawValue).members else {
            throw DocumentError(.unknownKind, converter.place(root))
        }
        members["kind"] = .string(kind.rawValue)
        let json = JSONValue.object(members)
        let unit = json["unit"]?.text
        let name =
            switch kind {
            case .baseline: json["baseline"]?.text
            case .unit: unit
            case .table: json["table"]?.text
            case .standing: json["standing"]?.text
            case .product: json["product"]?.text
            }
        return Document(kind: kind, name: name ?? "", unit: unit, json: json, fileName: fileName)
    }

    /// Where everything in a document stands that `read` accepts. Throws as `read` for what is none.
    public static func places(of yaml: [UInt8], fileName: String) throws(DocumentError) -> DocumentPlaces {
        let root = try NodeSource.root(of: yaml, fileName: fileName)
        let converter = NodeConverter(file: fileName)
        return DocumentPlaces(root, DocumentSchema.keys(of: try kind(of: root, converter)), converter)
    }

    private static func kind(of root: Node, _ converter: NodeConverter) throws(DocumentError) -> DocumentKind {
        guard case .mapping(let mapping) = root else {
            try converter.refuseFullWidth(root)
            throw DocumentError(.unknownKind, converter.place(root))
        }
        let names = mapping.compactMap { $0.key.scalar?.string }
        for marker in DocumentSchema.markers where names.contains(where: marker.key.isNamed) { return marker.kind }
        for pair in mapping { try converter.refuseFullWidth(pair.key) }
        throw DocumentError(.unknownKind, converter.place(root))
    }
}
