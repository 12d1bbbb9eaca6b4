// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryEngine
import QueryPlan
import Tabular
import TestBasics
import TestSupport
import Testing

/// Evidence in run dimensions over many batches: values that lack now and then, often and always, entities whose sums leave 32 bits.
@Suite struct RunTests {
    static let cost = LogicalType.decimal(precision: 12, scale: 2)
    static let columns: [(name: String, type: LogicalType)] = [("place", .int64), ("cost", cost), ("other", cost)]

    /// `lacking`: of so many rows one has no value. `isLate`: only of the second half.
    static func rows(_ count: Int, groups: Int, lacking: Int, isLate: Bool, largest: Int, seed: UInt64) -> [MemoryTable.Row] {
        var random = SplitMix64(seed: seed)
        var rows: [MemoryTable.Row] = []
        var entity: UInt32 = 0
        while rows.count < count {
            // Some entities have no value anywhere, and most have several rows of a group.
            let isAbsent = random.below(lacking) == 0, own = random.below(groups)
            for _ in 0..<(1 + random.below(6)) {
                let place = random.chance(70) ? own : random.below(groups)
                let lacks = isAbsent || random.below(lacking) == 0
                let value: Literal = lacks && (!isLate || rows.count * 2 > count) ? .null : .decimal(units: Int128(random.below(largest)), scale: 2)
                let other: Literal = random.below(lacking) == 0 ? .null : .decimal(units: Int128(random.below(100) - 30), scale: 2)
                rows.append(.init(values: [.int64(Int64(place)), value, other], entities: [entity]))
            }
            entity += 1
        }
        return rows
    }

    static func plan(_ table: MemoryTable, _ calls: [AggregateCall], clamp: ReleaseRules.Clamp?) -> ExecutionPlan {
        let aggregation = Build.aggregation([Build.column(0, .int64)], calls)
        let rules = calls.map { Build.rule($0, clamp: $0.function == .sum || $0.function == .average ? clamp : nil) }
        return ExecutionPlan(
            rows: Build.scan(0, table), release: .aggregate(aggregation),
            rules: ReleaseRules(
                isOpen: false,
                dimensions: ["person", "row"].map { .init(entity: $0, minimumContributors: 3, mayBeAbsent: false) }, aggregates: rules),
            dimensions: [
                DimensionSource(reference: 0, kind: .entity(type: "person", isOrderingEntity: true)), DimensionSource(reference: 0, kind: .row),
            ], scans: [0: ScanRequirement(table: "t", entities: ["person"])], branchConditions: calls.map { _ in [] }, parameters: [:])
    }

    @Test(arguments: [2, 20, 40, 200, 1_000_000]) func agrees(lacking: Int) throws {
        let value = Build.column(1, Self.cost), other = Build.column(2, Self.cost)
        let calls = [
            Build.aggregate(.sum, value), Build.aggregate(.average, value), Build.aggregate(.count, value), Build.aggregate(.countRows, nil),
            Build.aggregate(.count, other), Build.aggregate(.sum, other),
        ]
        for (largest, isLate) in [(6_000, false), (6_000, true), (3_000_000_000, false)] {
            for clamp in [nil, ReleaseRules.Clamp(lower: -50, upper: 9_000, dimension: 0)] {
                let rows = Self.rows(3_000, groups: 9, lacking: lacking, isLate: isLate, largest: largest, seed: UInt64(lacking))
                for (blockRows, workers) in [(64, 1), (500, 3)] {
                    let table = MemoryTable(columns: Self.columns, entityTypes: ["person"], rows: rows, blockRows: blockRows, partitionRows: 700)
                    let plan = Self.plan(table, calls, clamp: clamp)
                    guard case .aggregate(let aggregation) = plan.release else { return }
                    let expected = NaiveInterpreter(plan, tables: [0: table]).groups(aggregation)
                    guard case .groups(let groups) = try EngineTests.engine(workers: workers).run(plan, scans: [0: table]) else {
                        Issue.record("no groups")
                        return
                    }
                    let actual = Dictionary(uniqueKeysWithValues: GroupReading.groups(groups).map { ($0.keys, $0) })
                    #expect(actual.count == expected.count)
                    for (keys, group) in expected { #expect(actual[keys] == GroupReading.bounded(group), "\(lacking) \(largest) \(isLate)") }
                }
            }
        }
    }
}
