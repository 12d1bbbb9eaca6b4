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
            let actual = Dictionary(uniqueKeysWithValues: GroupReading.groups(table, testCase).map { ($0.keys, $0) })
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

/// Reads the engine's groups into the oracle's form.
enum GroupReading {
    static func literal(_ vector: ColumnVector, _ row: Int) -> Literal {
        if vector.isNull(row) { return .null }
        switch vector.type {
        case .bool: return .bool(vector.bool[row] != 0)
        case .int64: return .int64(vector.int64[row])
        case .decimal(_, let scale): return .decimal(units: vector.type.physical == .int128 ? vector.int128[row] : Int128(vector.int64[row]), scale: scale)
        case .double: return .double(vector.double[row])
        case .date: return .date(days: vector.int64[row])
        case .timestamp: return .timestamp(microseconds: vector.int64[row])
        case .text: return .text(String(decoding: vector.dictionary!.entry(vector.codes[row]), as: UTF8.self))
        case .entity: return .int64(Int64(vector.entities[row]))
        case .null: return .null
        }
    }

    static func groups(_ table: GroupTable, _ testCase: RandomPlans.Case) -> [NaiveGroup] {
        (0..<table.groupCount).map { group in
            let cells = table.aggregates.enumerated().map { position, cells in
                var cell = NaiveGroup.Cell()
                cell.value = cells.value[group]
                cell.valueCount = cells.valueCount[group]
                cell.isOverflow = cells.overflow[group] != 0
                cell.open = cells.openValues.map { literal($0, group) }
                cell.contributors = cells.dimensions.map { $0.contributors[group] }
                cell.magnitudes = cells.dimensions.compactMap { evidence in
                    evidence.magnitudes.map { [$0.largest[group], $0.second[group], $0.total[group]] }
                }
                cell.branches = cells.branchContributors.map { $0.map { $0[group] } }
                return cell
            }
            return NaiveGroup(
                keys: table.keys.map { literal($0, group) }, contributors: table.groupContributors.map { $0[group] }, cells: cells)
        }
    }

    /// What does not fit decimal(38) is an overflow and reads 0.
    static func bounded(_ group: NaiveGroup) -> NaiveGroup {
        var result = group
        for position in result.cells.indices where ExactDecimal.bounded(result.cells[position].value) == nil {
            result.cells[position].value = 0
            result.cells[position].isOverflow = true
        }
        return result
    }

    /// The expected group with those measures of spread that are equal within 10^-9 taken from the actual one.
    static func tolerating(_ group: NaiveGroup, _ actual: NaiveGroup?, _ aggregation: Aggregation) -> NaiveGroup {
        var result = group
        for (position, call) in aggregation.calls.enumerated() {
            switch call.function {
            case .deviationSample, .deviationPopulation, .varianceSample, .variancePopulation: break
            default: continue
            }
            guard case .double(let wanted)? = group.cells[position].open, case .double(let found)? = actual?.cells[position].open,
                abs(wanted - found) <= 1e-9 * max(abs(wanted), 1)
            else { continue }
            result.cells[position].open = .double(found)
        }
        return result
    }

    static func hasOverflow(_ groups: [[Literal]: NaiveGroup]) -> Bool {
        groups.values.contains { $0.cells.contains { ExactDecimal.bounded($0.value) == nil || $0.magnitudes.contains { $0.contains { $0 > 1 << 90 } } } }
    }
}
