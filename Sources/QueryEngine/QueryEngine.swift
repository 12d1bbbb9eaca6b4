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
    /// Errors: `EngineError`. No value of a table makes it fail, except that memory, groups or rows run out.
    public func execute(
        _ approved: ApprovedPlan, parameters: [String: Literal], scans: [Int: any TableScan]
    ) throws(EngineError) -> UnreleasedResult {
        switch try run(ExecutionPlan(approved, parameters: parameters), scans: scans) {
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

    /// The part of `execute` behind the wall of `ApprovedPlan`.
    package func run(_ plan: ExecutionPlan, scans: [Int: any TableScan]) throws(EngineError) -> Outcome {
        let execution = Execution(plan, scans: scans, workers: workers, memoryLimitBytes: memoryLimitBytes, ceilings: ceilings)
        switch plan.release {
        case .rows: return try execution.collectRows()
        case .aggregate(let aggregation): return .groups(try execution.aggregate(aggregation))
        }
    }
}

extension Execution {
    func aggregate(_ aggregation: Aggregation) throws(EngineError) -> GroupTable {
        var needed: Set<Int> = []
        for key in aggregation.keys { key.collectColumns(into: &needed) }
        for call in aggregation.calls { call.argument?.collectColumns(into: &needed) }
        for conditions in plan.branchConditions { for condition in conditions { condition.collectColumns(into: &needed) } }
        let relation = try prepare(plan.rows, needed: needed)
        var layout = try AggregateLayout(plan, aggregation, trustsOwnEntity: true, ceilings, arena: arena)
        var workers = try run(relation, layout)
        if layout.isOwnEntityWrong.load(ordering: .relaxed) {
            layout = try AggregateLayout(plan, aggregation, trustsOwnEntity: false, ceilings, arena: arena)
            workers = try run(relation, layout)
        }
        let merge = try GroupMerge(layout, workers, threads: self.workers, arena: arena)
        return try GroupTable(layout, merge, arena: arena)
    }

    private func run(_ relation: PreparedRelation, _ layout: AggregateLayout) throws(EngineError) -> [AggregateOperator] {
        try run(relation, keepsEntitiesTogether: layout.isRun.contains(true)) { () throws(EngineError) in
            try AggregateOperator(layout, self.plan, arena: self.arena)
        }
    }

    func collectRows() throws(EngineError) -> QueryEngine.Outcome {
        guard plan.rules.isOpen, plan.dimensions.isEmpty else { throw EngineError(.malformedPlan, ["rows"]) }
        let output = plan.rows.output
        let relation = try prepare(plan.rows, needed: Set(output.indices))
        let layout = try CollectLayout(
            output.enumerated().map { (.column($0), $1.type) }, rowsMaximum: ceilings.openRows,
            textBytesMaximum: ceilings.textPoolBytes, arena: arena)
        let workers = try run(relation, keepsEntitiesTogether: false) { () throws(EngineError) in
            try CollectOperator(layout, arena: self.arena)
        }
        return .rows([try layout.assemble(workers, arena: arena).vectors], arena: arena)
    }
}
