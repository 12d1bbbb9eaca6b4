// SPDX-License-Identifier: Apache-2.0

import Tabular
import Testing

/// One test, since the clock is one for the process.
@Suite struct PhaseClockTests {
    @Test func measuresOnlyWhenAsked() {
        let unasked = PhaseClock.now()
        #expect(unasked == 0)
        PhaseClock.start()
        PhaseClock.add(.decrypt, since: unasked)
        let started = PhaseClock.now()
        #expect(started > 0)
        PhaseClock.add(.read, since: started - 5_000)
        PhaseClock.add(.read, since: started - 7_000)
        let totals = PhaseClock.stop()
        #expect(totals[.decrypt] == 0 && totals[.engine] == 0)
        #expect(totals[.read] ?? 0 >= 12_000)
        #expect(PhaseClock.now() == 0)
        PhaseClock.start()
        #expect(PhaseClock.stop()[.read] == 0)
    }
}
