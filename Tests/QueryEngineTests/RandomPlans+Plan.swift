// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryEngine
import QueryPlan
import Tabular
import TestBasics
import TestSupport

extension RandomPlans {
    struct Case {
        let plan: ExecutionPlan
        let aggregation: Aggregation
        /// Columns, entity types and rows of each reference; tables are made in any layout.
        let sources: [Int: (columns: [(name: String, type: LogicalType)], types: [String], rows: [MemoryTable.Row])]

        func tables(_ plans: inout RandomPlans) -> [Int: MemoryTable] {
            sources.mapValues { RandomPlans.table($0.columns, $0.types, $0.rows, plans.layout()) }
        }

        /// The storage layout that decides row numbers, so that these do not differ.
        func scans(_ tables: [Int: MemoryTable]) -> [Int: any TableScan] { tables.mapValues { $0 as any TableScan } }
    }

    /// `hasKeys`: whether there may be group keys; `mayJoin`: a second table.
    mutating func makeCase(isOpen: Bool, hasKeys: Bool = true, mayJoin: Bool = true) -> Case {
        let isOwn = random.chance(60)
        let visits = (Self.visitColumns, ["person", "doctor"], rows(random.pick([0, 1, 40, 160]), Self.visitColumns, types: 2, isOwn: isOwn))
        let persons = (Self.personColumns, ["person"], rows(random.pick([0, 5, 30]), Self.personColumns, types: 1, isOwn: true))
        var sources: [Int: (columns: [(name: String, type: LogicalType)], types: [String], rows: [MemoryTable.Row])] = [0: visits]
        var plan = Build.scan(0, Self.table(visits.0, visits.1, [], layout()), name: "visit")
        if random.chance(50) { plan = .filter(Filter(input: plan, predicate: condition(plan.output, depth: 2), source: .policy)) }
        if random.chance(60), mayJoin {
            sources[1] = persons
            plan = join(plan, Build.scan(1, Self.table(persons.0, persons.1, [], layout()), name: "person"))
        }
        if random.chance(40) { plan = .filter(Filter(input: plan, predicate: condition(plan.output, depth: 2), source: .query)) }
        if random.chance(40) { plan = project(plan) }
        let aggregation = Build.aggregation(hasKeys ? keys(plan.output) : [], calls(plan.output, isOpen: isOpen))
        let dimensions = isOpen ? [] : dimensions(hasJoin: sources[1] != nil)
        return finish(plan, aggregation, dimensions, sources, isOpen: isOpen)
    }

    private mutating func join(_ left: LogicalPlan, _ right: LogicalPlan) -> LogicalPlan {
        var input = right
        if random.chance(30) { input = .filter(Filter(input: right, predicate: condition(right.output, depth: 1), source: .query)) }
        var keys: [Join.KeyPair] = []
        func position(_ plan: LogicalPlan, _ name: String) -> Int { plan.output.firstIndex { $0.name == name }! }
        let pairs = [("person", "person", LogicalType.entity("person")), ("n", "bn", .int64), ("code", "bcode", .text), ("cost", "amount", Self.money), ("big", "big", Self.big)]
        for _ in 0..<(random.chance(80) ? 1 : 2) {
            let (one, other, type) = random.pick(pairs)
            keys.append(Join.KeyPair(left: Build.column(position(left, one), type), right: Build.column(position(input, other), type)))
        }
        let output = left.output + input.output
        let residual = random.chance(40) ? condition(output, depth: 1) : nil
        return .join(
            Join(
                kind: random.pick([.inner, .left]), left: left, right: input, keys: keys, residual: residual, output: output,
                span: Build.span))
    }

    private mutating func project(_ plan: LogicalPlan) -> LogicalPlan {
        let columns = plan.output
        var expressions = columns.indices.map { Build.column($0, columns[$0].type) }
        var output = columns
        for type in [LogicalType.text, .int64, Self.money, .date] where random.chance(50) {
            expressions.append(expression(type, columns, depth: 2))
            output.append(OutputColumn(name: "e", type: type, isNullable: true, origin: nil))
        }
        return .project(Project(input: plan, expressions: expressions, output: output))
    }

    private mutating func keys(_ columns: [OutputColumn]) -> [BoundExpression] {
        (0..<random.pick([0, 1, 1, 2, 2, 3])).map { _ in
            expression(random.pick([.text, .text, .int64, .date, .bool, Self.money, Self.big, .double, .timestamp]), columns, depth: random.below(3))
        }
    }

    private mutating func calls(_ columns: [OutputColumn], isOpen: Bool) -> [AggregateCall] {
        (0..<(1 + random.below(4))).map { _ in
            switch random.below(isOpen ? 12 : 5) {
            case 0: return Build.aggregate(.countRows, nil)
            case 1: return Build.aggregate(.count, expression(random.pick([.text, .int64, Self.money]), columns, depth: 2))
            case 2:
                let type = random.pick([LogicalType.entity("person"), .entity("person"), .text, .int64, Self.big, .date, .bool])
                let fitting = columns.indices.filter { columns[$0].type == type }
                if [.text, .int64, .date].contains(type), random.chance(50) { return Build.aggregate(.countDistinct, expression(type, columns, depth: 2)) }
                return Build.aggregate(.countDistinct, fitting.isEmpty ? Build.literal(.int64(1)) : Build.column(random.pick(fitting), type))
            case 3: return Build.aggregate(.sum, expression(random.pick([.int64, Self.money, Self.money, Self.big]), columns, depth: 2))
            case 4: return Build.aggregate(.average, expression(random.pick([.int64, Self.money]), columns, depth: 1))
            case 5: return Build.aggregate(random.pick([.sum, .average]), Build.column(columns.firstIndex { $0.type == .double }!, .double))
            case 8:
                let type = random.pick([LogicalType.int64, Self.money, Self.big, .double])
                let fitting = columns.indices.filter { columns[$0].type == type }
                if [.int64, Self.money].contains(type), random.chance(50) {
                    return Build.aggregate(random.pick([.sumDistinct, .averageDistinct]), expression(type, columns, depth: 2))
                }
                return Build.aggregate(random.pick([.sumDistinct, .averageDistinct]), fitting.isEmpty ? Build.literal(.int64(1)) : Build.column(random.pick(fitting), type))
            case 9:
                let spreads = [AggregateFunction.deviationSample, .deviationPopulation, .varianceSample, .variancePopulation]
                let type = random.pick([LogicalType.int64, Self.money, .double])
                return Build.aggregate(random.pick(spreads), Build.column(columns.firstIndex { $0.type == type }!, type))
            case 10:
                let place = Percentile(fraction: random.pick([0, 0.25, 0.5, 0.9, 1]), isDescending: random.chance(30))
                return AggregateCall(
                    function: .percentile, argument: Build.column(columns.firstIndex { $0.type == .double }!, .double), percentile: place, type: .double,
                    span: Build.span)
            case 11: return Build.aggregate(random.pick([.boolAnd, .boolOr]), condition(columns, depth: 1))
            default:
                let type = random.pick([LogicalType.text, .int64, Self.money, Self.big, .double, .date, .bool, .timestamp])
                return Build.aggregate(random.pick([.minimum, .maximum]), expression(type, columns, depth: 1))
            }
        }
    }

    private mutating func dimensions(hasJoin: Bool) -> [DimensionSource] {
        var all = [
            DimensionSource(reference: 0, kind: .entity(type: "person", isOrderingEntity: true)),
            DimensionSource(reference: 0, kind: .entity(type: "doctor", isOrderingEntity: false)),
            DimensionSource(reference: 0, kind: .row),
        ]
        if hasJoin {
            all.append(DimensionSource(reference: 1, kind: .entity(type: "person", isOrderingEntity: true)))
            all.append(DimensionSource(reference: 1, kind: .row))
        }
        return all.shuffled(using: &random).prefix(1 + random.below(3)).map { $0 }
    }

    private mutating func finish(
        _ plan: LogicalPlan, _ aggregation: Aggregation, _ dimensions: [DimensionSource],
        _ sources: [Int: (columns: [(name: String, type: LogicalType)], types: [String], rows: [MemoryTable.Row])], isOpen: Bool
    ) -> Case {
        var branches: [[BoundExpression]] = []
        var rules: [ReleaseRules.AggregateRule] = []
        for call in aggregation.calls {
            var conditions: [BoundExpression] = []
            if !isOpen, random.chance(30) {
                let condition = condition(plan.output, depth: 1)
                // Branches exclude each other, as those of a CASE do.
                conditions = [condition, Build.expression(.not(condition), .bool)]
            }
            branches.append(conditions)
            let isSum = call.function == .sum || call.function == .average
            var clamp: ReleaseRules.Clamp?
            if !isOpen, isSum, random.chance(60) {
                clamp = ReleaseRules.Clamp(
                    lower: random.pick([0, -500, 100]), upper: random.pick([700, 3_000, 1 << 100]), dimension: random.below(dimensions.count))
            }
            let half = ReleaseRules.Fraction(numerator: 1, denominator: 2), most = ReleaseRules.Fraction(numerator: 9, denominator: 10)
            let dominance = isSum && random.chance(50) ? ReleaseRules.Dominance(largest: half, twoLargest: random.chance(50) ? most : nil) : nil
            rules.append(Build.rule(call, clamp: clamp, dominance: isOpen ? nil : dominance, branches: conditions.count))
        }
        let scans = isOpen ? [:] : sources.mapValues { ScanRequirement(table: "t", entities: $0.types) }
        let release = ReleaseRules(
            isOpen: isOpen,
            dimensions: dimensions.map { .init(entity: "e", minimumContributors: 1 + random.below(4), mayBeAbsent: $0.reference == 1) },
            aggregates: rules)
        var weights: [Int: BoundExpression] = [:]
        for (dimension, source) in dimensions.enumerated() where source.kind == .row && source.reference == 0 && random.chance(60) {
            // Rows of nobody are filtered out by the policy; here they weigh nothing.
            let weight = Build.column(plan.output.firstIndex { $0.name == "n" }!, .int64)
            let isPositive = Build.compare(.greater, weight, Build.literal(.int64(0)))
            weights[dimension] = Build.expression(.caseWhen([.init(condition: isPositive, result: weight)], otherwise: nil), .int64)
        }
        return Case(
            plan: ExecutionPlan(
                rows: plan, release: .aggregate(aggregation), rules: release, dimensions: dimensions, scans: scans,
                branchConditions: branches, weights: weights, parameters: [:]),
            aggregation: aggregation, sources: sources)
    }
}
