// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import LocalKnowledge
import Tabular

/// One pass over the file: header, rows, order, output. Made anew when a file has to be read again.
final class LoadRun {
    let plan: LoadPlan
    private let keys: LoadKeys
    let resources: LoadResources
    private let random: RandomBytes
    private let source: TextSource
    private let ceilings: Limits.Ceilings
    private let hasher: SeededHash
    let layout: RowLayout
    let staging: RowStaging
    let rejects: RejectList
    private var directories: [EntityDirectory] = []
    var converters: [ColumnConverter] = []
    /// Positions of the converters that number texts or identifiers; those that share an entity directory together.
    var numbering: [[Int]] = []
    let threads: LoadThreads
    var lookups: [(lookup: ViaLookup, from: Int, to: Int)] = []
    var upsertKeys: UpsertKeys?
    private let meter: TableMeter?
    private var ignoredColumns = 0
    var rejectedRows: Int64 = 0
    /// Of the slice that is judged and not yet numbered, in an upsert.
    var pendingFaults: [RowFault] = []

    init(
        _ plan: LoadPlan, _ keys: LoadKeys, _ resources: LoadResources, _ random: RandomBytes, _ source: TextSource,
        _ ceilings: Limits.Ceilings
    ) throws(StoreError) {
        self.plan = plan
        self.keys = keys
        self.resources = resources
        self.random = random
        self.source = source
        threads = LoadThreads(count: resources.threads)
        self.ceilings = ceilings
        hasher = SeededHash(.system)
        layout = try RowLayout(plan, hasher: hasher, ceilings)
        let (layout, hasher, threads) = (layout, hasher, threads)
        let meter = try plan.measure.map { (measure) throws(StoreError) in try TableMeter(plan, measure, layout, key: keys.version, ceilings) }
        self.meter = meter
        staging = try RowStaging(
            layout, budgetBytes: resources.memoryBudgetBytes, spill: resources.spill, threads: threads
        ) { (rows) throws(StoreError) in
            let writer = try VersionWriter(
                plan, layout, outputs: resources.outputs, key: keys.version, rows: rows, hasher: hasher, random: random, threads: threads.count)
            return BlockAssembler(writer, layout, threads: threads, fanOut: FanOutCheck(plan), meter: meter)
        }
        rejects = RejectList(resources.reject)
        for type in plan.directoryTypes {
            guard let key = keys.directories[type] else { throw StoreError(.planInvalid, [type]) }
            let input = resources.directories[type]
            directories.append(
                try EntityDirectory(
                    type: type, suite: plan.identity.suite, input: input, key: key, hasher: hasher, entitiesMaximum: ceilings.entities))
        }
        try prepareLookups()
        if plan.mode == .upsert {
            let columns = plan.upsertKey.compactMap { plan.file(of: .column($0)) }
            upsertKeys = try UpsertKeys(columns: columns, first: SeededHash(.system), second: SeededHash(.system))
        }
    }

    private func prepareLookups() throws(StoreError) {
        for rule in plan.entities {
            guard case .via(let type, let tableName, let keyColumn, let column) = rule else { continue }
            guard let table = resources.via[tableName] else { throw StoreError(.previousMissing, [tableName]) }
            guard let from = plan.file(of: .column(column)), let to = plan.file(of: .entity(type)) else {
                throw StoreError(.planInvalid, [type])
            }
            let lookup = try ViaLookup(table, keyColumn: keyColumn, type: type, hasher: hasher, bytesMaximum: ceilings.readerBytes)
            guard lookup.keyType == layout.types[from] else { throw StoreError(.planInvalid, [column]) }
            lookups.append((lookup, from, to))
        }
    }

    func run(_ progress: (Int64) -> Void) throws(StoreError) -> LoadOutcome {
        let reader = CSVReader(source)
        let header = try readHeader(reader)
        let previous = try plan.mode == .replace ? nil : resources.previous.map { (table) throws(StoreError) in
            try PreviousRows(table, plan, layout)
        }
        if plan.mode == .append { try previous?.feed(staging, replaced: nil) }
        let rows = try readRows(reader, after: header, progress)
        if rejects.refuses {
            return .refused(LoadRefusal(badValues: rejects.listed, badValueCount: rejects.count, rows: rows))
        }
        if plan.mode == .upsert { try previous?.feed(staging, replaced: upsertKeys) }
        try rejects.flush()
        return .loaded(try write())
    }

    private func readHeader(_ reader: CSVReader) throws(StoreError) -> CSVChunk {
        let header = try CSVChunk(keptFields: Limits.columns + 1, capacity: 1)
        reader.read(into: header, after: nil)
        if let failure = header.failure { throw failure }
        guard header.recordCount > 0 else { throw StoreError(.headerMissing) }
        let fieldCount = Int(header.fieldCounts[0])
        guard fieldCount <= Limits.columns else { throw StoreError(.limitExceeded, ["columns", String(Limits.columns)]) }
        let names = (0..<fieldCount).map { field in
            String(decoding: FieldParser.trimmed(header.bytes(field, 0)), as: UTF8.self)
        }
        for column in plan.columns {
            let places = names.indices.filter { names[$0] == column.physicalName }
            guard let place = places.first else { throw StoreError(.columnMissing, [column.physicalName]) }
            guard places.count == 1 else { throw StoreError(.columnRepeated, [column.physicalName]) }
            guard let stored = plan.file(of: .column(column.name)) else { throw StoreError(.planInvalid, [column.name]) }
            let directory = directories.first { $0.type == column.entityType }
            converters.append(try ColumnConverter(column, field: place, stored: stored, directory: directory))
        }
        for position in converters.indices where converters[position].numbers {
            let directory = converters[position].directory
            if let directory, let group = numbering.firstIndex(where: { converters[$0[0]].directory === directory }) {
                numbering[group].append(position)
            } else {
                numbering.append([position])
            }
        }
        ignoredColumns = names.filter { name in !plan.columns.contains { $0.physicalName == name } }.count
        reader.expectedFields = fieldCount
        return header
    }

    private func write() throws(StoreError) -> LoadReport {
        guard let total = Int(exactly: staging.rowCount), total <= ceilings.rows else {
            throw StoreError(.limitExceeded, ["rows", String(ceilings.rows)])
        }
        let assembler = try staging.drain()
        let files = try assembler.writer.finish(threads)
        let written = try writeDirectories(firstOutput: files.count)
        let sourceDigest = source.finishDigest()
        let manifest = manifest(files, written, assembler, sourceDigest)
        let bytes = try SealedManifest.seal(
            manifest, key: ColumnKeys.manifest(keys.version), random: random, bytesMaximum: ceilings.manifestBytes)
        let digest = SHA256.hash(bytes)
        try Descriptor.write(resources.outputs[resources.outputs.count - 1], bytes, at: 0, name: "manifest")
        let version = plan.identity.version
        let columns = files.map { file in
            WrittenFile(
                kind: file.column.kindName == "entity" ? .entity : .column, name: file.column.name, digest: file.digest,
                bytes: Int64(file.byteCount), version: version)
        }
        let last = WrittenFile(kind: .manifest, name: "", digest: digest, bytes: Int64(bytes.count), version: version)
        let recognised = converters.flatMap(\.recognised)
        let suspicious = converters.reduce(0) { $0 + $1.suspiciousCount }
        return LoadReport(
            rows: staging.rowCount, rejectedRows: rejectedRows, files: columns + written + [last], manifestDigest: digest,
            sourceDigest: sourceDigest, encoding: source.encoding.rawValue, ignoredColumns: ignoredColumns,
            suspiciousIdentifiers: CountClass(suspicious), recognised: recognised, profile: profile(assembler.writer, recognised))
    }

    /// Bounds are told of numbers only, and not of those that look like somebody's.
    private func profile(_ writer: VersionWriter, _ recognised: [RecognisedColumn]) -> TableProfile? {
        let ranges = layout.columns.indices.map { position -> PowerRange? in
            guard case .column(let name) = layout.columns[position], layout.types[position].isExactNumeric,
                !recognised.contains(where: { $0.column == name && $0.kind.isIdentifying && $0.share != .none }),
                let bounds = writer.bounds(of: position)
            else { return nil }
            return PowerRange(least: bounds.least, greatest: bounds.greatest, scale: layout.types[position].scale)
        }
        return meter?.profile(nulls: layout.columns.indices.map(writer.nullCount), rows: staging.rowCount, ranges: ranges)
    }

    private func writeDirectories(firstOutput: Int) throws(StoreError) -> [WrittenFile] {
        var written: [WrittenFile] = []
        for (position, directory) in directories.enumerated() {
            guard let key = keys.directories[directory.type] else { throw StoreError(.planInvalid, [directory.type]) }
            let (digest, byteCount) = try directory.write(to: resources.outputs[firstOutput + position], key: key, random: random)
            written.append(
                WrittenFile(kind: .directory, name: directory.type, digest: digest, bytes: Int64(byteCount), version: directory.version))
        }
        return written
    }

    private func manifest(
        _ files: [Manifest.File], _ directories: [WrittenFile], _ assembler: BlockAssembler, _ sourceDigest: Digest
    ) -> Manifest {
        let previous = plan.mode == .replace ? nil : resources.previous
        let parents = [previous].compactMap { $0 } + plan.viaTables.compactMap { resources.via[$0] }
        let ends = assembler.partitionEnds
        return Manifest(
            identity: plan.identity, mode: plan.mode, period: plan.period, asOf: plan.asOf, sourceDigest: sourceDigest,
            columns: plan.columns.map { column in
                Manifest.Column(
                    schema: ColumnSchema(name: column.name, type: column.storedType, isNullable: column.isNullable),
                    file: plan.file(of: .column(column.name)) ?? 0)
            },
            entities: plan.entities, files: files,
            directories: directories.map { Manifest.Directory(type: $0.name, version: $0.version, digest: $0.digest) },
            parents: parents.map {
                Manifest.Parent(table: $0.identity.table, version: $0.identity.version, manifest: $0.manifestDigest)
            },
            blockRows: assembler.blockRows, partitions: ends.enumerated().map { ($0.offset == 0 ? 0 : ends[$0.offset - 1])..<$0.element })
    }
}
