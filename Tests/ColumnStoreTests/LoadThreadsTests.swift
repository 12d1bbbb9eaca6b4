// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import Synchronization
import Testing

/// Work in pieces and stages, on one thread and on several.
@Suite struct LoadThreadsTests {
    /// What was done, in the order in which it was noted.
    private final class Notes: Sendable {
        private let all = Mutex<[Int]>([])
        func add(_ note: Int) { all.withLock { $0.append(note) } }
        var noted: [Int] { all.withLock { $0 } }
    }

    @Test(arguments: [1, 2, 5])
    func eachPieceOnce(count: Int) throws {
        let threads = LoadThreads(count: count)
        try threads.serve { () throws(StoreError) in
            for pieces in [0, 1, 3, 200] {
                let notes = Notes()
                try threads.run(pieces) { (piece, thread) throws(StoreError) in
                    notes.add(piece)
                    #expect((0..<count).contains(thread))
                }
                #expect(notes.noted.sorted() == Array(0..<pieces))
            }
        }
    }

    @Test(arguments: [1, 3])
    func stagesFollowEachOtherBesidesOtherWork(count: Int) throws {
        let threads = LoadThreads(count: count)
        try threads.serve { () throws(StoreError) in
            let notes = Notes()
            let stage = { (number: Int) -> LoadWork.Body in { (_, _) throws(StoreError) in notes.add(number) } }
            let work = threads.begin([(4, stage(1)), (0, stage(2)), (3, stage(3)), (1, stage(4))])
            try threads.run(8) { (_, _) throws(StoreError) in notes.add(0) }
            try threads.finish(work)
            #expect(notes.noted.filter { $0 > 0 } == [1, 1, 1, 1, 3, 3, 3, 4])
            #expect(notes.noted.filter { $0 == 0 }.count == 8)
        }
    }

    @Test(arguments: [1, 3])
    func lowestFailureEndsTheWork(count: Int) throws {
        let threads = LoadThreads(count: count)
        try threads.serve { () throws(StoreError) in
            let notes = Notes()
            let work = threads.begin([
                (100, { (piece, _) throws(StoreError) in if piece >= 2 { throw StoreError(.limitExceeded, [String(piece)]) } }),
                (1, { (_, _) throws(StoreError) in notes.add(1) }),
            ])
            #expect { try threads.finish(work) } throws: { ($0 as? StoreError)?.arguments == ["2"] }
            #expect(notes.noted.isEmpty)
            // Work afterwards is not touched by it.
            try threads.run(3) { (piece, _) throws(StoreError) in notes.add(piece) }
            #expect(notes.noted.sorted() == [0, 1, 2])
        }
        #expect(throws: StoreError(.headerMissing)) {
            try threads.serve { () throws(StoreError) in throw StoreError(.headerMissing) }
        }
    }
}
