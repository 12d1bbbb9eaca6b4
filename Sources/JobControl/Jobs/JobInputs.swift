// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import CryptoSuites
import MetadataStore
import PolicyCheck
import QueryPlan
import Tabular
import WireContract

/// What one job is given: open ciphertext files and the keys of exactly the columns its plan reads.
struct JobInputs {
    private(set) var tables: [JobRequest.Table] = []
    private(set) var keys: [SecretKey] = []
    private(set) var descriptors: [OwnedDescriptor] = []
    private let domain: Domain

    private let versions: DataVersions

    /// Throws `table.not-loaded` when a table has no version yet, `grant.epoch-missing` when it has none that may be read, `object.missing`
    /// when a file is gone.
    init(_ prepared: PreparedQuery, _ versions: DataVersions, domain: Domain) throws {
        self.domain = domain
        self.versions = versions
        for table in prepared.tables { try add(table.name, unit: table.unit, approved: prepared.approved) }
    }

    /// The descriptors after all inputs are the output and the space for rows that do not fit memory.
    func request(
        _ prepared: PreparedQuery, parameters: [String: String], terms: UseTerms?, isRehearsal: Bool, suite: String
    ) -> JobRequest {
        JobRequest(
            sql: prepared.sql, documents: prepared.documents, parameterDomains: prepared.parameterDomains, parameters: parameters,
            terms: terms?.json ?? .null, planDigest: prepared.planDigest, suite: suite, tables: tables, outputDescriptor: descriptors.count,
            spillDescriptor: descriptors.count + 1, memoryLimitBytes: domain.ceilings.jobMemoryBytes, workers: Machine.processorCount, isRehearsal: isRehearsal)
    }

    /// For the intent: versions and manifests, and the columns whose keys are released.
    var tablesJSON: JSONValue {
        .array(
            tables.map { table in
                [
                    "table": .string(table.name), "unit": .string(table.unit), "version": .integer(table.version),
                    "manifest": .string(table.manifestDigest), "columns": .array(table.files.map { .string($0.name) }),
                ]
            })
    }

    private mutating func add(_ name: String, unit: String, approved: ApprovedPlan) throws {
        let stored = try StoredVersion(versions.version(of: name, in: domain))
        let needs = ScanNeeds(of: stored, in: approved)
        let versionKey = try domain.keys.tableVersionKey(unit: stored.unit, table: name, version: stored.version)
        var files: [JobRequest.File] = []
        for file in stored.files where needs.contains(file) {
            let key = file.isEntity ? ColumnKeys.entity(versionKey, file.name) : ColumnKeys.column(versionKey, file.name)
            files.append(
                JobRequest.File(isEntity: file.isEntity, name: file.name, descriptor: try take(domain.openObject(file.digest)), key: take(key)))
        }
        tables.append(
            JobRequest.Table(
                name: name, unit: stored.unit, version: stored.version, asOf: stored.asOf, manifestDigest: stored.manifest,
                manifestDescriptor: try take(domain.openObject(stored.manifest)), manifestKey: take(ColumnKeys.manifest(versionKey)),
                files: files))
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

/// Which stored files of a table a plan reads.
struct ScanNeeds {
    private var columns: Set<String> = []
    private var entities: Set<String> = []
    private let columnFiles: Set<String>

    init(of stored: StoredVersion, in approved: ApprovedPlan) {
        columnFiles = Set(stored.files.filter { !$0.isEntity }.map(\.name))
        collect(stored.table, approved.plan.rows)
        for requirement in approved.scans.values where requirement.table == stored.table { entities.formUnion(requirement.entities) }
    }

    func contains(_ file: StoredVersion.File) -> Bool {
        file.isEntity ? entities.contains(file.name) : columns.contains(file.name)
    }

    private mutating func collect(_ table: String, _ plan: LogicalPlan) {
        for scan in plan.scans where scan.table == table {
            for column in scan.output {
                // The identifier column of an entity has no file of its own: its numbers are the entity's.
                if case .entity(let type) = column.type, !columnFiles.contains(column.name) {
                    entities.insert(type)
                } else {
                    columns.insert(column.name)
                }
            }
        }
    }
}
