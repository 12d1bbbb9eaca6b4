// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import CryptoSuites
import WireContract

/// Loads one CSV file into sealed files. Everything it reads and writes came as a descriptor.
struct LoadExecution {
    private let input: ExecutorInput
    private let channel: Channel
    private let decoder: TextDecoder

    init(_ input: ExecutorInput, channel: Channel, decoder: TextDecoder) {
        self.input = input
        self.channel = channel
        self.decoder = decoder
    }

    /// The report of the load, or the places of the values that stopped it.
    func run() throws -> JSONValue {
        let reader = MessageReader(input.json)
        guard let planJSON = input.json["plan"] else { throw RuntimeError(.badRequest) }
        let plan = try LoadPlan(json: planJSON)
        var directoryKeys: [String: SecretKey] = [:]
        var directories: [String: DirectoryInput] = [:]
        for (type, member) in input.json["directories"]?.members ?? [:] {
            let directory = MessageReader(member)
            directoryKeys[type] = try input.key(try directory.position("key"))
            if member["descriptor"] != nil {
                directories[type] = DirectoryInput(
                    version: try directory.number("version"), digest: try Self.digest(try directory.text("digest")),
                    descriptor: try input.descriptor(try directory.position("descriptor")))
            }
        }
        let resources = LoadResources(
            source: try input.descriptor(try reader.position("source")), outputs: try outputs(reader), decoder: decoder,
            spill: try optionalDescriptor("spill"), reject: try optionalDescriptor("reject"), directories: directories,
            previous: try input.json["previous"].map { try StoredTableInput.open($0, suite: plan.identity.suite, input: input) },
            via: try (input.json["via"]?.members ?? [:]).mapValues { try StoredTableInput.open($0, suite: plan.identity.suite, input: input) },
            threads: try reader.position("threads"))
        let keys = LoadKeys(version: try input.key(try reader.position("version_key")), directories: directoryKeys)
        let outcome = try TableLoader(plan: plan, keys: keys, resources: resources).load { rows in
            // Progress is a courtesy; a peer that has gone is noticed when the report is sent.
            try? channel.send(json: ExecutorReply.progress(rows: rows).json)
        }
        return outcome.json
    }

    private func outputs(_ reader: MessageReader) throws -> [Int32] {
        try reader.elements("outputs").map { element in
            guard let position = element.number.flatMap({ Int(exactly: $0) }) else { throw RuntimeError(.badRequest) }
            return try input.descriptor(position)
        }
    }

    private func optionalDescriptor(_ name: String) throws -> Int32? {
        guard input.json[name] != nil else { return nil }
        return try input.descriptor(try MessageReader(input.json).position(name))
    }

    static func digest(_ hex: String) throws(RuntimeError) -> Digest {
        guard let digest = Digest(hex: hex) else { throw RuntimeError(.badRequest) }
        return digest
    }
}

/// Opens the stored versions of a request.
enum StoredTableInput {
    static func open(_ json: JSONValue, suite: String, input: ExecutorInput) throws -> StoredTable {
        try open(try JobRequest.Table(json: json), suite: suite, input: input)
    }

    static func open(_ table: JobRequest.Table, suite: String, input: ExecutorInput) throws -> StoredTable {
        let files = try table.files.map { file in
            OpenedFile(
                column: file.isEntity ? .entity(file.name) : .column(file.name), descriptor: try input.descriptor(file.descriptor),
                key: try input.key(file.key))
        }
        return try StoredTable.open(
            manifest: try input.descriptor(table.manifestDescriptor), key: try input.key(table.manifestKey),
            identity: TableIdentity(suite: suite, unit: table.unit, table: table.name, version: table.version),
            digest: try LoadExecution.digest(table.manifestDigest), files: files)
    }
}
