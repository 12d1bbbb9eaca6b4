// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import Testing

/// A version in which an entity has more rows than the policy says is refused, however the rows came together.
@Suite struct FanOutTests {
    private let bench: Workbench

    init() throws { bench = try Workbench() }

    private static let csv = "id,person,cost\na,P1,1\nb,P2,2\nc,P1,3\nd,,4\ne,,5\nf,,6\ng,P1,7\n"

    @Test func atTheLimitAndOver() throws {
        #expect(try bench.load(Plans.visits(fanOut: 3), Self.csv).report?.rows == 7)
        do {
            _ = try bench.load(Plans.visits(fanOut: 2), Self.csv)
            Issue.record("loaded")
        } catch let error as StoreError {
            // The table, the type and the limit: no row, no entity, no number that was found.
            #expect(error.code == .fanOutExceeded && error.arguments == ["visit", "person", "2"])
        }
    }

    /// Rows of the version before count too.
    @Test func appendAndUpsert() throws {
        let first = try bench.load(Plans.visits(fanOut: 3), Self.csv)
        func next(_ mode: LoadMode, _ rows: String, fanOut: Int) throws -> Int64? {
            let plan = Plans.visits(2, mode: mode, fanOut: fanOut, upsertKey: mode == .upsert ? ["编号"] : [])
            return try bench.load(
                plan, Array(("id,person,cost\n" + rows).utf8), directories: ["person": first.directory("person")], previous: first.open()
            ).report?.rows
        }
        #expect(try next(.append, "h,P2,8\ni,P2,9\n", fanOut: 3) == 9)
        #expect(throws: StoreError(.fanOutExceeded)) { try next(.append, "h,P1,8\n", fanOut: 3) }
        #expect(try next(.append, "h,P1,8\n", fanOut: 4) == 8)
        // A row that gives way to another one does not count.
        #expect(try next(.upsert, "a,P1,8\n", fanOut: 3) == 7)
        #expect(throws: StoreError(.fanOutExceeded)) { try next(.upsert, "b,P1,8\n", fanOut: 3) }
    }

    /// One entity goes through several blocks, runs on disk and pieces of the order.
    @Test(arguments: [(64 << 20, 1), (64 << 20, 3), (1 << 20, 3)]) func manyBlocks(budget: Int, threads: Int) throws {
        var text = "id,person,cost\n"
        for row in 0..<150_000 { text += "v\(row),\(row % 2 == 0 ? "P1" : row % 11 == 0 ? "" : "P\(row % 900 + 2)"),\(row)\n" }
        func load(_ fanOut: Int) throws -> Int64? {
            try bench.load(Plans.visits(fanOut: fanOut), Array(text.utf8), spill: NamelessFile(), budget: budget, threads: threads).report?.rows
        }
        #expect(try load(75_000) == 150_000)
        #expect(throws: StoreError(.fanOutExceeded)) { try load(74_999) }
    }
}
