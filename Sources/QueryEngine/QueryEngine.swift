// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryPlan
import Synchronization
import Tabular

/// Runs approved plans over encrypted tables, and finishes what the gate released.
public struct QueryEngine: Sendable {
    /// Threads of one execution, at least 1.
    public let workers: Int
    /// Confidential memory of one execution.
    public let memoryLimitBytes: Int

    package let ceilings: EngineLimits.Ceilings

    public init(workers: Int, memoryLimitBytes: Int) {
        self.init(workers: workers, memoryLimitBytes: memoryLimitBytes, ceilings: EngineLimits.Ceilings())
    }

    package init(workers: Int, memoryLimitBytes: Int, ceilings: EngineLimits.Ceilings) {
        self.workers = workers
        self.memoryLimitBytes = memoryLimitBytes
        self.ceilings = ceilings
    }

    /// Computes the cells of a plan with their evidence. `parameters` have the values of the plan's parameters, `scans` a scan for
    /// each table reference. The result does not depend on the number of workers nor on how rows lie in blocks and partitions.
    ///
    /// `spill`: where aggregations and joins put rows that do not fit memory; without it they end when memory runs out.
    ///
    /// Errors: `EngineError`. No value of a table makes it fail, except that memory, groups, rows or `spill` run out.
    public func execute(
        _ approved: ApprovedPlan, parameters: [String: Literal], scans: [Int: any TableScan], spill: (any SpillStore)? = nil
    ) throws(EngineError) -> UnreleasedResult {
        switch try run(ExecutionPlan(approved, parameters: parameters), scans: scans, spill: spill) {
        case .groups(let table):
            UnreleasedResult(
                rules: approved.rules, groupCount: table.groupCount, keys: table.keys, aggregates: table.aggregates,
                groupContributors: table.groupContributors, arena: table.arena)
        case .rows(let batches, let arena): UnreleasedResult(rules: approved.rules, openRows: batches, arena: arena)
        }
    }

    /// What an execution yields before it is wrapped for the gate.
    package enum Outcome {
        case groups(GroupTable)
        case rows([[ColumnVector]], arena: ConfidentialArena)
    }

    /// The part of `execute` behind the wall of `ApprovedPlan`. In memory first; when that does not do, what it held is wiped and the
    /// plan is run again with room beside memory.
    package func run(_ plan: ExecutionPlan, scans: [Int: any TableScan], spill: (any SpillStore)? = nil) throws(EngineError) -> Outcome {
        let admission = Admission(
            plan: plan, relation: plan.orderedRows(scans), rowCounts: scans.mapValues(\.rowCount), memoryLimitBytes: memoryLimitBytes, ceilings: ceilings)
        try admission.check()
        let budget = MemoryBudget(limitBytes: memoryLimitBytes, wipers: min(workers, EngineLimits.workers))
        guard let spill else { return try run(plan, scans, budget, nil) }
        if ceilings.spillRows == .max {
            do throws(EngineError) {
                return try run(plan, scans, budget, nil)
            } catch {
                guard budget.takeRefusal() else { throw error }
            }
        }
        return try run(plan, scans, budget, SpillSpace(store: spill))
    }

    private func run(
        _ plan: ExecutionPlan, _ scans: [Int: any TableScan], _ budget: MemoryBudget, _ space: SpillSpace?
    ) throws(EngineError) -> Outcome {
        let execution = Execution(plan, scans: scans, workers: workers, budget: budget, ceilings: ceilings, space: space)
        do throws(EngineError) {
            switch plan.release {
            case .rows: return try execution.collectRows()
            case .aggregate(let aggregation):
                if let space { return .groups(try execution.spillingAggregate(aggregation, space)) }
                return .groups(try execution.aggregate(aggregation))
            }
        } catch {
            // A table that found no room for its buffers ends as everything does that finds none.
            guard error.code == .scanFailed, budget.hasRefused else { throw error }
            throw EngineError(.resourceExhausted)
        }
    }
}

extension Execution {
    /// The release node's groups. `rows`: its input where that is prepared already.
    func aggregate(_ aggregation: Aggregation, of rows: PreparedRelation? = nil) throws(EngineError) -> GroupTable {
        if plan.rules.isOpen, plan.dimensions.isEmpty, !aggregation.keys.isEmpty { return try openGroups(aggregation, of: rows) }
        let states = stage()
        for trustsOwnEntity in [true, false] {
            guard let (layout, workers) = try aggregate(aggregation, of: rows, trustsOwnEntity: trustsOwnEntity, states) else { break }
            if trustsOwnEntity, layout.isOwnEntityWrong.load(ordering: .relaxed) { continue }
            let merge = try GroupMerge(layout, workers, threads: self.workers, arena: states.arena)
            return try GroupTable(layout, merge, arena: arena)
        }
        throw EngineError(.malformedPlan, ["groups"])
    }

    /// Columns of the rows that the release node's aggregation reads.
    func needed(_ aggregation: Aggregation) -> Set<Int> {
        var needed = aggregation.columns
        for conditions in plan.branchConditions { for condition in conditions { condition.collectColumns(into: &needed) } }
        for weight in plan.weights.values { weight.collectColumns(into: &needed) }
        return needed
    }

    /// The plan's rows as they are run: over open tables joins come in the order that promises least work.
    var orderedRows: LogicalPlan {
        plan.orderedRows(scans)
    }

    /// Nil when a right side that is watched has a key twice.
    func aggregate(
        _ aggregation: Aggregation, of prepared: PreparedRelation?, trustsOwnEntity: Bool, _ states: Execution
    ) throws(EngineError) -> (AggregateLayout, [AggregateOperator])? {
        let rows = stage()
        let relation = try rows.prepare(orderedRows, needed: needed(aggregation), unless: prepared)
        if let watch, !watch.isUnique { return nil }
        let layout = try AggregateLayout(
            plan, aggregation, trustsOwnEntity: trustsOwnEntity, isInOrder: relation.isInOrder, ceilings, arena: arena)
        let workers = try rows.run(relation, keepsEntitiesTogether: layout.isRun.contains(true)) { () throws(EngineError) in
            try AggregateOperator(layout, self.plan, arena: states.arena)
        }
        return (layout, workers)
    }

    func collectRows() throws(EngineError) -> QueryEngine.Outcome {
        guard plan.rules.isOpen, plan.dimensions.isEmpty else { throw EngineError(.malformedPlan, ["rows"]) }
        let needed = Set(plan.rows.output.indices)
        let shown = ShownRows(plan.finishing)
        guard shown.isSelective else {
            let rows = try collect(orderedRows, needed: needed, extra: [], rowsMaximum: ceilings.openRows)
            return .rows([rows.columns.compactMap(\.self)], arena: arena)
        }
        // Only what may be shown counts.
        let scratch = stage()
        let rows = try scratch.collect(orderedRows, needed: needed, extra: [], rowsMaximum: ceilings.keptRows)
        let choice = try scratch.choose(rows.columns, rows.count, shown)
        guard choice.count <= ceilings.openRows else { throw EngineError(.resourceExhausted) }
        var columns: [ColumnVector] = []
        for column in rows.columns.compactMap(\.self) {
            columns.append(try GatherBuffer(column.type, capacity: choice.count, arena: arena).gather(column, choice.rows, choice.count))
        }
        return .rows([columns], arena: arena)
    }
}
