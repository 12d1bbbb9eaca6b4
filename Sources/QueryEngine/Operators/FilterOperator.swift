// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Hands on the rows whose predicate is true.
final class FilterOperator: BatchSink {
    private let predicate: any VectorExpression
    private let selection: Selection
    private let output: any BatchSink

    init(_ predicate: any VectorExpression, live: Set<Int>, output: any BatchSink, arena: ConfidentialArena) throws(EngineError) {
        self.predicate = predicate
        self.output = output
        selection = try Selection(live: live, arena: arena)
    }

    func beginMorsel(_ morsel: Int) throws(EngineError) { try output.beginMorsel(morsel) }

    func consume(_ batch: Batch) throws(EngineError) {
        let truth = try predicate.evaluate(batch)
        selection.begin(batch.count)
        selection.keep(truth.bool, batch.count)
        if let validity = truth.validity { selection.keep(validity, batch.count) }
        if let kept = try selection.apply(batch) { try output.consume(kept) }
    }
}

/// Computes columns.
final class ProjectOperator: BatchSink {
    private let expressions: [(any VectorExpression)?]
    private let output: any BatchSink

    init(_ expressions: [(any VectorExpression)?], output: any BatchSink) {
        self.expressions = expressions
        self.output = output
    }

    func beginMorsel(_ morsel: Int) throws(EngineError) { try output.beginMorsel(morsel) }

    func consume(_ batch: Batch) throws(EngineError) {
        var columns: [ColumnVector?] = []
        for expression in expressions {
            columns.append(try expression.map { (compiled) throws(EngineError) in try compiled.evaluate(batch) } ?? nil)
        }
        try output.consume(Batch(count: batch.count, columns: columns, entities: batch.entities))
    }
}
