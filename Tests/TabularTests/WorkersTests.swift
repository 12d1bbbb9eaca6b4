// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Tabular
import Testing

/// Work on several threads: everything is done once, and what fails is said.
@Suite struct WorkersTests {
    struct Failure: Error, Equatable {
        let part: Int
    }

    private final class Calls: Sendable {
        let counts: Mutex<[Int: Int]> = Mutex([:])
        func add(_ part: Int) { counts.withLock { $0[part, default: 0] += 1 } }
    }

    @Test(arguments: [0, 1, 2, 5])
    func eachPartIsDoneOnce(threads: Int) {
        let calls = Calls()
        Workers.run(threads, each: 40) { calls.add($0) }
        #expect(calls.counts.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<40).map { ($0, 1) }))
    }

    @Test func eachNumberIsCalledOnce() {
        let calls = Calls()
        Workers.run(3) { calls.add($0) }
        #expect(calls.counts.withLock { $0 } == [0: 1, 1: 1, 2: 1])
    }

    @Test func lowestFailureIsThrown() {
        #expect(throws: Failure(part: 1)) {
            try Workers.run(4) { (number) throws(Failure) in if number > 0 { throw Failure(part: number) } }
        }
    }

    @Test(arguments: [1, 4])
    func failuresOfPartsAreThrown(threads: Int) throws {
        let bad: (Int) throws(Failure) -> Void = { part throws(Failure) in if part == 7 { throw Failure(part: part) } }
        #expect(throws: Failure(part: 7)) { try Workers.run(threads, each: 8, bad) }
        try Workers.run(threads, each: 7, bad)
    }
}
