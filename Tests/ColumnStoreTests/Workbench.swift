// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import CryptoSuites
import Glibc
import Tabular
import Testing

/// A file without a name that goes with its owner.
final class NamelessFile {
    let descriptor: Int32

    init(_ bytes: [UInt8] = []) {
        var name = Array("/tmp/column-store-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        unlink(name)
        write(bytes)
    }

    deinit { close(descriptor) }

    var bytes: [UInt8] {
        let count = Int(lseek(descriptor, 0, SEEK_END))
        return [UInt8](unsafeUninitializedCapacity: count) { memory, done in done = pread(descriptor, memory.baseAddress, count, 0) }
    }

    func write(_ bytes: [UInt8]) {
        ftruncate(descriptor, 0)
        precondition(pwrite(descriptor, bytes, bytes.count, 0) == bytes.count)
    }
}

/// Keys of one domain, and loads under them.
struct Workbench {
    let decoder: TextDecoder
    let unitKey: SecretKey
    let directoryKey: SecretKey
    let random: RandomBytes

    init(seed: UInt64 = 1) throws {
        try CryptoSuites.initialise()
        decoder = try TextDecoder()
        random = RandomBytes(seed: seed)
        unitKey = SecretKey.random(from: random)
        directoryKey = SecretKey.random(from: random)
    }

    func versionKey(_ identity: TableIdentity) -> SecretKey {
        unitKey.derive("version", Array("\(identity.unit)/\(identity.table)/\(identity.version)".utf8))
    }

    static func identity(_ version: Int64 = 1, table: String = "visit") -> TableIdentity {
        TableIdentity(suite: "international", unit: "市卫健委", table: table, version: version)
    }

    func load(
        _ plan: LoadPlan, _ csv: [UInt8], directories: [String: DirectoryInput] = [:], previous: StoredTable? = nil,
        via: [String: StoredTable] = [:], reject: NamelessFile? = nil, spill: NamelessFile? = nil, budget: Int = 64 << 20,
        ceilings: Limits.Ceilings = .init(), threads: Int = 3, progress: (Int64) -> Void = { _ in }
    ) throws -> Load {
        let outputs = plan.files.map { _ in NamelessFile() }
        let source = NamelessFile(csv)
        let keys = LoadKeys(
            version: versionKey(plan.identity),
            directories: Dictionary(uniqueKeysWithValues: plan.directoryTypes.map { ($0, directoryKey.derive("directory", Array($0.utf8))) }))
        let resources = LoadResources(
            source: source.descriptor, outputs: outputs.map(\.descriptor), decoder: decoder, spill: spill?.descriptor,
            reject: reject?.descriptor, directories: directories, previous: previous, via: via, memoryBudgetBytes: budget, threads: threads)
        defer { withExtendedLifetime((source, spill, reject)) {} }
        let loader = TableLoader(plan: plan, keys: keys, resources: resources, random: random, ceilings: ceilings)
        let outcome = try loader.load(progress: progress)
        return Load(plan: plan, outputs: outputs, outcome: outcome, versionKey: keys.version)
    }

    func load(_ plan: LoadPlan, _ csv: String, ceilings: Limits.Ceilings = .init()) throws -> Load {
        try load(plan, Array(csv.utf8), ceilings: ceilings)
    }
}

/// A finished load with its files.
struct Load {
    let plan: LoadPlan
    let outputs: [NamelessFile]
    let outcome: LoadOutcome
    let versionKey: SecretKey

    var report: LoadReport? { if case .loaded(let report) = outcome { report } else { nil } }
    var refusal: LoadRefusal? { if case .refused(let refusal) = outcome { refusal } else { nil } }

    func file(_ kind: PlannedFile.Kind, _ name: String = "") -> NamelessFile {
        outputs[plan.files.firstIndex { $0.kind == kind && $0.name == name } ?? 0]
    }

    func directory(_ type: String) throws -> DirectoryInput {
        let written = report?.files.first { $0.kind == .directory && $0.name == type }
        guard let written else { throw Missing() }
        return DirectoryInput(version: written.version, digest: written.digest, descriptor: file(.directory, type).descriptor)
    }

    var openedFiles: [OpenedFile] {
        plan.files.compactMap { planned in
            switch planned.kind {
            case .column:
                OpenedFile(
                    column: .column(planned.name), descriptor: file(.column, planned.name).descriptor,
                    key: ColumnKeys.column(versionKey, planned.name))
            case .entity:
                OpenedFile(
                    column: .entity(planned.name), descriptor: file(.entity, planned.name).descriptor,
                    key: ColumnKeys.entity(versionKey, planned.name))
            case .directory, .manifest: nil
            }
        }
    }

    func open(
        files: [OpenedFile]? = nil, identity: TableIdentity? = nil, digest: Digest? = nil, ceilings: Limits.Ceilings = .init()
    ) throws -> StoredTable {
        guard let report else { throw Missing() }
        return try StoredTable.open(
            manifest: file(.manifest).descriptor, key: ColumnKeys.manifest(versionKey), identity: identity ?? plan.identity,
            digest: digest ?? report.manifestDigest, files: files ?? openedFiles, ceilings: ceilings)
    }

    /// All rows as text, in storage order.
    func rows(_ columns: [StoredColumn]? = nil) throws -> [[String?]] {
        // The table reads descriptors that the files close when they go.
        defer { withExtendedLifetime(self) {} }
        return try open().rows(columns ?? plan.columns.map { .column($0.name) })
    }
}

struct Missing: Error {}

extension StoredTable {
    func rows(_ columns: [StoredColumn]) throws -> [[String?]] {
        let reader = try makeReader(columns: columns, arena: ConfidentialArena(limitBytes: 1 << 30))
        var rows: [[String?]] = []
        for block in blockRowCounts.indices {
            let vectors = try reader.read(block: block)
            for vector in vectors { #expect(vector.keepsBounds) }
            for row in 0..<blockRowCounts[block] { rows.append(vectors.map { $0.text(row) }) }
        }
        return rows
    }
}

extension ColumnVector {
    /// Whether its values lie where it says.
    var keepsBounds: Bool { bounds.map { bounds in (0..<count).allSatisfy { isNull($0) || bounds.contains(int64[$0]) } } ?? true }

    func text(_ row: Int) -> String? {
        if isNull(row) { return nil }
        switch type {
        case .bool: return bool[row] == 1 ? "true" : "false"
        case .int64: return String(int64[row])
        case .decimal(let precision, let scale):
            return ExactDecimal.text(units: precision <= 18 ? Int128(int64[row]) : int128[row], scale: scale)
        case .double: return String(double[row])
        case .date: return CivilDate(days: int64[row])?.text
        case .timestamp: return CivilTimestamp.text(microseconds: int64[row])
        case .text: return dictionary.map { String(decoding: $0.entry(codes[row]), as: UTF8.self) }
        case .entity: return String(entities[row])
        case .null: return nil
        }
    }
}

/// Plans that several suites use.
enum Plans {
    static func visits(_ version: Int64 = 1, mode: LoadMode = .replace, fanOut: Int? = nil, upsertKey: [String] = []) -> LoadPlan {
        LoadPlan(
            identity: Workbench.identity(version), mode: mode,
            columns: [
                LoadColumn(name: "编号", physicalName: "id", type: .text, isNullable: false),
                LoadColumn(name: "患者", physicalName: "person", type: .text, isNullable: true, identifier: .key, entityType: "person"),
                LoadColumn(name: "费用", physicalName: "cost", type: .decimal(precision: 12, scale: 2), isNullable: true),
            ],
            entities: [.key(type: "person", column: "患者", kind: .key)], fanOut: fanOut, upsertKey: upsertKey, period: "2026-10", asOf: "2026-10-31")
    }

    static func one(_ type: LogicalType, isNullable: Bool = true, formats: [String] = []) -> LoadPlan {
        LoadPlan(
            identity: Workbench.identity(),
            columns: [
                LoadColumn(name: "v", physicalName: "v", type: type, isNullable: isNullable, dateFormats: formats),
                LoadColumn(name: "w", physicalName: "w", type: .int64, isNullable: true),
            ])
    }
}
