// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Reads the blocks of morsels, drops rows that lack a required entity or fail a filter, and hands batches on.
///
/// Filters run one after the other, each on the rows that the ones before it kept; a column is decrypted when it is first asked for in a
/// block, and decoded only for the rows that are asked for.
final class ScanOperator {
    private let prepared: PreparedScan
    private let filters: [ScanFilter]
    /// Columns of the plan that something above needs.
    private let handedOn: [Int]
    private let output: any BatchSink
    private let arena: ConfidentialArena
    private let rowNumbers: UnsafeMutablePointer<UInt32>?
    /// Rows of the block that are left of a batch, ascending.
    private let chosen: UnsafeMutablePointer<UInt32>
    private let flags: UnsafeMutablePointer<UInt8>
    private let compaction: Compaction
    private var reader: (any BlockReader)?
    /// What was read of the rows at hand, by place.
    private var known: [ColumnVector?]

    /// `live`: columns that something above needs; nil: all that the scan has.
    init(
        _ prepared: PreparedScan, filters: [ScanFilter], live: Set<Int>?, output: any BatchSink, arena: ConfidentialArena
    ) throws(EngineError) {
        self.prepared = prepared
        self.filters = filters
        self.output = output
        self.arena = arena
        handedOn = prepared.places.indices.filter { prepared.places[$0] != nil && live?.contains($0) ?? true }
        let needsRowNumbers = prepared.entities.contains { if case .rowNumber = $0 { true } else { false } }
        rowNumbers = needsRowNumbers ? try arena.take(UInt32.self, EngineLimits.batchRows) : nil
        chosen = try arena.take(UInt32.self, EngineLimits.batchRows + Compaction.slack)
        compaction = Compaction()
        flags = try arena.take(UInt8.self, EngineLimits.batchRows)
        known = Array(repeating: nil, count: prepared.columns.count)
    }

    func run(_ queue: MorselQueue) throws(EngineError) {
        guard let first = queue.take() else { return }
        reader = try makeReader()
        var current: Int? = first
        while let morsel = current {
            try output.beginMorsel(morsel)
            for block in queue.morsels[morsel] { try scan(block) }
            current = queue.take()
        }
    }

    private func makeReader() throws(EngineError) -> any BlockReader {
        do {
            // Its memory is its own: what a store keeps for later readers must not keep the operators' memory.
            return try prepared.scan.makeReader(columns: prepared.columns, arena: ConfidentialArena(budget: arena.budget))
        } catch {
            throw EngineError(.scanFailed, [prepared.table], cause: error)
        }
    }

    private func scan(_ block: Int) throws(EngineError) {
        do {
            try reader?.open(block: block)
        } catch {
            throw EngineError(.scanFailed, [prepared.table], cause: error)
        }
        let rows = prepared.scan.blockRowCounts[block]
        var start = 0
        while start < rows {
            let count = min(EngineLimits.batchRows, rows - start)
            try scan(start..<(start + count), firstRow: prepared.blockStarts[block])
            start += count
        }
    }

    /// One batch of the open block.
    private func scan(_ range: Range<Int>, firstRow: Int) throws(EngineError) {
        var rows = BlockRows.range(range)
        forget()
        for place in prepared.required {
            let vector = try read(place, rows)
            if let validity = vector.validity { rows = narrow(rows, validity, nil) }
        }
        for filter in filters {
            if rows.count == 0 { return }
            rows = try apply(filter, rows)
        }
        if rows.count == 0 { return }
        var whole = try batch(rows, handedOn)
        for (dimension, entity) in prepared.entities.enumerated() {
            switch entity {
            case .elsewhere: continue
            case .column(let place): whole.entities[dimension] = try read(place, rows)
            case .rowNumber: whole.entities[dimension] = numbers(rows, firstRow)
            }
        }
        try output.consume(whole)
    }

    private func apply(_ filter: ScanFilter, _ rows: BlockRows) throws(EngineError) -> BlockRows {
        switch filter {
        case .predicate(let predicate, let positions):
            let truth = try predicate.evaluate(try batch(rows, positions))
            return narrow(rows, truth.bool, truth.validity)
        case .range(let position, let range):
            guard let reader, let place = prepared.places[position] else { throw EngineError(.malformedPlan, ["column"]) }
            known[place] = nil
            let match: BlockMatch
            do {
                match = try reader.select(place, range, rows, into: flags)
            } catch {
                throw EngineError(.scanFailed, [prepared.table], cause: error)
            }
            switch match {
            case .all: return rows
            case .none: return .chosen(UnsafePointer(chosen), count: 0)
            case .some: return narrow(rows, flags, nil)
            }
        }
    }

    private func batch(_ rows: BlockRows, _ positions: [Int]) throws(EngineError) -> Batch {
        var result = Batch(
            count: rows.count, columns: Array(repeating: nil, count: prepared.places.count),
            entities: Array(repeating: nil, count: prepared.entities.count))
        for position in positions {
            guard let place = prepared.places[position] else { throw EngineError(.malformedPlan, ["column"]) }
            result.columns[position] = try read(place, rows)
        }
        return result
    }

    private func read(_ place: Int, _ rows: BlockRows) throws(EngineError) -> ColumnVector {
        if let vector = known[place] { return vector }
        guard let reader else { throw EngineError(.malformedPlan, ["reader"]) }
        let vector: ColumnVector
        do {
            vector = try reader.read(place, rows)
        } catch {
            throw EngineError(.scanFailed, [prepared.table], cause: error)
        }
        guard vector.count == rows.count else { throw EngineError(.malformedPlan, ["block"]) }
        known[place] = vector
        return vector
    }

    private func forget() { for place in known.indices { known[place] = nil } }

    /// The rows whose flags are 1, those of `others` too.
    private func narrow(_ rows: BlockRows, _ flags: UnsafeMutablePointer<UInt8>, _ others: UnsafeMutablePointer<UInt8>?) -> BlockRows {
        let kept: Int
        switch rows {
        case .range(let range):
            kept = compaction.keep(rows.count, flags, others, into: chosen, from: UInt32(truncatingIfNeeded: range.lowerBound))
        case .chosen(let known, let count):
            kept = compaction.keep(count, flags, others, into: chosen, of: known)
        }
        if kept == rows.count { return rows }
        forget()
        return .chosen(UnsafePointer(chosen), count: kept)
    }

    private func numbers(_ rows: BlockRows, _ firstRow: Int) -> ColumnVector? {
        guard let rowNumbers else { return nil }
        switch rows {
        case .range(let range):
            for row in range { rowNumbers[row - range.lowerBound] = UInt32(truncatingIfNeeded: firstRow + row) }
        case .chosen(let chosen, let count):
            for place in 0..<count { rowNumbers[place] = UInt32(truncatingIfNeeded: firstRow + Int(chosen[place])) }
        }
        return ColumnVector(type: .entity("row"), count: rows.count, values: rowNumbers, validity: nil, arena: arena)
    }
}

/// One condition on rows of a scan, for one worker.
enum ScanFilter {
    /// A 64-bit column of the plan has a value in a range.
    case range(position: Int, ValueRange)
    /// An expression over these columns of the plan is true.
    case predicate(any VectorExpression, positions: [Int])
}
