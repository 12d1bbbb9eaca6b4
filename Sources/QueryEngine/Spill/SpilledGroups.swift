// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Glibc
import Tabular

/// Groups of the release node that come part by part: each table's cells are put aside as rows, and stand together at the end. Confidential.
final class SpilledGroups {
    private let execution: Execution
    private let space: SpillSpace
    private var shape: Shape?
    private var chunks: [[SpillChunk]] = []
    private var count = 0

    init(_ execution: Execution, _ space: SpillSpace) {
        self.execution = execution
        self.space = space
    }

    func add(_ table: GroupTable) throws(EngineError) {
        let made = Shape(table)
        let known = shape ?? made
        shape = known
        count += table.groupCount
        guard count <= execution.ceilings.groups else { throw EngineError(.resourceExhausted) }
        let sink = try SpillSink(known.layout, nil, space, bufferBytes: execution.spillBufferBytes(1), arena: execution.stage().arena)
        var start = 0
        while start < table.groupCount {
            let rows = min(EngineLimits.batchRows, table.groupCount - start)
            try sink.consume(Batch(count: rows, columns: made.columns.map { $0.slice(from: start, count: rows) }, entities: []))
            start += rows
        }
        try sink.finish()
        chunks.append(sink.chunks[0])
    }

    /// All groups, in memory of the execution.
    func whole() throws(EngineError) -> GroupTable {
        guard let shape else { throw EngineError(.malformedPlan, ["groups"]) }
        let arena = execution.arena, relation = SpilledRelation(shape.layout, chunks, isInOrder: false, space: space)
        var targets: [VectorBuffer] = [], pools: [(pool: TextPool, mapper: CodeMapper)?] = []
        let scratch = execution.stage().arena
        for field in shape.layout.fields {
            targets.append(try VectorBuffer(field.type, capacity: max(count, 1), arena: arena))
            let pool = field.isText ? try TextPool(arena: arena, bytesMaximum: execution.ceilings.textPoolBytes) : nil
            pools.append(try pool.map { (pool) throws(EngineError) in (pool, try CodeMapper(pool: pool, isFrozen: false, arena: scratch)) })
        }
        let blocks: [ColumnVector]
        do {
            let reader = try relation.makeReader(columns: shape.layout.fields.indices.map { shape.layout.scanColumn($0) }, arena: scratch)
            var row = 0
            for block in relation.blockRowCounts.indices {
                let rows = relation.blockRowCounts[block]
                try reader.open(block: block)
                for position in targets.indices {
                    try Self.copy(try reader.read(position, .range(0..<rows)), to: targets[position], at: row, pools[position]?.mapper)
                }
                row += rows
            }
            blocks = zip(targets, pools).map { target, pool in
                target.vector(count, hasValidity: true, dictionary: pool?.pool.dictionary(isLasting: true))
            }
        } catch let error as EngineError { throw error } catch { throw EngineError(.spillFailed, cause: error) }
        return shape.table(count, blocks, arena)
    }

    private static func copy(_ vector: ColumnVector, to target: VectorBuffer, at row: Int, _ mapper: CodeMapper?) throws(EngineError) {
        if let validity = vector.validity {
            memcpy(target.validity + row, validity, vector.count)
        } else {
            memset(target.validity + row, 1, vector.count)
        }
        if let mapper { return try mapper.map(vector, into: target.codes + row) }
        let stride = vector.type.physical.strideBytes
        memcpy(target.values + row * stride, vector.values, vector.count * stride)
    }

    /// A table's arrays as columns: keys, contributors, then for each call its cells with their evidence.
    private struct Shape {
        let columns: [ColumnVector]
        let layout: SpillLayout
        private let keyCount: Int
        private let dimensionCount: Int
        private let calls: [(hasOpenValues: Bool, hasMagnitudes: [Bool], branchCount: Int)]

        private static let wide = LogicalType.decimal(precision: 38, scale: 0)

        init(_ table: GroupTable) {
            let count = table.groupCount, arena = table.arena
            func vector(_ type: LogicalType, _ values: UnsafeMutableRawPointer) -> ColumnVector {
                ColumnVector(type: type, count: count, values: values, validity: nil, arena: arena)
            }
            var columns = table.keys
            for contributors in table.groupContributors { columns.append(vector(.int64, contributors)) }
            for cells in table.aggregates {
                columns += [vector(Self.wide, cells.value), vector(.int64, cells.valueCount), vector(.bool, cells.overflow)]
                if let values = cells.openValues { columns.append(values) }
                for evidence in cells.dimensions {
                    columns.append(vector(.int64, evidence.contributors))
                    guard let magnitudes = evidence.magnitudes else { continue }
                    for values in [magnitudes.largest, magnitudes.second, magnitudes.total] { columns.append(vector(Self.wide, values)) }
                }
                for branch in cells.branchContributors { for contributors in branch { columns.append(vector(.int64, contributors)) } }
            }
            self.columns = columns
            layout = SpillLayout(
                columns.enumerated().map { (.column($0), $1.type) }, columnCount: columns.count, dimensionCount: 0)
            keyCount = table.keys.count
            dimensionCount = table.groupContributors.count
            calls = table.aggregates.map { cells in
                (cells.openValues != nil, cells.dimensions.map { $0.magnitudes != nil }, cells.branchContributors.count)
            }
        }

        func table(_ count: Int, _ columns: [ColumnVector], _ arena: ConfidentialArena) -> GroupTable {
            var next = keyCount
            func take() -> ColumnVector {
                defer { next += 1 }
                return columns[next]
            }
            let contributors = (0..<dimensionCount).map { _ in take().int64 }
            let aggregates = calls.map { call in
                let value = take().int128, valueCount = take().int64, overflow = take().bool
                let openValues = call.hasOpenValues ? take() : nil
                let dimensions = call.hasMagnitudes.map { hasMagnitudes in
                    let contributors = take().int64
                    return DimensionEvidence(
                        contributors: contributors,
                        magnitudes: hasMagnitudes ? DimensionEvidence.Magnitudes(largest: take().int128, second: take().int128, total: take().int128) : nil)
                }
                return AggregateCells(
                    value: value, valueCount: valueCount, overflow: overflow, openValues: openValues, dimensions: dimensions,
                    branchContributors: (0..<call.branchCount).map { _ in (0..<dimensionCount).map { _ in take().int64 } })
            }
            return GroupTable(
                groupCount: count, keys: Array(columns[..<keyCount]), aggregates: aggregates, groupContributors: contributors, arena: arena)
        }
    }
}
