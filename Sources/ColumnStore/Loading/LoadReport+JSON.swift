// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import LocalKnowledge

extension LoadOutcome {
    public var json: JSONValue {
        switch self {
        case .loaded(let report): ["status": "loaded", "report": report.json]
        case .refused(let refusal): ["status": "refused", "refusal": refusal.json]
        }
    }

    /// Throws `store.plan-invalid` when the document is no outcome.
    public init(json: JSONValue) throws(StoreError) {
        if let report = json["report"].flatMap({ LoadReport(json: $0) }), json["status"] == "loaded" {
            self = .loaded(report)
        } else if let refusal = json["refusal"].flatMap({ LoadRefusal(json: $0) }), json["status"] == "refused" {
            self = .refused(refusal)
        } else {
            throw StoreError(.planInvalid, ["outcome"])
        }
    }
}

extension LoadReport {
    public var json: JSONValue {
        [
            "rows": .integer(rows), "rejected_rows": .integer(rejectedRows), "files": .array(files.map(\.json)),
            "manifest": .string(manifestDigest.hex), "source": .string(sourceDigest.hex), "encoding": .string(encoding),
            "ignored_columns": .integer(Int64(ignoredColumns)), "suspicious_identifiers": .string(suspiciousIdentifiers.rawValue),
            "recognised": .array(recognised.map(\.json)), "profile": profile?.json ?? .null,
        ]
    }

    /// Nil when the document is no report.
    public init?(json: JSONValue) {
        guard let rows = json["rows"]?.number, let rejected = json["rejected_rows"]?.number,
            let files = json.list("files", { WrittenFile(json: $0) }),
            let manifest = json["manifest"]?.text.flatMap({ Digest(hex: $0) }),
            let source = json["source"]?.text.flatMap({ Digest(hex: $0) }), let encoding = json["encoding"]?.text,
            let ignored = json["ignored_columns"]?.size,
            let suspicious = json["suspicious_identifiers"]?.text.flatMap({ CountClass(rawValue: $0) }),
            let recognised = json.list("recognised", { RecognisedColumn(json: $0) }),
            let profileJSON = json["profile"]
        else { return nil }
        let profile = TableProfile(json: profileJSON)
        guard profileJSON.isNull || profile != nil else { return nil }
        self.init(
            rows: rows, rejectedRows: rejected, files: files, manifestDigest: manifest, sourceDigest: source, encoding: encoding,
            ignoredColumns: ignored, suspiciousIdentifiers: suspicious, recognised: recognised, profile: profile)
    }
}

extension RecognisedColumn {
    /// Also as it stands in log entries.
    public var json: JSONValue { ["column": .string(column), "kind": .string(kind.code), "share": .string(share.rawValue)] }

    /// Nil when the document is none.
    public init?(json: JSONValue) {
        guard let column = json["column"]?.text, let kind = json["kind"]?.text.flatMap({ ValueKind(code: $0) }),
            let share = json["share"]?.text.flatMap({ KindShare(rawValue: $0) })
        else { return nil }
        self.init(column: column, kind: kind, share: share)
    }
}

extension LoadRefusal {
    public var json: JSONValue {
        ["bad_values": .array(badValues.map(\.json)), "bad_value_count": .integer(badValueCount), "rows": .integer(rows)]
    }

    /// Nil when the document is no refusal.
    public init?(json: JSONValue) {
        guard let badValues = json.list("bad_values", { BadValue(json: $0) }), let count = json["bad_value_count"]?.number,
            let rows = json["rows"]?.number
        else { return nil }
        self.init(badValues: badValues, badValueCount: count, rows: rows)
    }
}

extension WrittenFile {
    var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "name": .string(name), "digest": .string(digest.hex), "bytes": .integer(bytes),
            "version": .integer(version),
        ]
    }

    init?(json: JSONValue) {
        guard let kind = json["kind"]?.text.flatMap({ PlannedFile.Kind(rawValue: $0) }), let name = json["name"]?.text,
            let digest = json["digest"]?.text.flatMap({ Digest(hex: $0) }), let bytes = json["bytes"]?.number,
            let version = json["version"]?.number
        else { return nil }
        self.init(kind: kind, name: name, digest: digest, bytes: bytes, version: version)
    }
}
