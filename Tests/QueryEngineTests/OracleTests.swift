// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// The engine against the row-by-row interpreter, on random tables and plans.
@Suite struct OracleTests {
    @Test(arguments: [UInt64](0..<8)) func protectedPlansAgree(batch: UInt64) throws {
        for seed in (batch * 25)..<(batch * 25 + 25) { try agree(seed, isOpen: false) }
    }

    @Test(arguments: [UInt64](0..<4)) func openPlansAgree(batch: UInt64) throws {
        for seed in (10_000 + batch * 25)..<(10_000 + batch * 25 + 25) { try agree(seed, isOpen: true) }
    }

    private func agree(_ seed: UInt64, isOpen: Bool) throws {
        var plans = RandomPlans(seed: seed)
        let testCase = plans.makeCase(isOpen: isOpen)
        let tables = testCase.tables(&plans)
        let interpreter = NaiveInterpreter(testCase.plan, tables: tables)
        let expected = interpreter.groups(testCase.aggregation)
        var isFirst = true
        for workers in [1, 3] {
            // Another layout of the same rows; row numbers differ, what they count does not.
            let stored = isFirst ? tables : testCase.tables(&plans)
            isFirst = false
            let engine = QueryEngine(workers: workers, memoryLimitBytes: 512 << 20)
            guard case .groups(let table) = try engine.run(testCase.plan, scans: testCase.scans(stored)) else {
                Issue.record("no groups, seed \(seed)")
                return
            }
            let actual = Dictionary(uniqueKeysWithValues: GroupReading.groups(table).map { ($0.keys, $0) })
            #expect(Set(actual.keys) == Set(expected.keys), "keys, seed \(seed), workers \(workers)")
            for (keys, group) in expected {
                let wanted = GroupReading.tolerating(GroupReading.bounded(group), actual[keys], testCase.aggregation)
                #expect(actual[keys] == wanted, "seed \(seed), workers \(workers)")
            }
            let isInScope = testCase.plan.rules.aggregates.allSatisfy { $0.kind != .openValue } && !GroupReading.hasOverflow(expected)
            if isInScope { try compareRelease(table, testCase, interpreter, seed) }
        }
    }

    private func compareRelease(_ table: GroupTable, _ testCase: RandomPlans.Case, _ interpreter: NaiveInterpreter, _ seed: UInt64) throws {
        let result = UnreleasedResult(
            rules: testCase.plan.rules, groupCount: table.groupCount, keys: table.keys, aggregates: table.aggregates,
            groupContributors: table.groupContributors, arena: table.arena)
        let expected = NaiveGate(rules: testCase.plan.rules).release(
            interpreter.gateRows(testCase.aggregation), hasKeys: !testCase.aggregation.keys.isEmpty)
        let released = try result.release()
        #expect(released.rows == expected.rows, "gate, seed \(seed)")
        #expect(released.reasons == expected.reasons, "gate, seed \(seed)")
    }
}
