// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// A plan whose variances and deviations are made of cells that the gate can judge: the mean, the mean of squares and the count of values,
/// each with threshold, clamp and dominance of its own. The spread is computed from the released three.
struct SpreadPlan {
    let plan: BoundPlan
    /// Places, among the aggregates, of those that make up spreads, and of which.
    private(set) var parts: [Int: AggregateFunction] = [:]

    init(_ plan: BoundPlan) {
        guard case .aggregate(let aggregation) = plan.release, aggregation.calls.contains(where: \.isSpread) else {
            self.plan = plan
            return
        }
        var calls: [AggregateCall] = []
        var cells: [Cell] = []
        var parts: [Int: AggregateFunction] = [:]
        for call in aggregation.calls {
            guard call.isSpread, let made = Self.parts(of: call) else {
                cells.append(.one(calls.count))
                calls.append(call)
                continue
            }
            for place in calls.count..<calls.count + made.count { parts[place] = call.function }
            cells.append(.spread(calls.count, call))
            calls += made
        }
        self.parts = parts
        let keys = Array(aggregation.output.prefix(aggregation.keys.count))
        let output = keys + calls.map { OutputColumn(name: $0.function.rawValue, type: $0.type, isNullable: true, origin: nil) }
        let columns = output.enumerated().map { place, column in
            BoundExpression(kind: .column(place), type: column.type, isNullable: column.isNullable, span: aggregation.span)
        }
        let values = cells.map { cell in
            switch cell {
            case .one(let place): columns[keys.count + place]
            case .spread(let place, let call): Self.spread(call, Array(columns[(keys.count + place)..<(keys.count + place + 3)]))
            }
        }
        let named = aggregation.output.enumerated().map { index, column in
            index < keys.count ? column : OutputColumn(name: column.name, type: column.type, isNullable: true, origin: nil)
        }
        self.plan = BoundPlan(
            rows: plan.rows, release: .aggregate(Aggregation(keys: aggregation.keys, calls: calls, output: output, span: aggregation.span)),
            finishing: [.project(columns.prefix(keys.count) + values, output: named)] + plan.finishing, output: plan.output,
            parameters: plan.parameters)
    }

    private enum Cell {
        case one(Int)
        case spread(Int, AggregateCall)
    }

    // MARK: Below the release

    /// Mean, mean of squares, and count of values; nil where these are no exact numbers.
    private static func parts(of call: AggregateCall) -> [AggregateCall]? {
        guard let argument = call.argument, argument.type.isExactNumeric else { return nil }
        let squares = argument.squared
        guard let mean = AggregateCall.average(of: argument, call.span), let squareMean = AggregateCall.average(of: squares, call.span) else {
            return nil
        }
        return [mean, squareMean, AggregateCall(function: .count, argument: argument, type: .int64, span: call.span)]
    }

    // MARK: Above the release

    /// From mean, mean of squares and count: the mean of squares less the square of the mean, never below zero.
    private static func spread(_ call: AggregateCall, _ cells: [BoundExpression]) -> BoundExpression {
        let span = call.span
        func double(_ value: BoundExpression) -> BoundExpression {
            BoundExpression(kind: .cast(value), type: .double, isNullable: true, span: span)
        }
        let difference = BoundExpression.number(.subtract, cells[1], .number(.multiply, cells[0], cells[0], span), span)
        let zero = BoundExpression(kind: .literal(.decimal(units: 0, scale: difference.type.scale)), type: difference.type, isNullable: false, span: span)
        let isBelow = BoundExpression(kind: .comparison(.less, difference, zero), type: .bool, isNullable: true, span: span)
        var value = double(
            BoundExpression(
                kind: .caseWhen([BoundExpression.Branch(condition: isBelow, result: zero)], otherwise: difference), type: difference.type,
                isNullable: true, span: span))
        if call.function == .varianceSample || call.function == .deviationSample {
            let one = BoundExpression(kind: .literal(.int64(1)), type: .int64, isNullable: false, span: span)
            let scaled = BoundExpression.number(.multiply, value, double(cells[2]), span)
            value = BoundExpression.number(.divide, scaled, double(.number(.subtract, cells[2], one, span)), span)
        }
        guard call.function == .deviationSample || call.function == .deviationPopulation else { return value }
        return BoundExpression(kind: .function(.squareRoot, [value]), type: .double, isNullable: true, span: span)
    }
}

extension AggregateCall {
    /// Whether it is a variance or a deviation.
    var isSpread: Bool {
        switch function {
        case .deviationSample, .deviationPopulation, .varianceSample, .variancePopulation: true
        case .countRows, .count, .countDistinct, .sum, .average, .minimum, .maximum, .sumDistinct, .averageDistinct, .percentile, .boolAnd, .boolOr:
            false
        }
    }
}

extension BoundExpression {
    /// The square of every result: of the whole, or of each branch.
    fileprivate var squared: BoundExpression {
        guard case .caseWhen(let branches, let otherwise) = kind else {
            return isNullConstant ? self : .number(.multiply, self, self, span)
        }
        let results = branches.map(\.result.squared) + [otherwise?.squared].compactMap(\.self)
        let type = results.first { !$0.isNullConstant }?.type ?? self.type
        func typed(_ result: BoundExpression) -> BoundExpression {
            result.isNullConstant ? BoundExpression(kind: .literal(.null), type: type, isNullable: true, span: result.span) : result.folded
        }
        let mapped = zip(branches, results).map { Branch(condition: $0.condition, result: typed($1)) }
        return BoundExpression(
            kind: .caseWhen(mapped, otherwise: otherwise.map { typed($0.squared) }), type: type, isNullable: true, span: span)
    }
}
