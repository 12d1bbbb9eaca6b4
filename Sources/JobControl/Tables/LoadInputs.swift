// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import CryptoSuites
import LocalKnowledge
import MetadataStore
import PolicyCheck
import Tabular
import WireContract

/// What one load is given: the source, unnamed files to write into, the keys of the new version, and for append, upsert and `via` the
/// sealed files of earlier versions.
struct LoadInputs {
    let plan: LoadPlan
    private(set) var keys: [SecretKey] = []
    private(set) var descriptors: [OwnedDescriptor] = []
    /// In the order of `plan.files`.
    private(set) var outputs: [OwnedDescriptor] = []
    private(set) var rejects: OwnedDescriptor?
    private var members: [String: JSONValue] = [:]
    private let sourceKey: SecretKey
    private var directoryVersions: [String: Int64] = [:]

    init(policy: TablePolicy, version: Int64, options: LoadOptions, asOf: String, source: OwnedDescriptor, domain: Domain) throws {
        let identity = TableIdentity(suite: domain.description.suite, unit: policy.unit, table: policy.name, version: version)
        let previous = try domain.metadata.latestVersion(of: policy.name).map { try StoredVersion($0) }
        guard let mode = LoadMode(rawValue: options.mode) else { throw ControlError(.tableLoadMode, options.mode) }
        plan = try Self.plan(policy, identity, mode, period: options.period ?? "", asOf: asOf)
        let versionKey = try domain.keys.tableVersionKey(unit: policy.unit, table: policy.name, version: version)
        sourceKey = versionKey.derive("source file")
        members["plan"] = plan.json
        members["threads"] = .integer(Int64(Machine.processorCount))
        members["source"] = .integer(Int64(take(source)))
        members["version_key"] = .integer(Int64(take(versionKey)))
        for _ in plan.files { outputs.append(try domain.makeStagingDescriptor()) }
        members["outputs"] = .array(outputs.map { .integer(Int64(take($0))) })
        members["spill"] = .integer(Int64(take(try domain.makeStagingDescriptor())))
        if options.rejectFile != nil {
            let descriptor = try domain.makeStagingDescriptor()
            rejects = descriptor
            members["reject"] = .integer(Int64(take(descriptor)))
        }
        try addDirectories(domain)
        if mode != .replace, let previous { members["previous"] = try stored(previous, domain) { _ in true } }
        try addVia(policy, domain)
    }

    var request: JSONValue {
        var request = members
        request["kind"] = "load"
        return .object(request)
    }

    /// The body of the log entry: what was written, under which digests.
    /// - Parameter profile: digest of what was measured, stored.
    func entryBody(_ report: LoadReport, profile: String?, job: String, intent: UInt64) -> JSONValue {
        var directories: [JSONValue] = []
        var files: [JSONValue] = []
        for file in report.files {
            switch file.kind {
            case .directory:
                directories.append(["entity": .string(file.name), "version": .integer(file.version), "digest": .string(file.digest.hex)])
            case .column, .entity:
                files.append([
                    "name": .string(file.name), "entity": .bool(file.kind == .entity), "digest": .string(file.digest.hex),
                ])
            case .manifest: break
            }
        }
        return [
            "job": .string(job), "intent": .integer(Int64(intent)), "table": .string(plan.identity.table), "unit": .string(plan.identity.unit),
            "version": .integer(plan.identity.version), "mode": .string(plan.mode.rawValue), "manifest": .string(report.manifestDigest.hex),
            "source": .string(sourceMark(report)), "files": .array(files), "directories": .array(directories),
            "period": .string(plan.period), "as_of": .string(plan.asOf), "recognised": .array(recognised(report).map(\.json)),
            "profile": profile.map { .string($0) } ?? .null,
        ]
    }

    /// Of columns of the table only: an executor's words do not go into the log.
    func recognised(_ report: LoadReport) -> [RecognisedColumn] {
        report.recognised.filter { found in plan.columns.contains { $0.name == found.column } }
    }

    /// What was measured, of columns of the table only.
    func profile(_ report: LoadReport) -> TableProfile? {
        let names = Set(plan.columns.map(\.name))
        return report.profile.map { profile in
            TableProfile(
                minimum: profile.minimum, columns: profile.columns.filter { names.contains($0.name) },
                unions: profile.unions.filter { names.isSuperset(of: $0.columns) })
        }
    }

    /// The source file under the version's key: the unit can prove which file it loaded, and nobody else can try out what was in it. For the
    /// same reason sizes of files are not told.
    private func sourceMark(_ report: LoadReport) -> String {
        KeyedHash(key: sourceKey).tag(report.sourceDigest.bytes).hex
    }

    /// `yyyy-MM-dd` or a timestamp, with or without a closing Z.
    static func isTime(_ text: String) -> Bool {
        CivilTimestamp.parse(iso: text.hasSuffix("Z") ? String(text.dropLast()) : text) != nil
    }

    private mutating func addDirectories(_ domain: Domain) throws {
        var directories: [String: JSONValue] = [:]
        for type in plan.directoryTypes {
            var member: [String: JSONValue] = ["key": .integer(Int64(take(try domain.keys.directoryKey(entity: type))))]
            if let current = try domain.metadata.directory(of: type), let digest = current.body["digest"]?.text {
                member["version"] = .integer(current.version)
                member["digest"] = .string(digest)
                member["descriptor"] = .integer(Int64(take(try domain.openObject(digest))))
            }
            directories[type] = .object(member)
        }
        members["directories"] = .object(directories)
    }

    private mutating func addVia(_ policy: TablePolicy, _ domain: Domain) throws {
        // One table may give several entities: each table once, with all that is needed of it.
        var needs: [String: (types: Set<String>, columns: Set<String>)] = [:]
        for rule in policy.entities {
            guard case .via(let type, let table, let keyColumn, _) = rule else { continue }
            needs[table, default: ([], [])].types.insert(type)
            needs[table, default: ([], [])].columns.insert(keyColumn)
        }
        var via: [String: JSONValue] = [:]
        for (table, need) in needs.sorted(by: { $0.key < $1.key }) {
            guard let record = try domain.metadata.latestVersion(of: table) else { throw ControlError(.tableNotLoaded, table) }
            via[table] = try stored(StoredVersion(record), domain) { file in
                (file.isEntity ? need.types : need.columns).contains(file.name)
            }
        }
        members["via"] = .object(via)
    }

    /// A stored version with some of its files, as JSON of descriptors and keys.
    private mutating func stored(_ version: StoredVersion, _ domain: Domain, where needs: (StoredVersion.File) -> Bool) throws -> JSONValue {
        let versionKey = try domain.keys.tableVersionKey(unit: version.unit, table: version.table, version: version.version)
        var files: [JSONValue] = []
        for file in version.files where needs(file) {
            let key = file.isEntity ? ColumnKeys.entity(versionKey, file.name) : ColumnKeys.column(versionKey, file.name)
            files.append(
                JobRequest.File(
                    isEntity: file.isEntity, name: file.name, descriptor: take(try domain.openObject(file.digest)), key: take(key)
                ).json)
        }
        return [
            "name": .string(version.table), "unit": .string(version.unit), "version": .integer(version.version),
            "manifest_digest": .string(version.manifest), "manifest": .integer(Int64(take(try domain.openObject(version.manifest)))),
            "manifest_key": .integer(Int64(take(ColumnKeys.manifest(versionKey)))), "as_of": .string(version.asOf), "files": .array(files),
        ]
    }

    private mutating func take(_ descriptor: OwnedDescriptor) -> Int {
        descriptors.append(descriptor)
        return descriptors.count - 1
    }

    private mutating func take(_ key: SecretKey) -> Int {
        keys.append(key)
        return keys.count - 1
    }
}
