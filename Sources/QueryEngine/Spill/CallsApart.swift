// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

/// An open grouping without keys has nothing to be dealt out by as a whole. When memory does not do for all its calls at once, those that
/// count the distinct values of one column are computed apart, each dealt out by its column, and so are all others together.
extension Aggregation {
    /// The calls of each part, in order; a single one where there is nothing to take apart. `needed`: the columns that something above reads.
    func callsApart(needed: Set<Int>) -> [[Int]] {
        guard keys.isEmpty else { return [Array(calls.indices)] }
        var others: [Int] = [], columns: [Int: [Int]] = [:]
        for (place, call) in calls.enumerated() where needed.contains(place) {
            if call.function == .countDistinct, case .column(let column) = call.argument?.kind {
                columns[column, default: []].append(place)
            } else {
                others.append(place)
            }
        }
        // Counts of rows and values add up beside the counts of one column's distinct values.
        if columns.isEmpty || columns.count == 1 && others.allSatisfy({ calls[$0].isCount }) { return [calls.indices.filter(needed.contains)] }
        let counted = columns.sorted { $0.key < $1.key }.map(\.value)
        return others.isEmpty ? counted : counted + [others]
    }

    fileprivate func keeping(_ part: [Int]) -> Aggregation {
        Aggregation(keys: [], calls: part.map { calls[$0] }, output: part.map { output[$0] }, span: span)
    }
}

extension AggregateCall {
    /// Whether results for parts of the rows add up.
    fileprivate var isCount: Bool { function == .countRows || function == .count }
}

extension ExecutionPlan {
    /// The same with some calls of its release node only. For open plans: no evidence belongs to a call.
    private func keeping(_ part: [Int], of aggregation: Aggregation) -> ExecutionPlan {
        ExecutionPlan(
            rows: rows, release: .aggregate(aggregation.keeping(part)),
            rules: ReleaseRules(isOpen: true, dimensions: [], aggregates: part.map { rules.aggregates[$0] }), dimensions: [], scans: scans,
            branchConditions: [], parameters: parameters, finishing: [])
    }

    /// Plans for the parts of the release node, each with the calls that it computes; nil where there is nothing to take apart.
    var callsApart: [(calls: [Int], plan: ExecutionPlan)]? {
        guard rules.isOpen, dimensions.isEmpty, case .aggregate(let aggregation) = release, rules.aggregates.count == aggregation.calls.count,
            branchConditions.allSatisfy(\.isEmpty)
        else { return nil }
        let parts = aggregation.callsApart(needed: Set(aggregation.output.indices))
        return parts.count < 2 ? nil : parts.map { ($0, keeping($0, of: aggregation)) }
    }
}

extension GroupTable {
    /// One group with the cells of several tables of one group each. `calls`: which calls each table has.
    static func joined(_ tables: [(calls: [Int], table: GroupTable)], budget: MemoryBudget) throws(EngineError) -> GroupTable {
        let arena = ConfidentialArena(budget: budget)
        var cells: [Int: AggregateCells] = [:]
        for (calls, table) in tables {
            guard table.groupCount == 1, table.aggregates.count == calls.count else { throw EngineError(.malformedPlan, ["groups"]) }
            for (call, own) in zip(calls, table.aggregates) { cells[call] = try own.first(arena) }
        }
        return GroupTable(
            groupCount: 1, keys: [], aggregates: cells.sorted { $0.key < $1.key }.map(\.value), groupContributors: [], arena: arena)
    }
}

extension AggregateCells {
    /// The cell of the first group, in other memory.
    fileprivate func first(_ arena: ConfidentialArena) throws(EngineError) -> AggregateCells {
        let ownValue = try arena.take(Int128.self, 1), ownCount = try arena.take(Int64.self, 1), ownOverflow = try arena.take(UInt8.self, 1)
        (ownValue[0], ownCount[0], ownOverflow[0]) = (value[0], valueCount[0], overflow[0])
        let row = try arena.take(UInt32.self, 1)
        let values = try openValues.map { (values) throws(EngineError) in try GatherBuffer(values.type, capacity: 1, arena: arena).gather(values, row, 1) }
        return AggregateCells(
            value: ownValue, valueCount: ownCount, overflow: ownOverflow, openValues: values, dimensions: [], branchContributors: [])
    }
}
