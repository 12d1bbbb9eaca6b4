// SPDX-License-Identifier: Apache-2.0

internal import DisclosureControl
internal import PolicyCheck
internal import QueryEngine
internal import QueryPlan
internal import Tabular
internal import TestSupport

/// The rows below the release of an approved plan, with whom they belong to and what each adds to each aggregate. Entities are those of
/// the policies, not those that the checker found.
struct ContributingRows {
    /// What a row adds to one number: so many times a measure.
    struct Part {
        /// The expression that is added, without constant factors; `1` where rows are counted.
        let measure: String
        let factor: Rational
        /// What it comes to.
        let value: Literal
    }

    struct Row {
        let keys: [Literal]
        /// The entity of each dimension; nil: none.
        let entities: [UInt64?]
        /// The stored row of each table reference; nil: no partner.
        let places: [UInt64?]
        /// For each aggregate; nil: nothing.
        let parts: [Part?]
    }

    /// An entity of a table reference.
    struct Dimension {
        let reference: Int
        let entity: String
    }

    let dimensions: [Dimension]
    let references: [(reference: Int, table: String)]
    let rows: [Row]
    let aggregation: Aggregation
    /// Fewest entities that anything may rest on: the largest minimum of the tables.
    let minimum: Int

    init?(_ approved: ApprovedPlan, _ schema: AttackSchema, _ tables: [String: MemoryTable], parameters: [String: Literal], assumed: Int = 0) {
        guard case .aggregate(let aggregation) = approved.plan.release, !approved.rules.isOpen else { return nil }
        let scans = approved.plan.rows.scans.sorted { $0.reference < $1.reference }
        var dimensions: [Dimension] = [], minimum = max(1, assumed)
        for scan in scans {
            guard let table = schema.tables.first(where: { $0.name == scan.table }), !table.isOpen else { continue }
            minimum = max(minimum, table.minimum)
            dimensions += table.entities.map { Dimension(reference: scan.reference, entity: $0) }
        }
        let sources = dimensions.map { DimensionSource(reference: $0.reference, kind: .entity(type: $0.entity, isOrderingEntity: false)) }
            + scans.map { DimensionSource(reference: $0.reference, kind: .row) }
        let plan = ExecutionPlan(
            rows: approved.plan.rows, release: approved.plan.release, rules: approved.rules, dimensions: sources, scans: approved.scans,
            branchConditions: approved.branchConditions, parameters: parameters)
        let stored = scans.reduce(into: [Int: MemoryTable]()) { $0[$1.reference] = tables[$1.table] }
        let values = NaiveExpressions(parameters: parameters)
        self.dimensions = dimensions
        self.minimum = minimum
        self.aggregation = aggregation
        references = scans.map { ($0.reference, $0.table) }
        let count = dimensions.count
        rows = NaiveInterpreter(plan, tables: stored).rows().map { row in
            Row(
                keys: aggregation.keys.map { values.evaluate($0, row.values) }, entities: Array(row.entities[..<count]),
                places: Array(row.entities[count...]), parts: aggregation.calls.map { Self.part(of: $0, row.values, values) })
        }
    }

    /// Distinct entities of some rows, for each dimension.
    func entities(of rows: some Sequence<Row>) -> [Set<UInt64>] {
        var sets = dimensions.map { _ in Set<UInt64>() }
        for row in rows {
            for (dimension, entity) in row.entities.enumerated() { if let entity { sets[dimension].insert(entity) } }
        }
        return sets
    }

    // MARK: Measures

    private static func part(of call: AggregateCall, _ row: [Literal], _ values: NaiveExpressions) -> Part? {
        guard let argument = call.argument else { return Part(measure: "1", factor: .one, value: .int64(1)) }
        let value = values.evaluate(argument, row)
        guard value != .null else { return nil }
        switch call.function {
        case .count: return Part(measure: "1", factor: .one, value: .int64(1))
        case .sum, .average:
            guard let chosen = chosen(argument, row, values) else { return nil }
            let (measure, factor) = measure(of: chosen)
            return Part(measure: measure, factor: factor, value: value)
        default: return Part(measure: call.function.rawValue + " " + argument.canonicalText, factor: .one, value: value)
        }
    }

    /// The branch that a row falls into.
    private static func chosen(_ expression: BoundExpression, _ row: [Literal], _ values: NaiveExpressions) -> BoundExpression? {
        switch expression.kind {
        case .caseWhen(let branches, let otherwise):
            let met = branches.first { values.evaluate($0.condition, row) == .bool(true) }?.result ?? otherwise
            return met.flatMap { chosen($0, row, values) }
        case .function(.coalesce, let arguments):
            return arguments.first { values.evaluate($0, row) != .null }.flatMap { chosen($0, row, values) }
        case .cast(let operand) where operand.hasChoice: return chosen(operand, row, values)
        default: return expression
        }
    }

    /// Constant factors apart from what they multiply. A constant alone is so many times a row.
    private static func measure(of expression: BoundExpression) -> (String, Rational) {
        switch expression.kind {
        case .literal(let literal): return ("1", number(literal) ?? .one)
        case .cast(let operand): return measure(of: operand)
        case .negate(let operand):
            let (measure, factor) = measure(of: operand)
            return (measure, -factor)
        case .arithmetic(.multiply, let left, let right):
            let (one, first) = measure(of: left), (other, second) = measure(of: right)
            if one == "1" || other == "1" { return (one == "1" ? other : one, first * second) }
            return (one < other ? one + " * " + other : other + " * " + one, first * second)
        case .arithmetic(.divide, let left, let right):
            guard case .literal(let literal) = right.kind, let divisor = number(literal), !divisor.isZero else { return (expression.canonicalText, .one) }
            let (measure, factor) = measure(of: left)
            return (measure, factor / divisor)
        default: return (expression.canonicalText, .one)
        }
    }

    private static func number(_ literal: Literal) -> Rational? {
        switch literal {
        case .int64(let value): Rational(Int128(value))
        case .decimal(let units, let scale): Rational(units, over: (0..<scale).reduce(1) { power, _ in power * 10 })
        case .null, .bool, .double, .date, .timestamp, .text: nil
        }
    }
}

extension BoundExpression {
    fileprivate var hasChoice: Bool {
        switch kind {
        case .caseWhen, .function(.coalesce, _): true
        default: children.contains(where: \.hasChoice)
        }
    }
}
