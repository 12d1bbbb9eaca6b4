// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import MetadataStore
import PolicyCheck

/// A table version that signatures are under.
public struct PinnedVersion: Sendable, Hashable {
    public let table: String
    public let version: Int64
    public let manifest: String

    var json: JSONValue { ["table": .string(table), "version": .integer(version), "manifest": .string(manifest)] }

    /// Whether a table of an intent is this version.
    func isRead(as json: JSONValue) -> Bool {
        json["table"]?.text == table && json["version"]?.number == version && json["manifest"]?.text == manifest
    }

    init(table: String, version: Int64, manifest: String) {
        self.table = table
        self.version = version
        self.manifest = manifest
    }

    init?(_ json: JSONValue) {
        guard let table = json["table"]?.text, let version = json["version"]?.number, let manifest = json["manifest"]?.text else { return nil }
        self.init(table: table, version: version, manifest: manifest)
    }
}

/// Which versions of its tables a job reads.
struct DataVersions {
    let epoch: DataEpoch
    let pins: [PinnedVersion]

    /// The newest of everything.
    static let latest = DataVersions(epoch: .latest, pins: [])

    /// The version of a table that is read. Throws `table.not-loaded` when there is none at all, `grant.epoch-missing` when there is none
    /// that the grant allows.
    func version(of table: String, in domain: Domain) throws -> TableVersionRecord {
        guard let latest = try domain.metadata.latestVersion(of: table) else { throw ControlError(.tableNotLoaded, table) }
        switch epoch {
        case .latest: return latest
        case .asApproved:
            let pin = pins.first { $0.table == table }
            guard let found = try domain.metadata.versions(of: table).first(where: { $0.version == pin?.version }),
                try StoredVersion(found).manifest == pin?.manifest
            else { throw ControlError(.grantEpochMissing, table, DataEpoch.asApproved.words.joined(separator: ", ")) }
            return found
        case .periods(let periods):
            // Code tables and the like belong to no period.
            if try domain.policies().table(table)?.isOpen == true { return latest }
            let versions = try domain.metadata.versions(of: table)
            guard let place = versions.indices.last(where: { Self.rests(versions, $0, on: periods) }) else {
                throw ControlError(.grantEpochMissing, table, periods.joined(separator: ", "))
            }
            return versions[place]
        }
    }

    /// Whether a version, and every version whose rows it took over, was loaded for one of some periods.
    private static func rests(_ versions: [TableVersionRecord], _ place: Int, on periods: [String]) -> Bool {
        for version in versions[...place].reversed() {
            guard let period = version.body["period"]?.text, periods.contains(period) else { return false }
            if version.body["mode"]?.text == "replace" { return true }
        }
        return true
    }
}

extension Domain {
    /// The newest version of each table, for signatures to be under. Throws `table.not-loaded`.
    func pins(_ tables: [String]) throws -> [PinnedVersion] {
        try tables.map { table in
            guard let record = try metadata.latestVersion(of: table) else { throw ControlError(.tableNotLoaded, table) }
            return PinnedVersion(table: table, version: record.version, manifest: try StoredVersion(record).manifest)
        }
    }

    /// The versions that a submission names.
    func pins(ofSubmission entry: UInt64) throws -> [PinnedVersion] {
        try (auditEntry(entry).entry.body["epoch"]?.elements ?? []).compactMap { PinnedVersion($0) }
    }
}
