// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// What the control plane sends an executor to run one job. The executor parses, binds and checks the SQL again from these bytes
/// and refuses unless it arrives at `planDigest`.
///
/// Numbers named `…Descriptor` are positions among the message's descriptors; `…Key` are positions among the 32-byte keys of its secret part.
public struct JobRequest: Sendable, Hashable {
    /// The original SQL bytes, as submitted.
    public let sql: String
    /// Every policy document in force, canonical.
    public let documents: [JSONValue]
    /// Declared parameters with their domains, as in the product document; an empty object for free SQL.
    public let parameterDomains: JSONValue
    /// Values by parameter name, as the person wrote them.
    public let parameters: [String: String]
    /// The lines of the grant under which it runs, as its document has them; null in a rehearsal.
    public let terms: JSONValue
    /// Digest of the plan that was approved.
    public let planDigest: String
    public let suite: String
    public let tables: [Table]
    /// Where the result bytes go.
    public let outputDescriptor: Int
    /// Where rows go that do not fit memory, sealed.
    public let spillDescriptor: Int
    public let memoryLimitBytes: Int64
    /// Threads of the engine.
    public let workers: Int
    /// Whether the result must say that it is a rehearsal.
    public let isRehearsal: Bool

    /// One table version with the columns that were approved and no others.
    public struct Table: Sendable, Hashable {
        public let name: String
        public let unit: String
        public let version: Int64
        public let asOf: String
        public let manifestDigest: String
        public let manifestDescriptor: Int
        public let manifestKey: Int
        public let files: [File]

        public init(
            name: String, unit: String, version: Int64, asOf: String, manifestDigest: String, manifestDescriptor: Int, manifestKey: Int,
            files: [File]
        ) {
            self.name = name
            self.unit = unit
            self.version = version
            self.asOf = asOf
            self.manifestDigest = manifestDigest
            self.manifestDescriptor = manifestDescriptor
            self.manifestKey = manifestKey
            self.files = files
        }
    }

    /// One sealed file: a column's, or an entity type's numbers.
    public struct File: Sendable, Hashable {
        public let isEntity: Bool
        public let name: String
        public let descriptor: Int
        public let key: Int

        public init(isEntity: Bool, name: String, descriptor: Int, key: Int) {
            self.isEntity = isEntity
            self.name = name
            self.descriptor = descriptor
            self.key = key
        }
    }

    public init(
        sql: String, documents: [JSONValue], parameterDomains: JSONValue, parameters: [String: String], terms: JSONValue = .null, planDigest: String,
        suite: String, tables: [Table], outputDescriptor: Int, spillDescriptor: Int, memoryLimitBytes: Int64, workers: Int,
        isRehearsal: Bool
    ) {
        self.sql = sql
        self.documents = documents
        self.parameterDomains = parameterDomains
        self.parameters = parameters
        self.terms = terms
        self.planDigest = planDigest
        self.suite = suite
        self.tables = tables
        self.outputDescriptor = outputDescriptor
        self.spillDescriptor = spillDescriptor
        self.memoryLimitBytes = memoryLimitBytes
        self.workers = workers
        self.isRehearsal = isRehearsal
    }
}

extension JobRequest {
    /// The `kind` member of a job message.
    public static let kind = "job"

    public var json: JSONValue {
        [
            "kind": .string(Self.kind), "sql": .string(sql), "documents": .array(documents), "parameter_domains": parameterDomains,
            "parameters": .object(parameters.mapValues { .string($0) }), "terms": terms, "plan_digest": .string(planDigest), "suite": .string(suite),
            "tables": .array(tables.map(\.json)), "output": .integer(Int64(outputDescriptor)),
            "spill": .integer(Int64(spillDescriptor)), "memory_limit_bytes": .integer(memoryLimitBytes), "workers": .integer(Int64(workers)), "rehearsal": .bool(isRehearsal),
        ]
    }

    /// Reads the message; throws `wire.bad-document` when a member is missing or of another type.
    public init(json: JSONValue) throws(WireError) {
        let reader = MessageReader(json)
        sql = try reader.text("sql")
        documents = try reader.elements("documents")
        parameterDomains = json["parameter_domains"] ?? .object([:])
        var parameters: [String: String] = [:]
        for (name, value) in json["parameters"]?.members ?? [:] {
            guard let text = value.text else { throw WireError(.badDocument) }
            parameters[name] = text
        }
        self.parameters = parameters
        terms = json["terms"] ?? .null
        planDigest = try reader.text("plan_digest")
        suite = try reader.text("suite")
        var tables: [Table] = []
        for element in try reader.elements("tables") { tables.append(try Table(json: element)) }
        self.tables = tables
        outputDescriptor = try reader.position("output")
        spillDescriptor = try reader.position("spill")
        memoryLimitBytes = try reader.number("memory_limit_bytes")
        workers = try reader.position("workers")
        isRehearsal = json["rehearsal"]?.flag ?? false
    }
}

extension JobRequest.Table {
    public var json: JSONValue {
        [
            "name": .string(name), "unit": .string(unit), "version": .integer(version), "as_of": .string(asOf),
            "manifest_digest": .string(manifestDigest), "manifest": .integer(Int64(manifestDescriptor)),
            "manifest_key": .integer(Int64(manifestKey)), "files": .array(files.map(\.json)),
        ]
    }

    public init(json: JSONValue) throws(WireError) {
        let reader = MessageReader(json)
        var files: [JobRequest.File] = []
        for element in try reader.elements("files") { files.append(try JobRequest.File(json: element)) }
        self.init(
            name: try reader.text("name"), unit: try reader.text("unit"), version: try reader.number("version"),
            asOf: try reader.text("as_of"), manifestDigest: try reader.text("manifest_digest"),
            manifestDescriptor: try reader.position("manifest"), manifestKey: try reader.position("manifest_key"), files: files)
    }
}

extension JobRequest.File {
    public var json: JSONValue {
        [
            "entity": .bool(isEntity), "name": .string(name), "descriptor": .integer(Int64(descriptor)), "key": .integer(Int64(key)),
        ]
    }

    public init(json: JSONValue) throws(WireError) {
        let reader = MessageReader(json)
        self.init(
            isEntity: json["entity"]?.flag ?? false, name: try reader.text("name"), descriptor: try reader.position("descriptor"),
            key: try reader.position("key"))
    }
}
