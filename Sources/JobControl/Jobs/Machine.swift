// SPDX-License-Identifier: Apache-2.0

import Confinement
import Glibc

/// Public facts about the machine.
package enum Machine {
    /// Refuses to read rows while a swap area could carry them to a disk, unless the person has accepted that.
    static func refuseSwap() throws(ControlError) {
        let isAccepted = getenv("YUNEI_ALLOW_SWAP").map { String(cString: $0) } == "1"
        guard isAccepted || !Confinement.swapIsOn else { throw ControlError(.swapIsOn) }
    }

    /// Processors that are online; the executor is told, because asking would open a file there.
    static var processorCount: Int { workers(processors: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Threads of a job on so many processors; -1 when the system does not know.
    package static func workers(processors: Int) -> Int { max(1, min(Limits.workers, processors)) }
}
