// SPDX-License-Identifier: Apache-2.0

import Tabular

/// A run of rows on its way through the operators. Columns keep their positions of the plan; those that nothing above needs are nil.
struct Batch {
    var count: Int
    var columns: [ColumnVector?]
    /// For each dimension of the plan its entity number per row (row numbers for row dimensions); nil when it belongs to another relation.
    var entities: [ColumnVector?]

    func column(_ position: Int) throws(EngineError) -> ColumnVector {
        guard columns.indices.contains(position), let column = columns[position] else {
            throw EngineError(.malformedPlan, ["column"])
        }
        return column
    }
}

/// Takes batches, in order.
protocol BatchSink: AnyObject {
    /// The batch's memory is valid during the call only.
    func consume(_ batch: Batch) throws(EngineError)
    /// Rows of another morsel follow.
    func beginMorsel(_ morsel: Int) throws(EngineError)
}

extension ColumnVector {
    /// Part of this vector, without copying.
    func slice(from start: Int, count length: Int) -> ColumnVector {
        ColumnVector(
            type: type, count: length, values: values.advanced(by: start * type.physical.strideBytes),
            validity: validity.map { $0.advanced(by: start) }, dictionary: dictionary, bounds: bounds, arena: arena)
    }
}
