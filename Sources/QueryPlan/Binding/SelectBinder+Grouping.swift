// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension SelectBinder {
    /// With aggregation: the groups, and results and sort keys over them.
    func grouped(_ input: LogicalPlan, _ added: AddedColumns) throws(BindError) -> Selected {
        let span = aggregationSpan ?? block.span
        let collector = AggregateCollector(scope: scope, added: added)
        let sets = try groupingSets(collector, added)
        collector.hasSets = sets.contains { $0.count < collector.keys.count }
        let above = AddedColumns()
        var expressions = ExpressionBinder(
            binder: binder, scope: scope, aggregates: .collected(collector), surroundings: surroundings, added: above,
            clauseWithoutWindows: nil)
        nameAggregates(collector)
        // The select list comes first, so that cells stand in its order.
        let results = try results(expressions)
        expressions.clauseWithoutWindows = "HAVING"
        var having: BoundExpression?
        if let filter = block.groupFilter { having = try expressions.condition(filter, clause: "HAVING") }
        expressions.clauseWithoutWindows = nil
        let keys = try sortKeys(expressions, results)
        collector.countRowsIfEmpty(at: span)
        let rows = added.joined(input)
        let aggregation = Aggregation(
            keys: collector.keys.map(added.placed), calls: collector.calls.map { $0.mapping(added.placed) }, output: collector.output,
            span: span)
        var plan = try groups(rows, aggregation, sets, above)
        plan = above.joined(plan)
        if let having { plan = .filter(Filter(input: plan, predicate: above.placed(having), source: .query)) }
        plan = above.joined(above.windowed(plan))
        return Selected(plan: plan, results: results.map(above.placed), keys: keys.map { $0.mapping(above.placed) })
    }

    /// One aggregation, or UNION ALL of one for each grouping set, with NULL for the keys that a set leaves out.
    private func groups(
        _ input: LogicalPlan, _ aggregation: Aggregation, _ sets: [[Int]], _ above: AddedColumns
    ) throws(BindError) -> LogicalPlan {
        let count = aggregation.keys.count
        if sets.count == 1, sets[0].count == count, above.groupings.isEmpty {
            return .aggregate(Aggregate(input: input, aggregation: aggregation))
        }
        let further = above.groupings.map { _ in OutputColumn(name: "grouping", type: .int64, isNullable: false, origin: nil) }
        let calls = Array(aggregation.output.dropFirst(count))
        let output = aggregation.output.map { OutputColumn(name: $0.name, type: $0.type, isNullable: $0.isNullable, origin: nil) } + further
        above.place(groupingsAt: aggregation.output.count)
        var inputs: [LogicalPlan] = []
        for (index, set) in sets.enumerated() {
            let rows = index == 0 ? input : try binder.renumbered(input, at: aggregation.span)
            var own = Aggregation(
                keys: set.map { aggregation.keys[$0] }, calls: aggregation.calls, output: set.map { aggregation.output[$0] } + calls,
                span: aggregation.span)
            if own.output.isEmpty { own = own.countingRows }
            let grouped = LogicalPlan.aggregate(Aggregate(input: rows, aggregation: own))
            var columns = (0..<count).map { key -> BoundExpression in
                guard let place = set.firstIndex(of: key) else {
                    return .constant(.null, aggregation.keys[key].type, aggregation.keys[key].span)
                }
                return own.output.expression(at: place, aggregation.keys[key].span)
            }
            columns += calls.indices.map { own.output.expression(at: set.count + $0, aggregation.span) }
            columns += above.groupings.map { grouping in
                let bits = grouping.keys.reduce(Int64(0)) { $0 * 2 + (set.contains($1) ? 0 : 1) }
                return .constant(.int64(bits), .int64, aggregation.span)
            }
            inputs.append(.project(Project(input: grouped, expressions: columns, output: output)))
        }
        if inputs.count == 1 { return inputs[0] }
        return .union(Union(inputs: inputs, output: output, span: aggregation.span))
    }

    /// The grouping sets as numbers of keys, which the collector takes.
    private func groupingSets(_ collector: AggregateCollector, _ added: AddedColumns) throws(BindError) -> [[Int]] {
        var sets: [[SQLExpression]] = [[]]
        for group in block.groups {
            let further = try group.sets(at: group.expressions.first?.span ?? block.span)
            guard sets.count * further.count <= Limits.groupingSets else { throw GroupItem.tooMany(at: block.span) }
            sets = sets.flatMap { set in further.map { set + $0 } }
        }
        var numbers: [[Int]] = []
        var known: [(expression: SQLExpression, number: Int)] = []
        for group in block.groups.flatMap(\.expressions) where !known.contains(where: { $0.expression == group }) {
            let (key, written) = try groupKey(group, added)
            known.append((group, collector.add(key: key, written: written)))
        }
        for set in sets {
            var keys: [Int] = []
            for expression in set {
                guard let number = known.first(where: { $0.expression == expression })?.number else { continue }
                if !keys.contains(number) { keys.append(number) }
            }
            numbers.append(keys)
        }
        return numbers
    }

    /// Cells that are result columns take the result's name, for messages.
    private func nameAggregates(_ collector: AggregateCollector) {
        for item in items {
            guard case .written(let expression, let alias?) = item, !expression.hasQuery else { continue }
            collector.names[expression.span] = alias.text
            // PostgreSQL lets GROUP BY name a result; the key then has the result's place.
            if let bound = binder.attempt({ () throws(BindError) in
                try plainBinder(clause: "SELECT", nil).expression(expression)
            }) {
                collector.rename(key: bound, to: alias.text)
            }
        }
    }

    /// A GROUP BY entry: an ordinal, an input column, else a result name, else any expression; and how it is written.
    private func groupKey(
        _ group: SQLExpression, _ added: AddedColumns
    ) throws(BindError) -> (key: BoundExpression, written: SQLExpression?) {
        let expressions = plainBinder(clause: "GROUP BY", added)
        var item: ResultItem?
        if let ordinal = try ordinal(group, clause: "GROUP BY") {
            item = items[ordinal]
        } else if case .literal = group.kind {
            throw BindError(.constantKey, ["GROUP BY"], at: group.span)
        } else if case .column(nil, let name) = group.kind, scope.matches(qualifier: nil, name: name).isEmpty {
            item = try aliased(name).map { items[$0] }
        }
        guard let item else { return (try expressions.expression(group).typed, group) }
        let key = try bound(item, expressions).typed
        if case .written(let expression, _) = item { return (key, expression) }
        return (key, nil)
    }
}

extension BoundExpression {
    /// A bare NULL as text.
    fileprivate var typed: BoundExpression { type == .null ? Coercion.converted(self, to: .text) : self }
}

extension Aggregation {
    /// With a number of rows as its only cell.
    fileprivate var countingRows: Aggregation {
        let call = AggregateCall(function: .countRows, argument: nil, type: .int64, span: span)
        let column = OutputColumn(name: "count", type: .int64, isNullable: true, origin: nil)
        return Aggregation(keys: keys, calls: [call], output: output + [column], span: span)
    }
}

extension GroupItem {
    static func tooMany(at span: SourceSpan) -> BindError {
        BindError(.tooManyGroupingSets, [String(Limits.groupingSets)], at: span)
    }

    /// The grouping sets that an entry of GROUP BY stands for.
    func sets(at span: SourceSpan) throws(BindError) -> [[SQLExpression]] {
        switch self {
        case .expression(let expression): return [[expression]]
        case .rollup(let elements):
            guard elements.count < Limits.groupingSets else { throw Self.tooMany(at: span) }
            return (0...elements.count).reversed().map { Array(elements[..<$0].joined()) }
        case .cube(let elements):
            guard elements.count < Limits.groupingSets.bitWidth, 1 << elements.count <= Limits.groupingSets else {
                throw Self.tooMany(at: span)
            }
            // As counted down in binary, the first element being the highest digit: from all to none.
            return (0..<1 << elements.count).reversed().map { number in
                elements.enumerated().filter { number >> (elements.count - 1 - $0.offset) & 1 == 1 }.flatMap(\.element)
            }
        case .sets(let lists):
            var result: [[SQLExpression]] = []
            for list in lists {
                var sets: [[SQLExpression]] = [[]]
                for item in list {
                    let further = try item.sets(at: span)
                    guard sets.count * further.count <= Limits.groupingSets else { throw Self.tooMany(at: span) }
                    sets = sets.flatMap { set in further.map { set + $0 } }
                }
                result += sets
                guard result.count <= Limits.groupingSets else { throw Self.tooMany(at: span) }
            }
            return result
        }
    }
}
