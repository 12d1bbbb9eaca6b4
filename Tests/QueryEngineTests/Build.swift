// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryEngine
import QueryPlan
import SQLSyntax
import Tabular
import TestSupport

/// Short ways to write plans.
enum Build {
    static let span = SourceSpan(line: 1, column: 1, length: 1, offset: 0)

    static func expression(_ kind: BoundExpression.Kind, _ type: LogicalType) -> BoundExpression {
        BoundExpression(kind: kind, type: type, isNullable: true, span: span)
    }

    static func column(_ position: Int, _ type: LogicalType) -> BoundExpression { expression(.column(position), type) }
    static func literal(_ literal: Literal, _ type: LogicalType? = nil) -> BoundExpression { expression(.literal(literal), type ?? literal.type) }
    static func call(_ function: ScalarFunction, _ arguments: [BoundExpression], _ type: LogicalType) -> BoundExpression {
        expression(.function(function, arguments), type)
    }
    static func compare(_ symbol: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression) -> BoundExpression {
        expression(.comparison(symbol, left, right), .bool)
    }

    static func scan(_ reference: Int, _ table: MemoryTable, name: String = "t") -> LogicalPlan {
        .scan(
            Scan(
                reference: reference, table: name,
                output: table.columns.map {
                    OutputColumn(
                        name: $0.name, type: $0.type, isNullable: true,
                        origin: ColumnOrigin(reference: reference, table: name, column: $0.name))
                }, span: span))
    }

    static func aggregate(_ function: AggregateFunction, _ argument: BoundExpression?) -> AggregateCall {
        let type: LogicalType
        switch function {
        case .countRows, .count, .countDistinct: type = .int64
        case .sum: type = argument?.type == .double ? .double : .decimal(precision: 38, scale: argument?.type.scale ?? 0)
        case .average: type = argument?.type == .double ? .double : .decimal(precision: 38, scale: max(16, argument?.type.scale ?? 0))
        case .minimum, .maximum: type = argument?.type ?? .null
        case .sumDistinct: type = argument?.type == .double ? .double : .decimal(precision: 38, scale: argument?.type.scale ?? 0)
        case .averageDistinct: type = argument?.type == .double ? .double : .decimal(precision: 38, scale: max(16, argument?.type.scale ?? 0))
        case .deviationSample, .deviationPopulation, .varianceSample, .variancePopulation, .percentile: type = .double
        case .boolAnd, .boolOr: type = .bool
        }
        return AggregateCall(function: function, argument: argument, type: type, span: span)
    }

    static func rule(
        _ call: AggregateCall, clamp: ReleaseRules.Clamp? = nil, dominance: ReleaseRules.Dominance? = nil, branches: Int = 0
    ) -> ReleaseRules.AggregateRule {
        let kind: ReleaseRules.Kind
        let isExact = call.argument?.type.isExactNumeric ?? false
        switch call.function {
        case .countRows, .count: kind = .count
        case .countDistinct: kind = .countDistinct
        case .sum where isExact: kind = .sum(scale: call.type.scale)
        case .average where isExact: kind = .average(scale: call.argument?.type.scale ?? 0, resultScale: call.type.scale)
        case .sum, .average, .minimum, .maximum, .sumDistinct, .averageDistinct, .deviationSample, .deviationPopulation, .varianceSample,
            .variancePopulation, .percentile, .boolAnd, .boolOr:
            kind = .openValue
        }
        return ReleaseRules.AggregateRule(kind: kind, clamp: clamp, dominance: dominance, roundingBase: 1, branchCount: branches)
    }

    static func aggregation(_ keys: [BoundExpression], _ calls: [AggregateCall]) -> Aggregation {
        let output = keys.map(\.type) + calls.map(\.type)
        return Aggregation(
            keys: keys, calls: calls,
            output: output.enumerated().map { OutputColumn(name: "c\($0)", type: $1, isNullable: true, origin: nil) }, span: span)
    }

    /// An open plan without dimensions.
    static func open(
        _ rows: LogicalPlan, _ release: ReleaseNode, parameters: [String: Literal] = [:], finishing: [FinishingStep] = []
    ) -> ExecutionPlan {
        var calls: [AggregateCall] = []
        if case .aggregate(let aggregation) = release { calls = aggregation.calls }
        return ExecutionPlan(
            rows: rows, release: release,
            rules: ReleaseRules(isOpen: true, dimensions: [], aggregates: calls.map { rule($0) }), dimensions: [], scans: [:],
            branchConditions: calls.map { _ in [] }, parameters: parameters, finishing: finishing)
    }
}
