// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// Aggregations and joins that put rows aside give what they give in memory: against the interpreter, on random tables and plans.
@Suite struct SpillTests {
    /// `rows`: of a part that is tried in memory.
    static func ceilings(rows: Int, parts: Int = 3) -> EngineLimits.Ceilings {
        var ceilings = EngineLimits.Ceilings()
        ceilings.spillRows = rows
        ceilings.spillParts = parts
        ceilings.spillLevels = 6
        return ceilings
    }

    // MARK: Random plans

    @Test(arguments: [UInt64](0..<8)) func protectedGroupsAgree(batch: UInt64) throws {
        for seed in (batch * 25)..<(batch * 25 + 25) { try groupsAgree(seed, isOpen: false) }
    }

    @Test(arguments: [UInt64](0..<4)) func openGroupsAgree(batch: UInt64) throws {
        for seed in (10_000 + batch * 25)..<(10_000 + batch * 25 + 25) { try groupsAgree(seed, isOpen: true) }
    }

    private func groupsAgree(_ seed: UInt64, isOpen: Bool) throws {
        var plans = RandomPlans(seed: seed)
        let testCase = plans.makeCase(isOpen: isOpen)
        let tables = testCase.tables(&plans)
        let expected = NaiveInterpreter(testCase.plan, tables: tables).groups(testCase.aggregation)
        for (workers, rows) in [(1, 1_000), (3, 1_000), (1, 12), (3, 4)] {
            let engine = QueryEngine(workers: workers, memoryLimitBytes: 512 << 20, ceilings: Self.ceilings(rows: rows))
            let outcome: QueryEngine.Outcome
            do { outcome = try engine.run(testCase.plan, scans: testCase.scans(tables), spill: MemorySpill(seed: seed)) } catch {
                // Rows of one key cannot be parted.
                #expect(rows < 1_000 && error == EngineError(.resourceExhausted), "seed \(seed), workers \(workers), rows \(rows), \(error)")
                continue
            }
            guard case .groups(let table) = outcome else {
                Issue.record("no groups, seed \(seed)")
                return
            }
            let actual = Dictionary(uniqueKeysWithValues: GroupReading.groups(table).map { ($0.keys, $0) })
            #expect(Set(actual.keys) == Set(expected.keys), "keys, seed \(seed), workers \(workers), rows \(rows)")
            for (keys, group) in expected {
                let wanted = GroupReading.tolerating(GroupReading.bounded(group), actual[keys], testCase.aggregation)
                #expect(actual[keys] == wanted, "seed \(seed), workers \(workers), rows \(rows)")
            }
        }
    }

    @Test(arguments: [UInt64](0..<8)) func relationsAgree(batch: UInt64) throws {
        for seed in (batch * 60)..<(batch * 60 + 60) { try relationAgrees(seed, isInner: false) }
    }

    @Test(arguments: [UInt64](0..<4)) func innerJoinsAgree(batch: UInt64) throws {
        for seed in (batch * 25)..<(batch * 25 + 25) { try relationAgrees(seed, isInner: true) }
    }

    private func relationAgrees(_ seed: UInt64, isInner: Bool) throws {
        var plans = RandomPlans(seed: seed &* 7_919 &+ 5)
        let testCase = isInner ? plans.innerJoinCase() : plans.relationCase()
        let expected = RelationTests.bag(NaiveInterpreter(Build.open(testCase.plan, .rows), tables: testCase.tables(&plans)).rows().map(\.values))
        for (workers, rows) in [(1, 1_000), (3, 0), (2, 4), (3, 12)] {
            // No part of more rows than this is joined in memory; 0: not even one, but what is empty.
            let actual: [[Literal]: Int]
            do {
                actual = RelationTests.bag(
                    try RelationTests.rows(
                        testCase.plan, testCase.tables(&plans), workers: workers, ceilings: Self.ceilings(rows: rows), spill: MemorySpill(seed: seed)))
            } catch let error as EngineError {
                #expect(rows < 1_000 && error == EngineError(.resourceExhausted), "seed \(seed), workers \(workers), rows \(rows), \(error)")
                continue
            }
            if actual != expected {
                Issue.record("seed \(seed), workers \(workers), rows \(rows): \(RelationTests.shape(testCase.plan)) \(RelationTests.difference(actual, expected))")
                return
            }
        }
    }
}
