// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import Tabular
import Testing

/// Limits at their edges; those that no test could reach are lowered for one load.
@Suite struct LimitTests {
    /// A row of `Plans.one(.int64)` in memory: two values of 8 bytes and whether they are there.
    private static let rowBytes = 18

    private static func numbers(_ count: Int) -> String { "v,w\n" + (0..<count).map { "\($0),1\n" }.joined() }

    /// Texts of four bytes.
    private static func texts(_ numbers: some Sequence<Int>) -> String {
        "v,w\n" + numbers.map { "t\(100 + $0),1\n" }.joined()
    }

    /// The ceilings of a load with one of them lowered; it must have been the limit.
    private static func lowered(
        _ ceiling: WritableKeyPath<Limits.Ceilings, Int>, _ limit: Int, to value: Int, in others: Limits.Ceilings = .init()
    ) -> Limits.Ceilings {
        var ceilings = others
        #expect(ceilings[keyPath: ceiling] == limit)
        ceilings[keyPath: ceiling] = value
        return ceilings
    }

    private static let smallestBlocks = lowered(\.blockRowBytes, Limits.blockRowBytes, to: 0)
    private static let noDictionary = lowered(\.dictionaryEntries, Limits.dictionaryEntries, to: 0)

    @Test func blocksOfAsManyBytesOfRowsAsTheLimit() throws {
        func blocks(_ bytes: Int) throws -> [Int] {
            try Workbench().load(Plans.one(.int64), Self.numbers(1_000), ceilings: Self.lowered(\.blockRowBytes, Limits.blockRowBytes, to: bytes)).blockRows()
        }
        #expect(try blocks(512 * Self.rowBytes) == [512, 488])
        #expect(try blocks(512 * Self.rowBytes - 1) == [256, 256, 256, 232])
    }

    /// 256 rows hold 1,024 bytes of texts; a block is looked at every 256 rows.
    @Test func blocksAreCutWhenTheirTextsExceedTheLimit() throws {
        func blocks(_ bytes: Int) throws -> [Int] {
            let ceilings = Self.lowered(\.blockTextBytes, Limits.blockTextBytes, to: bytes, in: Self.noDictionary)
            return try Workbench().load(Plans.one(.text), Self.texts((0..<1_000).map { $0 % 900 }), ceilings: ceilings).blockRows()
        }
        #expect(try blocks(1_024) == [512, 488])
        #expect(try blocks(1_023) == [256, 256, 256, 232])
    }

    /// The dictionary that the first of several blocks comes with: one for the column holds the texts of all, one of its own only its own.
    private static func serves(_ numbers: some Sequence<Int>, _ ceilings: Limits.Ceilings) throws -> Bool {
        let load = try Workbench().load(Plans.one(.text), texts(numbers), ceilings: ceilings)
        defer { withExtendedLifetime(load) {} }
        let table = try load.open()
        #expect(table.blockRowCounts.count > 1)
        let reader = try table.makeReader(columns: [.column("v")], arena: ConfidentialArena(limitBytes: 1 << 26))
        let inFirst = try #require(try reader.read(block: 0)[0].dictionary).count
        let inAll = Set(try load.rows([.column("v")]).compactMap { $0[0] })
        #expect(inAll == Set(numbers.map { "t\(100 + $0)" }))
        return inFirst == inAll.count
    }

    @Test func dictionariesOfAsManyTextsAsTheLimit() throws {
        for (limit, isServed) in [(300, true), (299, false)] {
            let ceilings = Self.lowered(\.dictionaryEntries, Limits.dictionaryEntries, to: limit, in: Self.smallestBlocks)
            #expect(try Self.serves(0..<300, ceilings) == isServed)
        }
    }

    @Test func dictionariesOfAsManyBytesAsTheLimit() throws {
        for (limit, isServed) in [(1_200, true), (1_199, false)] {
            let ceilings = Self.lowered(\.dictionaryBytes, Limits.dictionaryBytes, to: limit, in: Self.smallestBlocks)
            #expect(try Self.serves((0..<600).map { $0 % 300 }, ceilings) == isServed)
        }
    }

    /// Seven of eight of the first texts are new, the last of them too: there is no dictionary. One fewer: there is.
    @Test func dictionariesAreGivenUpWhenTheTrialEnds() throws {
        func texts(new: Int) -> [Int] { [Int](repeating: 0, count: 321 - new) + Array(1..<new) + Array(500..<700) }
        let ceilings = Self.lowered(\.dictionaryTrialRows, Limits.dictionaryTrialRows, to: 320, in: Self.smallestBlocks)
        func serves(new: Int) throws -> Bool { try Self.serves(texts(new: new), ceilings) }
        #expect(texts(new: 280)[..<320].last == 279 && Set(texts(new: 280)[..<320]).count == 280)
        #expect(try !serves(new: 280))
        #expect(try serves(new: 279))
    }

    @Test func asManyEntitiesAsTheLimit() throws {
        let csv = "id,person,cost\n" + (0..<12).map { "v,P\($0 % 5),1\n" }.joined()
        func load(_ limit: Int) throws -> Load {
            try Workbench().load(Plans.visits(), csv, ceilings: Self.lowered(\.entities, Limits.entities, to: limit))
        }
        #expect(try load(5).rows().count == 12)
        #expect(throws: StoreError(.limitExceeded)) { try load(4) }
        // The two numbers above them mean no entity and no key.
        #expect(UInt32(exactly: Limits.entities) == UInt32.max - 1)
    }

    @Test func asManyRowsAsTheLimit() throws {
        func load(_ limit: Int) throws -> Load {
            try Workbench().load(Plans.one(.int64), Self.numbers(100), ceilings: Self.lowered(\.rows, Limits.rows, to: limit))
        }
        #expect(try load(100).report?.rows == 100)
        #expect(throws: StoreError(.limitExceeded)) { try load(99) }
    }

    /// With this budget a batch has 4,096 rows of 19 bytes and its order 16 bytes for each of them, so that eight batches fill it. Three
    /// quarters of it are one run.
    private static let runRows = 6 * 4_096
    private static let runBudget = 8 * 4_096 * (19 + 16)

    private func spilled(_ rows: Int, budget: Int = runBudget, runs: Int = 1_024) throws -> (rows: Int, spilled: Int) {
        let spill = NamelessFile()
        let csv = "id,person,cost\n" + (0..<rows).map { "v,P\($0 % 5),1\n" }.joined()
        let load = try Workbench().load(
            Plans.visits(), Array(csv.utf8), spill: spill, budget: budget,
            ceilings: Self.lowered(\.spillRuns, Limits.spillRuns, to: runs))
        return (Int(load.report?.rows ?? 0), spill.bytes.count)
    }

    @Test func rowsStayInMemoryUpToThreeQuartersOfTheBudget() throws {
        #expect(try spilled(Self.runRows) == (Self.runRows, 0))
        #expect(try spilled(Self.runRows + 1).spilled > 0)
        #expect(try spilled(Self.runRows + 1, budget: Self.runBudget + 4) == (Self.runRows + 1, 0))
        let decoder = try TextDecoder()
        #expect(LoadResources(source: 0, outputs: [], decoder: decoder).memoryBudgetBytes == Limits.stagingBytes)
    }

    @Test func asManyRunsAsTheLimit() throws {
        #expect(try spilled(3 * Self.runRows, runs: 3).rows == 3 * Self.runRows)
        #expect(throws: StoreError(.limitExceeded)) { try spilled(3 * Self.runRows + 1, runs: 3) }
    }

    @Test func manifestsOfAsManyBytesAsTheLimit() throws {
        let csv = Self.numbers(300)
        func ceilings(_ limit: Int) -> Limits.Ceilings { Self.lowered(\.manifestBytes, Limits.manifestBytes, to: limit) }
        func load(_ ceilings: Limits.Ceilings = .init()) throws -> Load {
            try Workbench().load(Plans.one(.int64), csv, ceilings: ceilings)
        }
        let first = try load()
        let bytes = first.file(.manifest).bytes.count
        #expect(try load(ceilings(bytes)).file(.manifest).bytes.count == bytes)
        #expect(throws: StoreError(.limitExceeded)) { try load(ceilings(bytes - 1)) }
        #expect(try first.open(ceilings: ceilings(bytes)).rowCount == 300)
        #expect(throws: StoreError(.limitExceeded)) { try first.open(ceilings: ceilings(bytes - 1)) }
    }

    /// 300 numbers of two bytes behind a header of 16.
    @Test func blocksOfAsManyBytesAsTheLimit() throws {
        func ceilings(_ limit: Int) -> Limits.Ceilings { Self.lowered(\.blockBytes, Limits.blockBytes, to: limit) }
        let load = try Workbench().load(Plans.one(.int64), Self.numbers(300))
        #expect(try load.open(ceilings: ceilings(616)).rowCount == 300)
        #expect(throws: StoreError(.manifestAltered)) { try load.open(ceilings: ceilings(615)) }
    }

    /// An arena gives no piece that is larger than itself. The largest here holds 64 values of eight bytes and room for 64 bytes.
    @Test func asMuchMemoryForThePreviousVersionAsTheLimit() throws {
        let first = try Workbench().load(Plans.visits(), "id,person,cost\nv,P1,1\n")
        func rows(_ limit: Int) throws -> Int {
            let previous = try first.open()
            defer { withExtendedLifetime(first) {} }
            return try Workbench().load(
                Plans.visits(2, mode: .append), Array("id,person,cost\nw,P1,2\n".utf8), directories: ["person": try first.directory("person")],
                previous: previous, ceilings: Self.lowered(\.readerBytes, Limits.readerBytes, to: limit)
            ).rows().count
        }
        #expect(try rows(64 * 8 + 64) == 2)
        #expect(throws: StoreError(.outOfMemory)) { try rows(64 * 8 + 64 - 1) }
    }

    /// Eight bytes, then the identity as a document.
    @Test func manifestsWithAsLongAHeadAsTheLimit() throws {
        func head(_ unit: String) -> Int {
            8 + JSONValue.object(["suite": "international", "table": "visit", "unit": .string(unit), "version": 1]).canonicalBytes.count
        }
        func load(_ unit: String) throws -> Load {
            let plan = LoadPlan(
                identity: TableIdentity(suite: "international", unit: unit, table: "visit", version: 1), columns: Plans.one(.int64).columns)
            return try Workbench().load(plan, "v,w\n1,2\n")
        }
        let unit = String(repeating: "u", count: Limits.manifestHeadBytes - head(""))
        #expect(head(unit) == Limits.manifestHeadBytes)
        #expect(try load(unit).rows() == [["1", "2"]])
        #expect(throws: StoreError(.limitExceeded)) { try load(unit + "u") }
    }
}

extension Load {
    fileprivate func blockRows() throws -> [Int] {
        defer { withExtendedLifetime(self) {} }
        return try open().blockRowCounts
    }
}
