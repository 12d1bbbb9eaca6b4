// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// Which table version something belongs to. Every sealed byte is bound to it.
public struct TableIdentity: Sendable, Hashable {
    /// Name of the cryptographic suite.
    public let suite: String
    public let unit: String
    public let table: String
    public let version: Int64

    public init(suite: String, unit: String, table: String, version: Int64) {
        self.suite = suite
        self.unit = unit
        self.table = table
        self.version = version
    }

    /// The context of a file's keys: each part with its length in front, so that no two places share a context.
    func context(_ purpose: String, _ parts: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in [purpose, suite, unit, table, String(version)] + parts {
            withUnsafeBytes(of: UInt32(part.utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: part.utf8)
        }
        return bytes
    }

    var json: JSONValue {
        ["suite": .string(suite), "unit": .string(unit), "table": .string(table), "version": .integer(version)]
    }

    init?(json: JSONValue) {
        guard let suite = json["suite"]?.text, let unit = json["unit"]?.text, let table = json["table"]?.text,
            let version = json["version"]?.number
        else { return nil }
        self.init(suite: suite, unit: unit, table: table, version: version)
    }
}
