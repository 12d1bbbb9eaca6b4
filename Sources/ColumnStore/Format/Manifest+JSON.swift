// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import Tabular

extension Manifest {
    static let formatName = "yunei-manifest"
    static let formatVersion: Int64 = 1

    var json: JSONValue {
        [
            "format": .string(Self.formatName), "format_version": .integer(Self.formatVersion), "identity": identity.json,
            "mode": .string(mode.rawValue), "period": .string(period), "as_of": .string(asOf), "source": .string(sourceDigest.hex),
            "columns": .array(columns.map { column in
                [
                    "name": .string(column.schema.name), "type": column.schema.type.json, "nullable": .bool(column.schema.isNullable),
                    "file": .integer(Int64(column.file)),
                ]
            }),
            "entities": .array(entities.map(\.json)),
            "files": .array(files.map(\.json)),
            "directories": .array(directories.map { directory in
                [
                    "entity": .string(directory.type), "version": .integer(directory.version), "digest": .string(directory.digest.hex),
                ]
            }),
            "parents": .array(parents.map { parent in
                [
                    "table": .string(parent.table), "version": .integer(parent.version), "manifest": .string(parent.manifest.hex),
                ]
            }),
            "rows": .integer(Int64(rowCount)),
            "block_rows": .array(blockRows.map { .integer(Int64($0)) }),
            "partitions": .array(partitions.map { .integer(Int64($0.upperBound)) }),
        ]
    }

    /// Nil unless the document is a consistent manifest of this format version.
    init?(json: JSONValue, blockBytesMaximum: Int) {
        guard json["format"]?.text == Self.formatName, json["format_version"]?.number == Self.formatVersion,
            let identity = json["identity"].flatMap({ TableIdentity(json: $0) }),
            let mode = json["mode"]?.text.flatMap({ LoadMode(rawValue: $0) }),
            let period = json["period"]?.text, let asOf = json["as_of"]?.text,
            let source = json["source"]?.text.flatMap({ Digest(hex: $0) }),
            let columns = json.list("columns", { Column(json: $0) }),
            let entities = json.list("entities", { EntityRule(json: $0) }),
            let files = json.list("files", { File(json: $0) }),
            let directories = json.list("directories", { Directory(json: $0) }),
            let parents = json.list("parents", { Parent(json: $0) }),
            let blockRows = json.list("block_rows", { $0.size }),
            let ends = json.list("partitions", { $0.size })
        else { return nil }
        guard ends.first ?? 1 > 0, zip(ends, ends.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
        self.init(
            identity: identity, mode: mode, period: period, asOf: asOf, sourceDigest: source, columns: columns, entities: entities,
            files: files, directories: directories, parents: parents, blockRows: blockRows,
            partitions: ends.enumerated().map { ($0.offset == 0 ? 0 : ends[$0.offset - 1])..<$0.element })
        guard isConsistent(blockBytesMaximum: blockBytesMaximum), json["rows"]?.size == rowCount else { return nil }
    }
}

extension Manifest.Column {
    init?(json: JSONValue) {
        guard let name = json["name"]?.text, let type = json["type"].flatMap({ LogicalType(json: $0) }),
            let isNullable = json["nullable"]?.flag, let file = json["file"]?.size
        else { return nil }
        self.init(schema: ColumnSchema(name: name, type: type, isNullable: isNullable), file: file)
    }
}

extension Manifest.File {
    var json: JSONValue {
        [
            "kind": .string(column.kindName), "name": .string(column.name), "type": type.json, "digest": .string(digest.hex),
            "bytes": .integer(Int64(byteCount)), "commitment": .string(Hexadecimal.encode(commitment)),
            "blocks": .array(blockBytes.map { .integer(Int64($0)) }),
            "dictionary": dictionaryBytes.map { .integer(Int64($0)) } ?? .null, "zones": .integer(Int64(zonesBytes)),
        ]
    }

    init?(json: JSONValue) {
        guard let kind = json["kind"]?.text, let name = json["name"]?.text, let type = json["type"].flatMap({ LogicalType(json: $0) }),
            let digest = json["digest"]?.text.flatMap({ Digest(hex: $0) }), let bytes = json["bytes"]?.size,
            let commitment = json["commitment"]?.text.flatMap({ Hexadecimal.decode($0) }),
            let blocks = json.list("blocks", { $0.size }), let dictionary = json["dictionary"], let zones = json["zones"]?.size,
            dictionary.isNull || dictionary.size != nil
        else { return nil }
        let column: StoredColumn
        switch kind {
        case "column": column = .column(name)
        case "entity": column = .entity(name)
        default: return nil
        }
        self.init(
            column: column, type: type, digest: digest, byteCount: bytes, commitment: commitment, blockBytes: blocks,
            dictionaryBytes: dictionary.size, zonesBytes: zones)
    }
}

extension Manifest.Directory {
    init?(json: JSONValue) {
        guard let type = json["entity"]?.text, let version = json["version"]?.number,
            let digest = json["digest"]?.text.flatMap({ Digest(hex: $0) })
        else { return nil }
        self.init(type: type, version: version, digest: digest)
    }
}

extension Manifest.Parent {
    init?(json: JSONValue) {
        guard let table = json["table"]?.text, let version = json["version"]?.number,
            let manifest = json["manifest"]?.text.flatMap({ Digest(hex: $0) })
        else { return nil }
        self.init(table: table, version: version, manifest: manifest)
    }
}

extension LogicalType {
    /// The spelling of the type; entity types, which nobody writes, as an object.
    var json: JSONValue {
        if case .entity(let kind) = self { ["entity": .string(kind)] } else { .string(name) }
    }

    init?(json: JSONValue) {
        if let kind = json["entity"]?.text {
            self = .entity(kind)
        } else if let type = json.text.flatMap({ LogicalType(name: $0) }) {
            self = type
        } else {
            return nil
        }
    }
}

extension JSONValue {
    /// A number that can be a count.
    var size: Int? { number.flatMap { $0 >= 0 ? Int(exactly: $0) : nil } }

    /// The elements of a member, each read; nil when one cannot be.
    func list<T>(_ name: String, _ read: (JSONValue) -> T?) -> [T]? {
        guard let elements = self[name]?.elements else { return nil }
        let values = elements.compactMap(read)
        return values.count == elements.count ? values : nil
    }
}
