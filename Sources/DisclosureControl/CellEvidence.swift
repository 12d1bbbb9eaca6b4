// SPDX-License-Identifier: Apache-2.0

import Tabular

/// What the engine must bring for every aggregate so that the gate can judge it: declared here, filled by QueryEngine.
/// All buffers lie in the result's arena and have one slot for each group.
package struct AggregateCells {
    /// COUNT: rows with a value. COUNT DISTINCT: distinct values. SUM, AVG: the sum, each entity's merged contribution clamped first.
    /// In units of the argument's scale. Unused for `openValue`.
    package let value: UnsafeMutablePointer<Int128>
    /// Rows with a value (the denominator of an average, 0 = the aggregate is NULL).
    package let valueCount: UnsafeMutablePointer<Int64>
    /// 1 where the sum left Int128 or decimal(38): the cell is NULL.
    package let overflow: UnsafeMutablePointer<UInt8>
    /// Result of an `openValue` aggregate: its final values (double sums and averages, minima, maxima), else nil.
    package let openValues: ColumnVector?
    /// For each dimension, in order of `ReleaseRules.dimensions`.
    package let dimensions: [DimensionEvidence]
    /// `[branch][dimension]`: distinct entities that have a row in that branch. Empty without conditional arguments.
    package let branchContributors: [[UnsafeMutablePointer<Int64>]]

    package init(
        value: UnsafeMutablePointer<Int128>, valueCount: UnsafeMutablePointer<Int64>, overflow: UnsafeMutablePointer<UInt8>,
        openValues: ColumnVector?, dimensions: [DimensionEvidence], branchContributors: [[UnsafeMutablePointer<Int64>]]
    ) {
        self.value = value
        self.valueCount = valueCount
        self.overflow = overflow
        self.openValues = openValues
        self.dimensions = dimensions
        self.branchContributors = branchContributors
    }
}

/// Evidence of one aggregate in one entity dimension.
package struct DimensionEvidence {
    /// Distinct entities with at least one row whose argument has a value (any row for COUNT(*)).
    package let contributors: UnsafeMutablePointer<Int64>
    /// Of |x| merged per entity (before clamping by another dimension): the largest, the second largest, the sum. Nil except for sums and averages.
    package let magnitudes: Magnitudes?

    package struct Magnitudes {
        package let largest: UnsafeMutablePointer<Int128>
        package let second: UnsafeMutablePointer<Int128>
        package let total: UnsafeMutablePointer<Int128>

        package init(largest: UnsafeMutablePointer<Int128>, second: UnsafeMutablePointer<Int128>, total: UnsafeMutablePointer<Int128>) {
            self.largest = largest
            self.second = second
            self.total = total
        }
    }

    package init(contributors: UnsafeMutablePointer<Int64>, magnitudes: Magnitudes?) {
        self.contributors = contributors
        self.magnitudes = magnitudes
    }
}
