// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import CryptoSuites
import Tabular
import TestBasics
import Testing

/// Rows are ordered by the first entity, blocks end where it changes, and staging does not show.
@Suite struct OrderTests {
    private static func csv(rows: Int, persons: Int, seed: UInt64, isTextWide: Bool = false) -> [UInt8] {
        var generator = SplitMix64(seed: seed)
        var text = "id,person,cost\n"
        for row in 0..<rows {
            let person = Int.random(in: 0...persons, using: &generator)
            text += "v\(row)\(isTextWide ? String(repeating: "x", count: row % 50) : ""),\(person == 0 ? "" : "P\(person)"),\(row).25\n"
        }
        return Array(text.utf8)
    }

    @Test(arguments: [1, 3, 40, 5_000])
    func orderedAndCutBetweenEntities(persons: Int) throws {
        let load = try Workbench().load(Plans.visits(), Self.csv(rows: 140_000, persons: persons, seed: UInt64(persons)))
        let table = try load.open()
        let rows = try load.rows()
        let keys = rows.map { $0[1].flatMap { Int($0) } ?? Int.max }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(table.rowCount == 140_000 && table.blockRowCounts.allSatisfy { $0 <= Limits.blockRows })
        // Within an entity: order of arrival.
        let arrival = rows.map { $0[2].flatMap { Double($0) } ?? -1 }
        #expect(rows.indices.dropFirst().allSatisfy { keys[$0] != keys[$0 - 1] || arrival[$0] > arrival[$0 - 1] })
        #expect(table.partitions.flatMap { Array($0) } == Array(table.blockRowCounts.indices))
        var start = 0
        var seen: Set<Int> = []
        for partition in table.partitions {
            let end = start + table.blockRowCounts[partition].reduce(0, +)
            let here = Set(keys[start..<end]).subtracting([Int.max])
            #expect(seen.isDisjoint(with: here))
            seen.formUnion(here)
            start = end
        }
    }

    @Test func spillingGivesTheSameRows() throws {
        for (seed, isTextWide) in [(1, false), (2, true)] {
            let csv = Self.csv(rows: 40_000, persons: 700, seed: UInt64(seed), isTextWide: isTextWide)
            let inMemory = try Workbench().load(Plans.visits(), csv)
            let spill = NamelessFile()
            let spilled = try Workbench().load(Plans.visits(), csv, spill: spill, budget: 1 << 20)
            #expect(spill.bytes.count > 100_000)
            #expect(try inMemory.rows() == spilled.rows())
            #expect(try inMemory.open().blockRowCounts == spilled.open().blockRowCounts)
        }
    }

    /// One entity with more rows than a block, rows without entity, and threads; parts of the order are read from many runs.
    @Test func manyRunsGiveTheSameRows() throws {
        var text = "id,person,cost\n"
        for row in 0..<150_000 { text += "v\(row % 7_000),\(row % 2 == 0 ? "P1" : row % 11 == 0 ? "" : "P\(row % 900)"),\(row)\n" }
        let csv = Array(text.utf8)
        let inMemory = try Workbench().load(Plans.visits(), csv)
        let (rows, blocks, partitions) = (try inMemory.rows(), try inMemory.open().blockRowCounts, try inMemory.open().partitions)
        for threads in [1, 3] {
            let spill = NamelessFile()
            let spilled = try Workbench().load(Plans.visits(), csv, spill: spill, budget: 1 << 20, threads: threads)
            #expect(spill.bytes.count > 1 << 19)
            #expect(try spilled.rows() == rows)
            let table = try spilled.open()
            #expect(table.blockRowCounts == blocks && table.partitions == partitions)
            withExtendedLifetime(spilled) {}
        }
    }

    /// Good rows, bad ones of every kind, repeated keys; more than one slice and one chunk.
    private static func faultyCSV(rows: Int) -> [UInt8] {
        var text = "id,person,cost\n"
        for row in 0..<rows {
            switch row % 997 {
            case 3: text += "v\(row),P\(row % 50),many\n"
            case 5: text += "v\(row),P\(row % 50)\n"
            case 7: text += ",P\(row % 50),x\n"
            case 11: text += "v\(row - 1),P\(row % 50),1\n"
            default: text += "v\(row),\(row % 31 == 0 ? "" : "Ｐ\(row % 700)"),\(row).25\n"
            }
        }
        return Array(text.utf8)
    }

    @Test func threadsDoNotShow() throws {
        let csv = Self.faultyCSV(rows: 70_000)
        let old = try Workbench().load(Plans.visits(), Self.csv(rows: 500, persons: 20, seed: 4))
        for mode in [LoadMode.replace, .upsert] {
            let plan = mode == .upsert ? Plans.visits(2, mode: mode, upsertKey: ["编号"]) : Plans.visits()
            var all: [(rows: [[String?]], reject: [UInt8], blocks: [Int])] = []
            for threads in [1, 2, 5] {
                let reject = NamelessFile()
                let load = try Workbench().load(
                    plan, csv, directories: mode == .upsert ? ["person": try old.directory("person")] : [:],
                    previous: mode == .upsert ? try old.open() : nil, reject: reject, threads: threads)
                all.append((try load.rows(), reject.bytes, try load.open().blockRowCounts))
            }
            #expect(all[0].rows.count > 69_000 && all[0].reject.count > 1_000)
            for other in all.dropFirst() {
                #expect(other.rows == all[0].rows && other.reject == all[0].reject && other.blocks == all[0].blocks)
            }
        }
    }

    @Test func mostThreads() {
        #expect(LoadThreads(count: Limits.threads).count == Limits.threads)
        #expect(LoadThreads(count: Limits.threads + 1).count == Limits.threads)
        #expect(LoadThreads(count: 0).count == 1)
    }

    @Test func spillHoldsNoPlaintext() throws {
        let csv = Array(("id,person,cost\n" + (0..<40_000).map { "CANARY\($0),P\($0 % 9),1\n" }.joined()).utf8)
        let spill = NamelessFile()
        let load = try Workbench().load(Plans.visits(), csv, spill: spill, budget: 1 << 20)
        let canary = Array("CANARY".utf8)
        for file in load.outputs + [spill] { #expect(!file.bytes.contains(canary)) }
        #expect(csv.contains(canary))
    }

    @Test func overBudgetWithoutSpillIsRefused() throws {
        let csv = Self.csv(rows: 40_000, persons: 700, seed: 1)
        #expect(throws: StoreError(.spillMissing)) { try Workbench().load(Plans.visits(), csv, budget: 1 << 20) }
    }

    /// Rows that need no order leave as finished blocks: nothing is put aside, and the budget does not show.
    @Test func withoutEntityNothingIsPutAside() throws {
        let csv = Array(("v,w\n" + (0..<200_000).map { "\($0),\($0 % 9 == 0 ? "" : "1")\n" }.joined()).utf8)
        let blocks = try Workbench().load(Plans.one(.int64), csv).open().blockRowCounts
        for threads in [1, 3] {
            let load = try Workbench().load(Plans.one(.int64), csv, budget: 1 << 20, threads: threads)
            let rows = try load.rows([.column("v")])
            #expect(rows.count == 200_000 && rows.indices.allSatisfy { rows[$0][0] == String($0) })
            #expect(try load.open().blockRowCounts == blocks)
        }
    }

    /// Texts of three kinds while blocks leave: a dictionary that fills up later, one that does not pay, and rows that are refused.
    @Test func dictionariesOfBlocksThatLeave() throws {
        var ceilings = Limits.Ceilings()
        ceilings.dictionaryEntries = 5_000
        for isDistinctFromTheStart in [false, true] {
            func text(_ row: Int) -> String { isDistinctFromTheStart || row > 150_000 ? "k\(row)" : "k\(row % 3_000)" }
            let csv = Array(("v,w\n" + (0..<220_000).map { "\(text($0)),\($0 % 1_000 == 999 ? "x" : "1")\n" }.joined()).utf8)
            let (reject, good) = (NamelessFile(), (0..<220_000).filter { $0 % 1_000 != 999 })
            let load = try Workbench().load(Plans.one(.text), csv, reject: reject, budget: 1 << 20, ceilings: ceilings)
            let rows = try load.rows([.column("v")])
            #expect(rows.count == good.count && zip(rows, good).allSatisfy { $0[0] == text($1) })
            #expect(load.report?.rejectedRows == 220)
        }
    }

    @Test func textsThatBeginBehindBlocksThatLeft() throws {
        let csv = Array(("v,w\n" + (0..<150_000).map { $0 < 140_000 ? ",1\n" : "k\($0 % 3),1\n" }.joined()).utf8)
        let load = try Workbench().load(Plans.one(.text), csv, budget: 1 << 20)
        let rows = try load.rows([.column("v")])
        #expect(rows.count == 150_000 && rows.indices.allSatisfy { rows[$0][0] == ($0 < 140_000 ? nil : "k\($0 % 3)") })
        #expect(try Workbench().load(Plans.one(.text), Array("v,w\n,1\n".utf8)).rows([.column("v")]) == [[nil]])
    }

    /// Texts outside a full dictionary stay with their rows when these are put aside.
    @Test func ownTextsAreSpilled() throws {
        var ceilings = Limits.Ceilings()
        ceilings.dictionaryEntries = 1_000
        let csv = Self.csv(rows: 60_000, persons: 300, seed: 9, isTextWide: true)
        let spill = NamelessFile()
        let spilled = try Workbench().load(Plans.visits(), csv, spill: spill, budget: 1 << 20, ceilings: ceilings)
        #expect(spill.bytes.count > 1 << 19)
        #expect(try spilled.rows() == Workbench().load(Plans.visits(), csv).rows())
    }

    @Test func moreDistinctTextsThanADictionaryHolds() throws {
        let count = Limits.dictionaryEntries + 3_000
        var csv = Array("v,w\n".utf8)
        for row in 0..<count { csv.append(contentsOf: "k\(row),\(row % 7)\n".utf8) }
        for row in 0..<1_000 { csv.append(contentsOf: "k\(row * 1_000),\(row % 7)\n".utf8) }
        let load = try Workbench().load(Plans.one(.text), csv, budget: 8 << 20)
        let rows = try load.rows([.column("v")])
        #expect(rows.count == count + 1_000)
        #expect((0..<count).allSatisfy { rows[$0][0] == "k\($0)" })
        #expect((0..<1_000).allSatisfy { rows[count + $0][0] == "k\($0 * 1_000)" })
    }
}

extension [UInt8] {
    func contains(_ part: [UInt8]) -> Bool {
        guard count >= part.count else { return false }
        return withUnsafeBytes { all in
            part.withUnsafeBytes { part in
                (0...all.count - part.count).contains { start in
                    all[start] == part[0] && (0..<part.count).allSatisfy { all[start + $0] == part[$0] }
                }
            }
        }
    }
}
