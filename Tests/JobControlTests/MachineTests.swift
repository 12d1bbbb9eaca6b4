// SPDX-License-Identifier: Apache-2.0

import JobControl
import Testing

@Suite("The machine")
struct MachineTests {
    @Test("A job has a thread for each processor, up to the limit")
    func workers() {
        let most = JobControl.Limits.workers
        #expect([-1, 0, 1, 2, most, most + 1].map(Machine.workers) == [1, 1, 1, 2, most, most])
    }
}
