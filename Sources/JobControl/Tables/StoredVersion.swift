// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import LocalKnowledge
import MetadataStore

/// A loaded table version as its log entry describes it.
struct StoredVersion: Sendable {
    let table: String
    let unit: String
    let version: Int64
    /// Digest of the sealed manifest.
    let manifest: String
    let asOf: String
    let period: String
    let files: [File]
    /// What the load recognised; empty where the entry says nothing.
    let recognised: [RecognisedColumn]

    /// Digest of what the load measured; nil where the entry says nothing.
    let profile: String?

    /// One sealed file among the objects.
    struct File: Sendable, Hashable {
        /// A column of this name, or the entity numbers of this type.
        let isEntity: Bool
        let name: String
        let digest: String
    }

    /// Throws `entry.malformed` when the entry lacks something.
    init(_ record: TableVersionRecord) throws(ControlError) {
        let body = record.body
        guard let unit = body["unit"]?.text, let manifest = body["manifest"]?.text, let listed = body["files"]?.elements else {
            throw ControlError(.entryMalformed)
        }
        table = record.name
        version = record.version
        self.unit = unit
        self.manifest = manifest
        asOf = body["as_of"]?.text ?? ""
        period = body["period"]?.text ?? ""
        var files: [File] = []
        for file in listed {
            guard let name = file["name"]?.text, let digest = file["digest"]?.text,
                let isEntity = file["entity"]?.flag
            else { throw ControlError(.entryMalformed) }
            files.append(File(isEntity: isEntity, name: name, digest: digest))
        }
        self.files = files
        recognised = (body["recognised"]?.elements ?? []).compactMap { RecognisedColumn(json: $0) }
        profile = body["profile"]?.text
    }
}
