// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// Counts the partners of rows before a left join instead of behind it: where a grouping by columns of the left side only counts rows or
/// values of the right side, the right side is grouped by its join keys first and each left row meets one row with counts.
struct EarlyCounts {
    let order: JoinOrder

    /// Partners that a left row must be thought to have for this to pay.
    private static let partners: Double = 3

    func applied(_ plan: LogicalPlan) -> LogicalPlan {
        let plan = plan.mappingInputs(applied)
        guard case .aggregate(let aggregate) = plan, case .join(let join) = aggregate.input, join.kind == .left, join.residual == nil,
            !join.keys.isEmpty, order.size(join.right) > Self.partners * order.size(join.left)
        else { return plan }
        return counted(aggregate.aggregation, join) ?? plan
    }

    /// Nil when anything but counts of the right side is asked for.
    private func counted(_ whole: Aggregation, _ join: Join) -> LogicalPlan? {
        let left = join.left.output.count
        guard !whole.keys.isEmpty, whole.keys.allSatisfy({ key in key.columns.allSatisfy { $0 < left } }) else { return nil }
        var counts: [AggregateCall] = [], calls: [AggregateCall] = []
        for call in whole.calls {
            switch call.function {
            case .countRows: counts.append(call)
            case .count:
                guard let argument = call.argument, case .column(let position) = argument.kind, position >= left else { return nil }
                counts.append(
                    AggregateCall(function: .count, argument: Self.moved(argument, by: -left), type: call.type, span: call.span))
            case .countDistinct, .sum, .average, .minimum, .maximum, .sumDistinct, .averageDistinct, .deviationSample,
                .deviationPopulation, .varianceSample, .variancePopulation, .percentile, .boolAnd, .boolOr:
                return nil
            }
        }
        let keys = join.keys.map(\.right), span = whole.span
        let output = (keys.map(\.type) + counts.map(\.type)).enumerated().map { place, type in
            OutputColumn(name: "count \(place)", type: type, isNullable: true, origin: nil)
        }
        let grouped = Aggregate(input: join.right, aggregation: Aggregation(keys: keys, calls: counts, output: output, span: span))
        let pairs = join.keys.enumerated().map { place, pair in
            Join.KeyPair(left: pair.left, right: Self.column(place, pair.right.type, span))
        }
        let joined = Join(
            kind: .left, left: join.left, right: .aggregate(grouped), keys: pairs, residual: nil, output: join.left.output + output,
            span: join.span)
        for (place, call) in whole.calls.enumerated() {
            let count = Self.column(left + keys.count + place, .int64, span)
            // A row without partner counts as one row, and has no value.
            let missing = BoundExpression(
                kind: .literal(.int64(call.function == .countRows ? 1 : 0)), type: .int64, isNullable: false, span: span)
            let total = BoundExpression(kind: .function(.coalesce, [count, missing]), type: .int64, isNullable: false, span: span)
            calls.append(AggregateCall(function: .sum, argument: total, type: Self.sum, span: span))
        }
        let sums = whole.output.enumerated().map { place, column in
            place < whole.keys.count ? column : OutputColumn(name: column.name, type: Self.sum, isNullable: true, origin: nil)
        }
        let above = Aggregate(input: .join(joined), aggregation: Aggregation(keys: whole.keys, calls: calls, output: sums, span: span))
        let columns = whole.output.enumerated().map { place, column in
            let value = Self.column(place, sums[place].type, span)
            return place < whole.keys.count
                ? value : BoundExpression(kind: .cast(value), type: column.type, isNullable: column.isNullable, span: span)
        }
        return .project(Project(input: .aggregate(above), expressions: columns, output: whole.output))
    }

    private static let sum = LogicalType.decimal(precision: 38, scale: 0)

    private static func column(_ place: Int, _ type: LogicalType, _ span: SourceSpan) -> BoundExpression {
        BoundExpression(kind: .column(place), type: type, isNullable: true, span: span)
    }

    private static func moved(_ expression: BoundExpression, by shift: Int) -> BoundExpression {
        expression.mappingColumns { position, column in
            BoundExpression(kind: .column(position + shift), type: column.type, isNullable: column.isNullable, span: column.span)
        }
    }
}
