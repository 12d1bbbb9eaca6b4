// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

/// Refuses what the sizes of tables alone, and the fan-out that policies declare, show to be impossible, before a block is read. Sizes of
/// open tables are public, so these refusals name them; protected ones count in steps of powers of two and are not named. What depends on
/// rows is left to the run, and ends there in the one code without a number.
struct Admission {
    let plan: ExecutionPlan
    /// The plan's rows as they will be run.
    let relation: LogicalPlan
    let rowCounts: [Int: Int]
    let memoryLimitBytes: Int
    let ceilings: EngineLimits.Ceilings

    /// Throws `engine.join-too-large`, `engine.protected-join-too-large`, `engine.result-too-large` or `engine.memory-too-small`.
    func check() throws(EngineError) {
        try checkJoins()
        guard plan.rules.isOpen, plan.dimensions.isEmpty, case .rows = plan.release, !ShownRows(plan.finishing).isSelective else { return }
        let rows = leastRows(plan.rows)
        guard rows <= ceilings.openRows else { throw EngineError(.resultTooLarge, [String(rows), String(ceilings.openRows)]) }
        let rowBytes = plan.rows.output.reduce(0) { $0 + $1.type.physical.strideBytes }
        let (bytes, overflow) = rows.multipliedReportingOverflow(by: rowBytes)
        guard !overflow, bytes <= memoryLimitBytes else {
            throw EngineError(.memoryTooSmall, [String(rows), String(memoryLimitBytes >> 20)])
        }
    }

    private func checkJoins() throws(EngineError) {
        let isPublic = plan.rules.isOpen && plan.dimensions.isEmpty
        let declared = DeclaredRows(plan: plan, rowCounts: isPublic ? rowCounts : rowCounts.mapValues(Self.rounded))
        guard let rows = declared.largestJoin(relation), rows > ceilings.joinedRows else { return }
        guard isPublic else { throw EngineError(.protectedJoinTooLarge, [String(ceilings.joinedRows)]) }
        throw EngineError(.joinTooLarge, [String(rows), String(ceilings.joinedRows)])
    }

    /// The next power of two.
    private static func rounded(_ rows: Int) -> Int {
        rows <= 1 ? rows : 1 << min(Int.bitWidth - (rows - 1).leadingZeroBitCount, Int.bitWidth - 2)
    }

    /// How many rows a relation has at least, whatever its rows are.
    private func leastRows(_ plan: LogicalPlan) -> Int {
        switch plan {
        case .scan(let scan): rowCounts[scan.reference] ?? 0
        case .filter: 0
        case .project(let project): leastRows(project.input)
        case .window(let window): leastRows(window.input)
        case .sort(let sort): sort.limit == nil && sort.offset == 0 ? leastRows(sort.input) : 0
        case .union(let union): union.inputs.reduce(0) { sum($0, leastRows($1)) }
        case .aggregate(let aggregate): aggregate.aggregation.keys.isEmpty || leastRows(aggregate.input) > 0 ? 1 : 0
        case .join(let join):
            switch join.kind {
            case .inner, .semi, .anti: 0
            case .left, .mark, .single: leastRows(join.left)
            case .full: max(leastRows(join.left), leastRows(join.right))
            }
        }
    }

    private func sum(_ one: Int, _ other: Int) -> Int {
        let (sum, overflow) = one.addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
