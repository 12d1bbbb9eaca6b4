// SPDX-License-Identifier: Apache-2.0

import Testing

/// How long the parts of a job take tells something about rows, so only the bench may ask.
@Suite struct MeasuringTests {
    @Test func onlyTheBenchStartsTheClock() {
        let starting = SourceTree.swift.filter { SwiftCode.of($0.text).contains("PhaseClock.start(") }.map(\.path)
        #expect(starting.sorted() == ["Tests/TabularTests/PhaseClockTests.swift", "Tools/Bench/MeasuredExecutor.swift"])
    }
}
