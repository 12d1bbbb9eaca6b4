// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// How rows stand in a chunk: one record of `recordBytes` for each row, then the bytes of texts. A record has for each field its value and
/// a byte that is 0 for NULL; the value of a text is where it begins, counted back from the chunk's end, and its length, 4 bytes each.
struct SpillLayout {
    struct Field {
        let source: CollectLayout.Source
        let type: LogicalType
        /// Of the value within a record.
        let place: Int

        var isText: Bool { type.physical == .codes }
        var valueBytes: Int { SpillLayout.valueBytes(type) }
    }

    let fields: [Field]
    let recordBytes: Int
    /// Columns of the relation, whether they are kept or not.
    let columnCount: Int
    let dimensionCount: Int

    /// Most rows of a chunk: those of a block.
    static let chunkRows = 65_536

    /// These columns of a relation and the entities of its dimensions.
    init(columns: Set<Int>, of output: [OutputColumn], dimensions: [Int], of dimensionCount: Int) {
        let kept = columns.filter { output.indices.contains($0) }.sorted()
        self.init(
            kept.map { (.column($0), output[$0].type) } + dimensions.map { (.entity($0), .entity("")) }, columnCount: output.count,
            dimensionCount: dimensionCount)
    }

    init(_ sources: [(CollectLayout.Source, LogicalType)], columnCount: Int, dimensionCount: Int) {
        self.columnCount = columnCount
        self.dimensionCount = dimensionCount
        var fields: [Field] = [], place = 0
        for (source, type) in sources {
            fields.append(Field(source: source, type: type, place: place))
            place += Self.valueBytes(type) + 1
        }
        self.fields = fields
        // Rows without columns are counted all the same.
        recordBytes = max(place, 1)
    }

    /// The same with some of its columns, and no entities.
    func keeping(_ columns: Set<Int>) -> SpillLayout {
        let kept = fields.filter { field in if case .column(let position) = field.source { columns.contains(position) } else { false } }
        return SpillLayout(kept.map { ($0.source, $0.type) }, columnCount: columnCount, dimensionCount: dimensionCount)
    }

    private static func valueBytes(_ type: LogicalType) -> Int { type.physical == .codes ? 8 : type.physical.strideBytes }

    var columns: Set<Int> {
        Set(fields.compactMap { if case .column(let position) = $0.source { position } else { nil } })
    }

    var dimensions: [Int] {
        fields.compactMap { if case .entity(let dimension) = $0.source { dimension } else { nil } }
    }

    /// Under which name a field is asked for.
    func scanColumn(_ field: Int) -> ScanColumn {
        switch fields[field].source {
        case .column(let position): .column(String(position))
        case .entity(let dimension): .entity(String(dimension))
        }
    }

    func vector(_ field: Field, _ batch: Batch) throws(EngineError) -> ColumnVector {
        switch field.source {
        case .column(let position): return try batch.column(position)
        case .entity(let dimension):
            guard batch.entities.indices.contains(dimension), let vector = batch.entities[dimension] else {
                throw EngineError(.malformedPlan, ["dimension"])
            }
            return vector
        }
    }
}
