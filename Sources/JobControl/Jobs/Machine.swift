// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Public facts about the machine.
enum Machine {
    /// Processors that are online; the executor is told, because asking would open a file there.
    static var processorCount: Int { max(1, min(Limits.workers, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))) }
}
