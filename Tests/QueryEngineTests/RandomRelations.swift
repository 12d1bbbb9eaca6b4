// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular
import TestBasics
import TestSupport

/// Seeded random relations of open tables, every node of the plan among them.
extension RandomPlans {
    static let plain: [(name: String, type: LogicalType)] = [
        ("n", .int64), ("code", .text), ("cost", money), ("big", big), ("x", .double), ("day", .date), ("flag", .bool),
    ]

    struct RelationCase {
        let plan: LogicalPlan
        let rows: [Int: [MemoryTable.Row]]

        func tables(_ plans: inout RandomPlans) -> [Int: MemoryTable] {
            rows.mapValues { RandomPlans.table(RandomPlans.plain, [], $0, plans.layout()) }
        }
    }

    mutating func relationCase() -> RelationCase {
        var rows: [Int: [MemoryTable.Row]] = [:]
        let plan = relation(&rows, depth: 1 + random.below(3))
        return RelationCase(plan: plan, rows: rows)
    }

    /// Several tables under inner joins, in circles and without keys too.
    mutating func innerJoinCase() -> RelationCase {
        var rows: [Int: [MemoryTable.Row]] = [:]
        func table(_ plans: inout RandomPlans) -> LogicalPlan {
            let scan = plans.relation(&rows, depth: 0)
            guard plans.random.chance(40) else { return scan }
            return .filter(Filter(input: scan, predicate: plans.condition(scan.output, depth: 1), source: .query))
        }
        var plan = table(&self)
        for _ in 0..<(2 + random.below(2)) {
            let other = table(&self), output = plan.output + other.output
            let keys = (0..<random.pick([0, 1, 1, 2])).map { _ in
                let position = random.pick([0, 1, 5, 6]), tables = plan.output.count / Self.plain.count
                let type = Self.plain[position].type
                return Join.KeyPair(
                    left: Build.column(random.below(tables) * Self.plain.count + position, type), right: Build.column(position, type))
            }
            plan = .join(
                Join(
                    kind: .inner, left: plan, right: other, keys: keys, residual: keys.isEmpty || random.chance(30) ? condition(output, depth: 1) : nil,
                    output: output, span: Build.span))
            if random.chance(30) { plan = .filter(Filter(input: plan, predicate: condition(output, depth: 1), source: .query)) }
        }
        return RelationCase(plan: plan, rows: rows)
    }

    /// A relation whose last node is any.
    private mutating func relation(_ rows: inout [Int: [MemoryTable.Row]], depth: Int) -> LogicalPlan {
        guard depth > 0 else {
            let reference = rows.count
            rows[reference] = (0..<random.pick([0, 1, 7, 30])).map { _ in
                MemoryTable.Row(values: Self.plain.map { value($0.type) }, entities: [])
            }
            return Build.scan(reference, Self.table(Self.plain, [], [], layout()), name: "t\(reference)")
        }
        let input = standard(&rows, depth: depth - 1)
        switch random.below(9) {
        case 0: return .filter(Filter(input: input, predicate: condition(input.output, depth: 2), source: .query))
        case 1, 2, 3: return join(input, standard(&rows, depth: depth - 1))
        case 4, 5: return aggregate(input)
        case 6: return window(input)
        case 7:
            var keys = (0..<random.below(3)).map { _ in sortKey(input.output) }
            // Which of equal rows come is not stated, so there are none.
            keys += input.output.enumerated().map { SortKey(expression: Build.column($0, $1.type), isDescending: false, nullsFirst: false) }
            return .sort(Sort(input: input, keys: keys, limit: random.chance(80) ? Int64(random.below(12)) : nil, offset: Int64(random.below(4))))
        default:
            let others = (0..<(1 + random.below(2))).map { _ in standard(&rows, depth: depth - 1) }
            return .union(Union(inputs: [input] + others, output: input.output, span: Build.span))
        }
    }

    /// A relation with the columns of `plain`.
    private mutating func standard(_ rows: inout [Int: [MemoryTable.Row]], depth: Int) -> LogicalPlan {
        let input = relation(&rows, depth: depth)
        if case .scan = input { return input }
        let expressions = Self.plain.map { name, type in
            // Doubles stay what they are, so that sums of them are exact.
            type == .double || random.chance(70)
                ? self.column(type, input.output.map { $0.name == "inexact" ? OutputColumn(name: "", type: .null, isNullable: true, origin: nil) : $0 })
                : expression(type, input.output, depth: 1)
        }
        let output = Self.plain.map { OutputColumn(name: $0.name, type: $0.type, isNullable: true, origin: nil) }
        return .project(Project(input: input, expressions: expressions, output: output))
    }

    private mutating func join(_ left: LogicalPlan, _ right: LogicalPlan) -> LogicalPlan {
        let kind = random.pick(Join.Kind.allCases)
        let keys = (0..<random.pick([0, 1, 1, 1, 2])).map { _ in
            let position = random.below(Self.plain.count), type = Self.plain[position].type
            return Join.KeyPair(
                left: random.chance(80) ? Build.column(position, type) : expression(type, left.output, depth: 1), right: Build.column(position, type))
        }
        let both = left.output + right.output
        var output = kind.yieldsRight ? both : left.output
        if kind == .mark { output.append(OutputColumn(name: "mark", type: .bool, isNullable: true, origin: nil)) }
        return .join(
            Join(
                kind: kind, left: left, right: right, keys: keys, residual: random.chance(35) ? condition(both, depth: 1) : nil,
                isNullAware: kind == .mark && random.chance(60), output: output, span: Build.span))
    }

    private mutating func argument(_ function: String, _ columns: [OutputColumn]) -> BoundExpression {
        switch function {
        case "sum":
            let type = random.pick([LogicalType.int64, Self.money, Self.big, .double])
            return Build.column(columns.firstIndex { $0.type == type }!, type)
        case "avg":
            let type = random.pick([LogicalType.int64, Self.money, .double])
            return Build.column(columns.firstIndex { $0.type == type }!, type)
        default:
            let type = random.pick(Self.plain.map(\.type))
            return type == .double ? Build.column(4, .double) : expression(type, columns, depth: 1)
        }
    }

    private mutating func aggregate(_ input: LogicalPlan) -> LogicalPlan {
        let columns = input.output
        let keys = (0..<random.pick([0, 1, 1, 2, 3])).map { _ in
            let type = random.pick(Self.plain.map(\.type))
            return type == .double ? Build.column(4, type) : expression(type, columns, depth: random.below(2))
        }
        let calls = (0..<(random.below(4) + (keys.isEmpty ? 1 : 0))).map { _ in
            switch random.below(7) {
            case 0: return Build.aggregate(.countRows, nil)
            case 1: return Build.aggregate(.count, argument("count", columns))
            case 2: return Build.aggregate(.countDistinct, argument("count", columns))
            case 3: return Build.aggregate(.sum, argument("sum", columns))
            case 4: return Build.aggregate(.average, argument("avg", columns))
            default: return Build.aggregate(random.pick([.minimum, .maximum]), argument("min", columns))
            }
        }
        let types = keys.map { ($0.type, false) } + calls.map { ($0.type, $0.function == .average) }
        let output = types.map { OutputColumn(name: $1 ? "inexact" : "c", type: $0, isNullable: true, origin: nil) }
        return .aggregate(Aggregate(input: input, aggregation: Aggregation(keys: keys, calls: calls, output: output, span: Build.span)))
    }

    private mutating func sortKey(_ columns: [OutputColumn]) -> SortKey {
        let type = random.pick(Self.plain.map(\.type))
        let key = type == .double ? Build.column(4, type) : expression(type, columns, depth: random.below(2))
        return SortKey(expression: key, isDescending: random.chance(50), nullsFirst: random.chance(50))
    }

    private mutating func window(_ input: LogicalPlan) -> LogicalPlan {
        let columns = input.output
        let calls = (0..<(1 + random.below(3))).map { _ in windowCall(columns) }
        let output = columns + calls.map {
            OutputColumn(name: $0.function == .average ? "inexact" : "w", type: $0.type, isNullable: true, origin: nil)
        }
        return .window(Window(input: input, calls: calls, output: output))
    }

    /// No rows are equal in the order where that would matter.
    mutating func windowCall(_ columns: [OutputColumn]) -> WindowCall {
        let function = random.pick(WindowFunction.allCases)
        var argument: BoundExpression?
        var type = LogicalType.int64
        switch function {
        case .rowNumber, .rank, .denseRank, .countRows: break
        case .count: argument = self.argument("count", columns)
        case .sum:
            argument = self.argument("sum", columns)
            type = Build.aggregate(.sum, argument).type
        case .average:
            argument = self.argument("avg", columns)
            type = Build.aggregate(.average, argument).type
        case .minimum, .maximum:
            argument = self.argument("min", columns)
            type = argument?.type ?? .null
        }
        let frame = frame()
        var order = (0..<random.below(3)).map { _ in sortKey(columns) }
        if frame.unit == .rows || function == .rowNumber {
            order += columns.enumerated().map { SortKey(expression: Build.column($0, $1.type), isDescending: false, nullsFirst: false) }
        }
        return WindowCall(
            function: function, argument: argument,
            partitions: (0..<random.below(3)).map { _ in
                let position = random.pick([1, 5, 6])
                return Build.column(position, Self.plain[position].type)
            }, order: order, frame: frame, type: type, span: Build.span)
    }

    private mutating func frame() -> WindowFrame {
        let distance = Int64(random.below(4)), other = Int64(random.below(4))
        if random.chance(40) { return .standard }
        if random.chance(30) {
            return WindowFrame(
                unit: .range, start: random.pick([.unboundedPreceding, .currentRow]), end: random.pick([.currentRow, .unboundedFollowing]))
        }
        return WindowFrame(
            unit: .rows, start: random.pick([.unboundedPreceding, .preceding(distance), .currentRow, .following(distance)]),
            end: random.pick([.preceding(other), .currentRow, .following(other), .following(.max), .unboundedFollowing]))
    }
}
