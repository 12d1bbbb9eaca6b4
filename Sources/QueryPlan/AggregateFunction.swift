// SPDX-License-Identifier: Apache-2.0

/// The closed set of aggregate functions. NULL values are left out; over no value all but the counts are NULL.
public enum AggregateFunction: String, Sendable, CaseIterable {
    /// COUNT(*): no argument.
    case countRows = "count_rows"
    case count = "count"
    case countDistinct = "count_distinct"
    case sum = "sum"
    case average = "avg"
    case minimum = "min"
    case maximum = "max"
    case sumDistinct = "sum_distinct"
    case averageDistinct = "avg_distinct"
    /// Sample and population deviation and variance, as doubles. Of one value those of a sample are NULL.
    case deviationSample = "stddev_samp"
    case deviationPopulation = "stddev_pop"
    case varianceSample = "var_samp"
    case variancePopulation = "var_pop"
    /// percentile_cont: the value at `AggregateCall.percentile`, interpolated, as a double.
    case percentile = "percentile_cont"
    case boolAnd = "bool_and"
    case boolOr = "bool_or"
}

/// Where percentile_cont reads: a fraction of the rows in the order of the argument.
public struct Percentile: Sendable, Hashable {
    /// 0 to 1.
    public let fraction: Double
    public let isDescending: Bool

    public init(fraction: Double, isDescending: Bool) {
        self.fraction = fraction
        self.isDescending = isDescending
    }
}
