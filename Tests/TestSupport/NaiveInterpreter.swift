// SPDX-License-Identifier: Apache-2.0

package import DisclosureControl
internal import PolicyCheck
package import QueryEngine
package import QueryPlan
package import Tabular

/// Runs an execution plan row by row over plain Swift values, in the most literal way: the oracle for the engine. Shares no code
/// with it except the plan.
package struct NaiveInterpreter {
    package let plan: ExecutionPlan
    package let tables: [Int: MemoryTable]
    let values: NaiveExpressions

    package init(_ plan: ExecutionPlan, tables: [Int: MemoryTable]) {
        self.plan = plan
        self.tables = tables
        values = NaiveExpressions(parameters: plan.parameters)
    }

    /// A row on its way, with the entity of each dimension (nil: none, or not of this relation).
    package struct Row {
        package var values: [Literal]
        package var entities: [UInt64?]
    }

    /// For how many entities of each dimension a row stands; nil: for one.
    func weights(_ row: Row) -> [Int64?] {
        plan.dimensions.indices.map { dimension in
            plan.weights[dimension].map { weight in
                guard case .int64(let count) = values.evaluate(weight, row.values) else { return 0 }
                return count
            }
        }
    }

    /// The rows of the confidential part, in order.
    package func rows() -> [Row] { rows(plan.rows) }

    func rows(_ relation: LogicalPlan) -> [Row] {
        switch relation {
        case .scan(let scan): return scanned(scan)
        case .filter(let filter): return rows(filter.input).filter { values.evaluate(filter.predicate, $0.values) == .bool(true) }
        case .project(let project):
            return rows(project.input).map { row in
                Row(values: project.expressions.map { values.evaluate($0, row.values) }, entities: row.entities)
            }
        case .join(let join): return joined(join)
        case .aggregate(let aggregate): return aggregated(aggregate.aggregation, rows(aggregate.input))
        case .window(let window): return windowed(window)
        case .sort(let sort): return sorted(sort, rows(sort.input))
        case .union(let union): return union.inputs.flatMap(rows)
        }
    }

    private func scanned(_ scan: Scan) -> [Row] {
        guard let table = tables[scan.reference] else { return [] }
        let required = plan.scans[scan.reference]?.entities ?? []
        var result: [Row] = []
        for (number, stored) in table.rows.enumerated() {
            func entity(_ type: String) -> UInt32? { table.entityTypes.firstIndex(of: type).flatMap { stored.entities[$0] } }
            if required.contains(where: { entity($0) == nil }) { continue }
            let cells = scan.output.map { column in
                table.columns.firstIndex { $0.name == column.origin?.column }.map { stored.values[$0] } ?? .null
            }
            let entities = plan.dimensions.map { dimension -> UInt64? in
                guard dimension.reference == scan.reference else { return nil }
                switch dimension.kind {
                case .entity(let type, _): return entity(type).map { UInt64($0) }
                case .row: return UInt64(number)
                }
            }
            result.append(Row(values: cells, entities: entities))
        }
        return result
    }

    private func windowed(_ window: Window) -> [Row] {
        let input = rows(window.input)
        let added = window.calls.map { NaiveWindow($0, input.map(\.values), values).results() }
        return input.indices.map { row in
            Row(values: input[row].values + added.map { $0[row] }, entities: input[row].entities)
        }
    }

    /// The released cells before finishing: groups in order of their keys, rows in no stated order.
    package func released() -> [[ReleasedCell]] {
        switch plan.release {
        case .rows: return rows().map { $0.values.map { .value($0) } }
        case .aggregate(let aggregation):
            if plan.rules.isOpen {
                let groups = aggregated(aggregation, rows()).map(\.values)
                return groups.sorted(by: NaiveGate.precedes).map { $0.map { .value($0) } }
            }
            return NaiveGate(rules: plan.rules).release(gateRows(aggregation), hasKeys: !aggregation.keys.isEmpty).rows
        }
    }

    /// Keys, arguments and branches of every row, as the naive gate takes them.
    package func gateRows(_ aggregation: Aggregation) -> [NaiveRow] {
        rows().map { row in
            let arguments = aggregation.calls.indices.map { call in
                let conditions = plan.branchConditions[call]
                return NaiveRow.Argument(
                    value: argument(aggregation, call, row),
                    branches: Set(conditions.indices.filter { values.evaluate(conditions[$0], row.values) == .bool(true) }))
            }
            return NaiveRow(
                keys: aggregation.keys.map { values.evaluate($0, row.values) }, entities: row.entities, arguments: arguments,
                weights: weights(row))
        }
    }

    /// NULL where the row lacks the entity that the aggregate is clamped by.
    private func argument(_ aggregation: Aggregation, _ call: Int, _ row: Row) -> Literal {
        if let clamp = plan.rules.aggregates[call].clamp, row.entities[clamp.dimension] == nil { return .null }
        return aggregation.calls[call].argument.map { values.evaluate($0, row.values) } ?? .bool(true)
    }
}

/// One group's cells and evidence, comparable.
package struct NaiveGroup: Equatable {
    package struct Cell: Equatable {
        package var value: Int128 = 0
        package var valueCount: Int64 = 0
        package var isOverflow = false
        package var open: Literal?
        package var contributors: [Int64] = []
        package var magnitudes: [[Int128]] = []
        package var branches: [[Int64]] = []

        package init() {}
    }

    package var keys: [Literal]
    package var contributors: [Int64]
    package var cells: [Cell]

    package init(keys: [Literal], contributors: [Int64], cells: [Cell]) {
        self.keys = keys
        self.contributors = contributors
        self.cells = cells
    }
}

extension NaiveInterpreter {
    /// All groups by their keys.
    package func groups(_ aggregation: Aggregation) -> [[Literal]: NaiveGroup] {
        var members: [[Literal]: [Row]] = aggregation.keys.isEmpty ? [[]: []] : [:]
        for row in rows() { members[aggregation.keys.map { values.evaluate($0, row.values) }, default: []].append(row) }
        return members.reduce(into: [:]) { groups, entry in
            let cells = aggregation.calls.indices.map { cell(aggregation, $0, entry.value) }
            groups[entry.key] = NaiveGroup(
                keys: entry.key, contributors: plan.dimensions.indices.map { distinct(entry.value, $0) }, cells: cells)
        }
    }

    private func distinct(_ rows: [Row], _ dimension: Int) -> Int64 {
        if plan.weights[dimension] != nil { return Int64(clamping: rows.reduce(Int128(0)) { $0 + Int128(weights($1)[dimension] ?? 1) }) }
        return Int64(Set(rows.compactMap { $0.entities[dimension] }).count)
    }

    private func cell(_ aggregation: Aggregation, _ call: Int, _ rows: [Row]) -> NaiveGroup.Cell {
        let rule = plan.rules.aggregates[call]
        let valued = rows.map { (row: $0, value: argument(aggregation, call, $0)) }.filter { $0.value != .null }
        var cell = NaiveGroup.Cell()
        cell.valueCount = Int64(valued.count)
        cell.contributors = plan.dimensions.indices.map { distinct(valued.map(\.row), $0) }
        cell.branches = plan.branchConditions[call].map { condition in
            let inside = rows.filter { values.evaluate(condition, $0.values) == .bool(true) }
            return plan.dimensions.indices.map { distinct(inside, $0) }
        }
        switch rule.kind {
        case .count: cell.value = Int128(valued.count)
        case .countDistinct: cell.value = Int128(Set(valued.map(\.value)).count)
        case .openValue:
            let written = aggregation.calls[call]
            cell.open = NaiveAggregates.value(
                written.function, valued.map(\.value), percentile: written.percentile, type: written.type)
        case .sum, .average:
            func merged(_ dimension: Int) -> [Int128] {
                var sums: [UInt64: Int128] = [:]
                for (row, value) in valued { if let entity = row.entities[dimension] { sums[entity, default: 0] += units(value) } }
                guard let clamp = rule.clamp, clamp.dimension == dimension else { return Array(sums.values) }
                return sums.values.map { max(clamp.lower, min(clamp.upper, $0)) }
            }
            for dimension in plan.dimensions.indices {
                let sizes = merged(dimension).map { abs($0) }.sorted(by: >) + [0, 0]
                cell.magnitudes.append([sizes[0], sizes[1], sizes.reduce(0, +)])
            }
            cell.value = rule.clamp.map { merged($0.dimension).reduce(0, +) } ?? valued.reduce(0) { $0 + units($1.value) }
        }
        return cell
    }

    private func units(_ value: Literal) -> Int128 {
        switch value {
        case .int64(let number): Int128(number)
        case .decimal(let units, _): units
        case .null, .bool, .double, .date, .timestamp, .text: 0
        }
    }
}
