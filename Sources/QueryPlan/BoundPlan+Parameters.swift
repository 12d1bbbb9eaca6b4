// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension BoundPlan {
    /// The plan with every parameter replaced by its value, and what became constant folded.
    /// - Throws: `plan.parameter-value` when a value is missing, NULL or not of the declared type. Whole numbers may be
    ///   given for decimals, texts for dates and timestamps.
    public func replacingParameters(with values: [String: Literal]) throws(BindError) -> BoundPlan {
        var literals: [String: Literal] = [:]
        for parameter in parameters {
            guard let value = values[parameter.name], value != .null,
                let literal = Coercion.literal(value, to: parameter.type)
            else { throw BindError(.parameterValue, [parameter.name, parameter.type.name], at: .nowhere) }
            literals[parameter.name] = literal
        }
        return mappingExpressions { $0.replacing(literals).folded }
    }

    /// The plan with every expression changed; the parameters are gone.
    private func mappingExpressions(_ change: (BoundExpression) -> BoundExpression) -> BoundPlan {
        var node = release
        if case .aggregate(let aggregation) = release {
            node = .aggregate(
                Aggregation(
                    keys: aggregation.keys.map(change),
                    calls: aggregation.calls.map { $0.mapping(change) }, output: aggregation.output, span: aggregation.span))
        }
        return BoundPlan(
            rows: rows.mappingExpressions(change), release: node,
            finishing: finishing.map { $0.mappingExpressions(change) }, output: output, parameters: [])
    }
}

extension LogicalPlan {
    /// The relation with every expression changed; types must stay.
    package func mappingExpressions(_ change: (BoundExpression) -> BoundExpression) -> LogicalPlan {
        switch self {
        case .scan, .union: return mappingInputs { $0.mappingExpressions(change) }
        case .filter(let filter):
            return .filter(
                Filter(
                    input: filter.input.mappingExpressions(change), predicate: change(filter.predicate),
                    source: filter.source))
        case .project(let project):
            return .project(
                Project(
                    input: project.input.mappingExpressions(change), expressions: project.expressions.map(change),
                    output: project.output))
        case .join(let join):
            return .join(
                Join(
                    kind: join.kind, left: join.left.mappingExpressions(change),
                    right: join.right.mappingExpressions(change),
                    keys: join.keys.map { Join.KeyPair(left: change($0.left), right: change($0.right)) },
                    residual: join.residual.map(change), isNullAware: join.isNullAware, output: join.output,
                    span: join.span))
        case .aggregate(let aggregate):
            let old = aggregate.aggregation
            let changed = Aggregation(
                keys: old.keys.map(change), calls: old.calls.map { $0.mapping(change) }, output: old.output, span: old.span)
            return .aggregate(Aggregate(input: aggregate.input.mappingExpressions(change), aggregation: changed))
        case .window(let window):
            return .window(
                Window(
                    input: window.input.mappingExpressions(change), calls: window.calls.map { $0.mapping(change) },
                    output: window.output))
        case .sort(let sort):
            return .sort(
                Sort(
                    input: sort.input.mappingExpressions(change), keys: sort.keys.map { $0.mapping(change) }, limit: sort.limit,
                    offset: sort.offset))
        }
    }
}

extension BoundExpression {
    fileprivate func replacing(_ literals: [String: Literal]) -> BoundExpression {
        if case .parameter(let name) = kind, let literal = literals[name] { return .constant(literal, type, span) }
        return mappingChildren { $0.replacing(literals) }
    }
}
