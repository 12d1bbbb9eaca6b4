// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Where the time of a job goes, for Tools/bench. It is off in every other program: the times depend on rows, so no executor of a real job
/// measures or tells them (Tests/Tidy checks that only the bench starts it). One for a process, which does one job at a time.
///
/// It is asked once for each block, batch or stage, never for a row.
package enum PhaseClock {
    /// What is measured.
    package enum Phase: Int, CaseIterable, Sendable {
        /// Reading blocks and opening them: threads' time.
        case decrypt
        /// Readers as a whole, decrypting included: threads' time.
        case read
        /// From the scan to the sink, reading included: threads' time.
        case workers
        /// The same on the wall.
        case pipelines
        /// All that the engine does before the gate, on the wall.
        case engine
    }

    /// Begins to measure, from zero.
    package static func start() {
        for total in totals { total.nanoseconds.store(0, ordering: .relaxed) }
        isOn.store(true, ordering: .relaxed)
    }

    /// Ends measuring and gives nanoseconds.
    package static func stop() -> [Phase: Int64] {
        isOn.store(false, ordering: .relaxed)
        return Phase.allCases.reduce(into: [:]) { $0[$1] = totals[$1.rawValue].nanoseconds.load(ordering: .relaxed) }
    }

    /// The time of a monotonic clock, 0 when nothing is measured.
    package static func now() -> Int64 { isOn.load(ordering: .relaxed) ? nanoseconds() : 0 }

    /// Adds what has passed since `now()` said `start`.
    package static func add(_ phase: Phase, since start: Int64) {
        guard start != 0 else { return }
        totals[phase.rawValue].nanoseconds.wrappingAdd(nanoseconds() - start, ordering: .relaxed)
    }

    package static func nanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private static let isOn = Atomic<Bool>(false)
    private static let totals = Phase.allCases.map { _ in Total() }

    private final class Total: Sendable {
        let nanoseconds = Atomic<Int64>(0)
    }
}
