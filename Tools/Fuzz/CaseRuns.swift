// SPDX-License-Identifier: Apache-2.0

import Dispatch
import SQLLogic
import Synchronization

/// Cases on all cores.
enum CaseRuns {
    private typealias Slot = Result<[FuzzCase.Outcome], any Error>

    /// What became of the queries of each case.
    static func outcomes(of cases: [FuzzCase]) throws -> [[FuzzCase.Outcome]] {
        let slots = Mutex<[Int: Slot]>([:])
        DispatchQueue.concurrentPerform(iterations: cases.count) { number in
            let slot = Slot { try cases[number].run() }
            slots.withLock { $0[number] = slot }
        }
        let done = slots.withLock { $0 }
        return try cases.indices.map { try done[$0]?.get() ?? [] }
    }
}
