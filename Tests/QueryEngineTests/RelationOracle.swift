// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular
import TestSupport

/// Rows of open relations in the most literal way, over plain Swift values.
struct RelationOracle {
    let tables: [Int: MemoryTable]
    private let values = NaiveExpressions(parameters: [:])
    typealias Row = [Literal]

    init(tables: [Int: MemoryTable]) { self.tables = tables }

    func rows(_ plan: LogicalPlan) -> [Row] {
        switch plan {
        case .scan(let scan): return tables[scan.reference].map { $0.rows.map(\.values) } ?? []
        case .filter(let filter): return rows(filter.input).filter { values.evaluate(filter.predicate, $0) == .bool(true) }
        case .project(let project): return rows(project.input).map { row in project.expressions.map { values.evaluate($0, row) } }
        case .join(let join): return joined(join)
        case .aggregate(let aggregate): return grouped(aggregate)
        case .window(let window): return windowed(window)
        case .sort(let sort): return sorted(sort)
        case .union(let union): return union.inputs.flatMap(rows)
        }
    }

    private func joined(_ join: Join) -> [Row] {
        let left = rows(join.left), right = rows(join.right)
        let rightNulls = join.right.output.map { _ in Literal.null }
        var result: [Row] = []
        var met: Set<Int> = []
        for row in left {
            var partners: [Int] = []
            var isUnknown = false
            for (number, other) in right.enumerated() {
                var terms = join.keys.map { equality(values.evaluate($0.left, row), values.evaluate($0.right, other)) }
                if let residual = join.residual { terms.append(values.evaluate(residual, row + other)) }
                if terms.contains(.bool(false)) { continue }
                if terms.contains(.null) { isUnknown = true } else { partners.append(number) }
            }
            met.formUnion(partners)
            switch join.kind {
            case .inner: result += partners.map { row + right[$0] }
            case .left, .full: result += partners.isEmpty ? [row + rightNulls] : partners.map { row + right[$0] }
            case .semi: result += partners.isEmpty ? [] : [row]
            case .anti: result += partners.isEmpty ? [row] : []
            case .mark: result.append(row + [!partners.isEmpty ? .bool(true) : (isUnknown && join.isNullAware ? .null : .bool(false))])
            case .single: result.append(row + (partners.count == 1 ? right[partners[0]] : rightNulls))
            }
        }
        if join.kind == .full {
            for number in right.indices where !met.contains(number) { result.append(join.left.output.map { _ in .null } + right[number]) }
        }
        return result
    }

    private func equality(_ left: Literal, _ right: Literal) -> Literal {
        left == .null || right == .null ? .null : .bool(left == right)
    }

    private func grouped(_ aggregate: Aggregate) -> [Row] {
        let aggregation = aggregate.aggregation
        var groups: [Row: [Row]] = aggregation.keys.isEmpty ? [[]: []] : [:]
        for row in rows(aggregate.input) { groups[aggregation.keys.map { values.evaluate($0, row) }, default: []].append(row) }
        return groups.map { key, members in
            key + aggregation.calls.map { call in
                let arguments = members.map { row in call.argument.map { values.evaluate($0, row) } ?? .bool(true) }
                return total(call.function, arguments.filter { $0 != .null }, call.type)
            }
        }
    }

    func total(_ function: AggregateFunction, _ values: [Literal], _ type: LogicalType) -> Literal {
        NaiveAggregates.value(function, values, percentile: nil, type: type)
    }

    /// Ascending, NULL last.
    private func before(_ left: Literal, _ right: Literal) -> Bool { order(left, right, descending: false, nullsFirst: false) < 0 }

    private func order(_ left: Literal, _ right: Literal, descending: Bool, nullsFirst: Bool) -> Int {
        switch (left == .null, right == .null) {
        case (true, true): return 0
        case (true, false): return nullsFirst ? -1 : 1
        case (false, true): return nullsFirst ? 1 : -1
        case (false, false): return Self.compare(left, right) * (descending ? -1 : 1)
        }
    }

    private static func compare(_ left: Literal, _ right: Literal) -> Int {
        func of<T: Comparable>(_ one: T, _ other: T) -> Int { one < other ? -1 : (one > other ? 1 : 0) }
        switch (left, right) {
        case (.bool(let one), .bool(let other)): return of(one ? 1 : 0, other ? 1 : 0)
        case (.int64(let one), .int64(let other)), (.date(let one), .date(let other)), (.timestamp(let one), .timestamp(let other)):
            return of(one, other)
        case (.decimal(let one, _), .decimal(let other, _)): return of(one, other)
        case (.double(let one), .double(let other)): return of(one, other)
        case (.text(let one), .text(let other)):
            return one.utf8.lexicographicallyPrecedes(other.utf8) ? -1 : (one.utf8.elementsEqual(other.utf8) ? 0 : 1)
        default: return 0
        }
    }

    private func keyOrder(_ keys: [SortKey], _ left: Row, _ right: Row) -> Int {
        for key in keys {
            let comparison = order(
                values.evaluate(key.expression, left), values.evaluate(key.expression, right), descending: key.isDescending,
                nullsFirst: key.nullsFirst)
            if comparison != 0 { return comparison }
        }
        return 0
    }

    /// The order of keys, then of all columns.
    private func precedes(_ keys: [SortKey], _ left: Row, _ right: Row) -> Bool {
        let comparison = keyOrder(keys, left, right)
        if comparison != 0 { return comparison < 0 }
        for (one, other) in zip(left, right) where one != other { return before(one, other) }
        return false
    }

    private func sorted(_ sort: Sort) -> [Row] {
        let all = rows(sort.input).sorted { precedes(sort.keys, $0, $1) }
        let rest = all.dropFirst(Int(sort.offset))
        return Array(sort.limit.map { rest.prefix(Int($0)) } ?? rest)
    }

    private func windowed(_ window: Window) -> [Row] {
        let input = rows(window.input)
        var result = input
        for call in window.calls {
            var partitions: [Row: [Int]] = [:]
            for (number, row) in input.enumerated() { partitions[call.partitions.map { values.evaluate($0, row) }, default: []].append(number) }
            for members in partitions.values {
                let ordered = members.sorted { precedes(call.order, input[$0], input[$1]) }
                for place in ordered.indices { result[ordered[place]].append(value(call, ordered.map { input[$0] }, place)) }
            }
        }
        return result
    }

    private func value(_ call: WindowCall, _ rows: [Row], _ place: Int) -> Literal {
        let first = rows.firstIndex { keyOrder(call.order, $0, rows[place]) == 0 }!
        let last = rows.lastIndex { keyOrder(call.order, $0, rows[place]) == 0 }!
        let isRows = call.frame.unit == .rows
        func end(_ bound: WindowFrame.Bound, _ current: Int) -> Int {
            switch bound {
            case .unboundedPreceding: 0
            case .preceding(let distance): place - Int(min(distance, 1 << 30))
            case .currentRow: current
            case .following(let distance): place + Int(min(distance, 1 << 30))
            case .unboundedFollowing: rows.count - 1
            }
        }
        let start = max(end(call.frame.start, isRows ? place : first), 0), finish = min(end(call.frame.end, isRows ? place : last), rows.count - 1)
        let frame = start <= finish ? Array(rows[start...finish]) : []
        let arguments = frame.map { row in call.argument.map { values.evaluate($0, row) } ?? .bool(true) }.filter { $0 != .null }
        switch call.function {
        case .rowNumber: return .int64(Int64(place + 1))
        case .rank: return .int64(Int64(first + 1))
        case .denseRank:
            let firsts = rows.indices.filter { $0 == 0 || keyOrder(call.order, rows[$0], rows[$0 - 1]) != 0 }
            return .int64(Int64(firsts.filter { $0 <= place }.count))
        case .countRows, .count: return .int64(Int64(arguments.count))
        case .sum: return total(.sum, arguments, call.type)
        case .average: return total(.average, arguments, call.type)
        case .minimum: return total(.minimum, arguments, call.type)
        case .maximum: return total(.maximum, arguments, call.type)
        }
    }
}
