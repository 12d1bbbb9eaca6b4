// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The rows of the version before, read back and staged again.
final class PreviousRows {
    private let table: StoredTable
    private let layout: RowLayout
    private let reader: ColumnReader
    private let rows: GrowingMemory
    /// For each text column: what the codes of its dictionary are in this load; `unknown` until asked.
    private var codes: [(dictionary: TextDictionary?, codes: GrowingMemory)] = []

    private static let unknown = UInt32.max

    /// Throws `store.schema-changed` unless the columns and entities are the same; `store.file-missing` when a file was not given.
    init(_ table: StoredTable, _ plan: LoadPlan, _ layout: RowLayout) throws(StoreError) {
        self.table = table
        self.layout = layout
        let schema = plan.columns.map { ColumnSchema(name: $0.name, type: $0.storedType, isNullable: $0.isNullable) }
        guard table.schema.columns == schema, table.manifest.entities == plan.entities, table.identity.table == plan.identity.table,
            table.manifest.files.map(\.column) == layout.columns
        else { throw StoreError(.schemaChanged, [plan.identity.table]) }
        reader = try table.makeReader(columns: layout.columns, arena: ConfidentialArena(limitBytes: layout.ceilings.readerBytes))
        rows = try GrowingMemory(bytes: Limits.blockRows * 4)
        for _ in layout.columns { codes.append((nil, try GrowingMemory(bytes: 4096))) }
    }

    /// Stages all rows, except those whose key a new row has.
    func feed(_ staging: RowStaging, replaced: UpsertKeys?) throws(StoreError) {
        let kept = rows.start.array(UInt32.self)
        for block in table.blockRowCounts.indices {
            let vectors = try reader.read(block: block)
            var count = 0
            for row in 0..<table.blockRowCounts[block] where try replaced?.contains(vectors, row) != true {
                kept[count] = UInt32(row)
                count += 1
            }
            var start = 0
            while start < count {
                try staging.prepare()
                let batch = staging.current
                let step = min(count - start, batch.capacity - batch.count)
                for column in vectors.indices { try copy(vectors[column], column, kept + start, step, to: batch) }
                staging.commit(step)
                start += step
            }
        }
    }

    private func copy(
        _ vector: ColumnVector, _ column: Int, _ rows: UnsafePointer<UInt32>, _ count: Int, to batch: RowBatch
    ) throws(StoreError) {
        let validity = batch.validity(column) + batch.count
        for row in 0..<count { validity[row] = vector.validity?[Int(rows[row])] ?? 1 }
        if vector.validity != nil { batch.setNulls(column) }
        let target = batch.values(column) + batch.count * layout.physical[column].strideBytes
        switch layout.physical[column] {
        case .bool: pick(vector, UInt8.self, rows, count, target)
        case .entity: pick(vector, UInt32.self, rows, count, target)
        case .int64, .double: pick(vector, UInt64.self, rows, count, target)
        case .int128: pick(vector, Int128.self, rows, count, target)
        case .codes: try pickTexts(vector, column, rows, count, target.array(UInt32.self), validity, batch)
        }
    }

    @inline(__always)
    private func pick<T: BitwiseCopyable>(
        _ vector: ColumnVector, _ type: T.Type, _ rows: UnsafePointer<UInt32>, _ count: Int, _ target: UnsafeMutableRawPointer
    ) {
        let source = vector.values.array(type)
        let output = target.array(type)
        for row in 0..<count { output[row] = source[Int(rows[row])] }
    }

    private func pickTexts(
        _ vector: ColumnVector, _ column: Int, _ rows: UnsafePointer<UInt32>, _ count: Int, _ output: UnsafeMutablePointer<UInt32>,
        _ validity: UnsafeMutablePointer<UInt8>, _ batch: RowBatch
    ) throws(StoreError) {
        guard let dictionary = vector.dictionary else { return }
        if codes[column].dictionary !== dictionary {
            codes[column].dictionary = dictionary
            let memory = codes[column].codes
            memory.count = 0
            try memory.reserve(dictionary.count * 4)
            memory.start.array(UInt32.self).update(repeating: Self.unknown, count: dictionary.count)
        }
        let known = codes[column].codes.start.array(UInt32.self)
        let source = vector.codes
        for row in 0..<count where validity[row] != 0 {
            let old = source[Int(rows[row])]
            var new = known[Int(old)]
            if new == Self.unknown {
                new = try batch.code(column, dictionary.entry(old))
                // Texts of the batch's own heap belong to it alone.
                if let shared = layout.dictionaries[column], Int(new) < shared.count { known[Int(old)] = new }
            }
            output[row] = new
        }
    }
}
