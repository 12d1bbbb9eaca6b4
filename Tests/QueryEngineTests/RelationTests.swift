// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// Every node of the plan over open tables, against the literal interpreter, whatever the workers and the layout of the tables.
@Suite struct RelationTests {
    @Test(arguments: [UInt64](0..<8)) func relationsAgree(batch: UInt64) throws {
        for seed in (batch * 60)..<(batch * 60 + 60) { try agree(seed) }
    }

    /// Whatever order the joins come in.
    @Test(arguments: [UInt64](0..<4)) func innerJoinsAgree(batch: UInt64) throws {
        for seed in (batch * 25)..<(batch * 25 + 25) { try agree(seed, isInner: true) }
    }

    private func agree(_ seed: UInt64, isInner: Bool = false) throws {
        var plans = RandomPlans(seed: seed &* 7_919 &+ 5)
        let testCase = isInner ? plans.innerJoinCase() : plans.relationCase()
        let expected = Self.bag(NaiveInterpreter(Build.open(testCase.plan, .rows), tables: testCase.tables(&plans)).rows().map(\.values))
        for workers in [1, 2, 3] {
            let rows = try Self.rows(testCase.plan, testCase.tables(&plans), workers: workers)
            let actual = Self.bag(rows)
            if actual != expected {
                Issue.record("seed \(seed), workers \(workers): \(Self.shape(testCase.plan)) \(Self.difference(actual, expected))")
                return
            }
        }
    }

    static func bag(_ rows: [[Literal]]) -> [[Literal]: Int] { rows.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

    /// The nodes of a plan, for messages.
    static func shape(_ plan: LogicalPlan) -> String {
        let name =
            switch plan {
            case .scan: "scan"
            case .filter: "filter"
            case .project: "project"
            case .join(let join): "\(join.kind.rawValue)\(join.keys.count)\(join.residual == nil ? "" : "r")\(join.isNullAware ? "n" : "")"
            case .aggregate: "aggregate"
            case .window(let window): "window" + window.calls.map { "\($0.function.rawValue) \($0.frame)" }.joined(separator: ",")
            case .sort: "sort"
            case .union: "union"
            }
        return name + (plan.inputs.isEmpty ? "" : "(" + plan.inputs.map(shape).joined(separator: ", ") + ")")
    }

    static func difference(_ actual: [[Literal]: Int], _ expected: [[Literal]: Int]) -> String {
        let over = actual.filter { expected[$0.key] != $0.value }, missing = expected.filter { actual[$0.key] != $0.value }
        return "\(Array(over.prefix(2))) instead of \(Array(missing.prefix(2)))"
    }

    static func rows(
        _ plan: LogicalPlan, _ tables: [Int: MemoryTable], workers: Int = 2, memory: Int = 512 << 20, ceilings: EngineLimits.Ceilings = .init(),
        spill: MemorySpill? = nil
    ) throws -> [[Literal]] {
        let engine = QueryEngine(workers: workers, memoryLimitBytes: memory, ceilings: ceilings)
        guard case .rows(let batches, let arena) = try engine.run(
            Build.open(plan, .rows), scans: tables.mapValues { $0 as any TableScan }, spill: spill)
        else { throw EngineError(.malformedPlan) }
        return withExtendedLifetime(arena) {
            batches.flatMap { batch in (0..<(batch.first?.count ?? 0)).map { row in batch.map { GroupReading.literal($0, row) } } }
        }
    }
}
