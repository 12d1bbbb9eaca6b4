// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DisclosureControl
import Tabular
import Testing
import TestSupport

@Suite struct ReleaseTests {
    private let open = ReleaseRules(isOpen: true, dimensions: [], aggregates: [])

    @Test func rowsComeSortedByKeyWithNullLast() throws {
        let orders: [(LogicalType, [Literal])] = [
            (.text, [.text(""), .text("B"), .text("a"), .text("aa"), .text("中"), .text("市"), .text("\u{1F600}"), .null]),
            (.int64, [.int64(.min), .int64(-1), .int64(0), .int64(10), .int64(.max), .null]),
            (.decimal(precision: 30, scale: 2), [.decimal(units: -5, scale: 2), .decimal(units: 1 << 90, scale: 2), .null]),
            (.decimal(precision: 10, scale: 1), [.decimal(units: -5, scale: 1), .decimal(units: 100, scale: 1)]),
            (.date, [.date(days: -3), .date(days: 20_000), .null]), (.timestamp, [.timestamp(microseconds: -1), .timestamp(microseconds: 5)]),
            (.bool, [.bool(false), .bool(true), .null]), (.double, [.double(-.infinity), .double(-1), .double(2), .double(.infinity)]),
        ]
        let rules = Cases.rules([Cases.aggregate(.count)], minimum: 1)
        for (type, keys) in orders {
            let released = try Cases.release(keys.reversed().flatMap { Cases.rows([1], key: $0) }, rules, keyTypes: [type])
            #expect(released.rows.map { $0[0] } == keys.map { .value($0) })
        }
    }

    @Test func laterKeysDecideTies() throws {
        let rules = Cases.rules([Cases.aggregate(.count)], minimum: 1)
        let keys: [[Literal]] = [[.int64(1), .text("a")], [.int64(1), .text("b")], [.int64(2), .text("a")], [.null, .text("a")]]
        let rows = keys.reversed().map { NaiveRow(keys: $0, entities: [1], arguments: [.init(value: .int64(1))]) }
        let released = try Cases.release(rows, rules, keyTypes: [.int64, .text])
        #expect(released.rows.map { $0.dropLast() } == keys.map { $0.map { .value($0) }[...] })
    }

    @Test func openRowsLeaveInTheirOrder() throws {
        let evidence = Evidence(open)
        let batches: [[Literal]] = [[.int64(3), .null], [], [.int64(1)]]
        let result = UnreleasedResult(
            rules: open, openRows: batches.map { [evidence.vector(.int64, $0), evidence.vector(.text, $0.map { _ in .text("甲") })] },
            arena: evidence.arena)
        let released = try result.release()
        #expect(released.rows == ([.int64(3), .null, .int64(1)] as [Literal]).map { [.value($0), .value(.text("甲"))] })
        #expect(released.record.isOpen)
        #expect(released.record.document["small_groups"] == nil)
    }

    @Test func rowsOfProtectedTablesNeverLeave() throws {
        let rules = Cases.rules([])
        let evidence = Evidence(rules)
        let result = UnreleasedResult(rules: rules, openRows: [[evidence.vector(.int64, [.int64(1)])]], arena: evidence.arena)
        #expect(try result.release().rows.isEmpty)
    }

    @Test func openCellsLeaveAsTheyAre() throws {
        let rules = ReleaseRules(
            isOpen: true, dimensions: [], aggregates: [Cases.aggregate(.count, base: 10), Cases.aggregate(.sum(scale: 0)), Cases.aggregate(.openValue)])
        let evidence = Evidence(rules)
        func cells(_ value: Int128, _ count: Int64, _ open: ColumnVector? = nil) -> AggregateCells {
            AggregateCells(
                value: evidence.buffer([value]), valueCount: evidence.buffer([count]), overflow: evidence.buffer([UInt8(0)]),
                openValues: open, dimensions: [], branchContributors: [])
        }
        let result = UnreleasedResult(
            rules: rules, groupCount: 1, keys: [evidence.vector(.int64, [.int64(2010)])],
            aggregates: [cells(1, 1), cells(0, 0), cells(0, 0, evidence.vector(.double, [.double(1.5)]))], groupContributors: [],
            arena: evidence.arena)
        #expect(try result.release().rows == [[.value(.int64(2010)), .value(.int64(1)), .value(.null), .value(.double(1.5))]])
    }

    @Test func openValuesOfProtectedTablesAreWithheld() throws {
        let rules = Cases.rules([Cases.aggregate(.openValue)])
        #expect(try Cases.cell(Cases.rows([1, 2, 3]), rules) == .withheld)
    }

    @Test func entityNumbersAreRefused() throws {
        let evidence = Evidence(open)
        let result = UnreleasedResult(
            rules: open, openRows: [[evidence.vector(.entity("person"), [.int64(1)])]], arena: evidence.arena)
        #expect(throws: DisclosureError(.entityColumn)) { try result.release() }
        let rules = Cases.rules([Cases.aggregate(.count)])
        #expect(throws: DisclosureError(.entityColumn)) {
            try Cases.release(Cases.rows([1, 1, 1], key: .int64(1)), rules, keyTypes: [.entity("person")])
        }
    }

    @Test func rowsAtTheLimitLeaveAndOneMoreIsRefused() throws {
        func release(_ count: Int) throws -> Int {
            let evidence = Evidence(open)
            let memory = evidence.arena.allocate(bytes: count)!
            let vector = ColumnVector(type: .bool, count: count, values: memory, validity: nil, arena: evidence.arena)
            return try UnreleasedResult(rules: open, openRows: [[vector]], arena: evidence.arena).release().rows.count
        }
        #expect(try release(Limits.releasedRows) == Limits.releasedRows)
        #expect(throws: DisclosureError(.tooManyRows)) { try release(Limits.releasedRows + 1) }
    }

    @Test func cellsAtTheLimitAreFineAndMoreAreRefused() throws {
        let columns = 64
        let rows = Limits.releasedCells / columns
        try Limits.check(rows: rows, columns: columns)
        #expect(throws: DisclosureError(.tooManyCells)) { try Limits.check(rows: rows + 1, columns: columns) }
        #expect(throws: DisclosureError(.tooManyCells)) { try Limits.check(rows: 2, columns: .max) }
        let evidence = Evidence(open, arena: ConfidentialArena(limitBytes: 1 << 20))
        let memory = evidence.arena.allocate(bytes: rows + 1)!
        let vector = ColumnVector(type: .null, count: rows + 1, values: memory, validity: nil, arena: evidence.arena)
        let result = UnreleasedResult(rules: open, openRows: [Array(repeating: vector, count: columns)], arena: evidence.arena)
        #expect(throws: DisclosureError(.tooManyCells)) { try result.release() }
    }

    @Test func vanishedGroupsDoNotCountAgainstTheLimit() throws {
        let rules = Cases.rules([])
        let evidence = Evidence(rules)
        let count = Limits.releasedRows + 2
        let key = ColumnVector(type: .bool, count: count, values: evidence.arena.allocate(bytes: count)!, validity: nil, arena: evidence.arena)
        let contributors = evidence.arena.allocate(Int64.self, count: count)!
        contributors[5] = 3
        let result = UnreleasedResult(
            rules: rules, groupCount: count, keys: [key], aggregates: [], groupContributors: [contributors], arena: evidence.arena)
        #expect(try result.release().rows == [[.value(.bool(false))]])
    }

    @Test(arguments: [
        (0, WithheldClass.none), (1, .few), (Limits.severalCells - 1, .few), (Limits.severalCells, .several),
        (Limits.manyCells - 1, .several), (Limits.manyCells, .many), (500, .many),
    ])
    func withheldCellsAreToldInClasses(count: Int, expected: WithheldClass) throws {
        let rules = Cases.rules([Cases.aggregate(.sum(scale: 0))], minimum: 1)
        let rows = (0..<500).map { Cases.row(1, $0 < count ? nil : 1, key: .int64(Int64($0))) }
        #expect(try Cases.release(rows, rules, keyTypes: [.int64]).record.withheld == expected)
    }

    @Test func theRecordIsTheGoldenFile() throws {
        let organisation = ReleaseRules.Dimension(entity: "机构", minimumContributors: 3, mayBeAbsent: true)
        let sum = Cases.aggregate(
            .sum(scale: 2), clamp: .init(lower: 0, upper: 100, dimension: 0),
            dominance: .init(largest: Cases.share(37, 100), twoLargest: Cases.share(73, 100)), branches: 1)
        let rules = Cases.rules([Cases.aggregate(.count, base: 5), sum], minimum: 2, second: organisation)
        let rows = [1, 2].map { entity in
            NaiveRow(
                keys: [.int64(1)], entities: [entity, nil],
                arguments: [.init(value: .int64(1)), .init(value: entity == 1 ? .null : .decimal(units: 1, scale: 2))])
        }
        let released = try Cases.release(rows, rules, keyTypes: [.int64])
        #expect(released.rows == [[.value(.int64(1)), .value(.int64(0)), .withheld]])
        #expect(released.record.document.canonicalBytes == (try ReferenceFiles.bytes("release-record-v1.json")))
        let text = released.record.document.canonicalText
        #expect(!text.contains("37") && !text.contains("73"), "parameters of concentration rules stay secret")
    }

    @Test func unreleasedResultsCannotBeRead() {
        let evidence = Evidence(open)
        let result: Any = UnreleasedResult(rules: open, openRows: [[evidence.vector(.text, [.text("canary")])]], arena: evidence.arena)
        #expect(!(result is any Encodable))
        #expect(!(result is any Decodable))
        #expect(!(result is any CustomStringConvertible))
        #expect(!(result is any CustomDebugStringConvertible))
        #expect(!(result is any TextOutputStreamable))
        #expect(!(result is any CustomReflectable))
        #expect(!(result is any Hashable))
        #expect(!(result is any Sequence))
        var dumped = ""
        dump(result, to: &dumped)
        #expect(!("\(result)" + dumped).contains("canary"))
    }
}
