// SPDX-License-Identifier: Apache-2.0

import CSandbox
import Glibc

extension Profile.Rule {
    /// Puts the rule into a filter; a negated errno value when it does not fit.
    func add(to filter: OpaquePointer) -> Int32 {
        switch action {
        case .allow:
            csandbox_filter_allow(filter, call)
        case .allowKnown:
            csandbox_call_is_known(call) == 0 ? 0 : csandbox_filter_allow(filter, call)
        case .answerNotImplemented:
            // Unknown to the library means not on the list, which ends the process: safe, and noticed at once.
            csandbox_filter_answer(filter, call, ENOSYS)
        case .allowIf(.threadFlags):
            csandbox_filter_allow_masked(filter, call, 0, .max, csandbox_thread_clone_flags())
        case .allowIf(.noExecution):
            csandbox_filter_allow_masked(filter, call, 2, UInt64(PROT_EXEC), 0)
        case .allowIf(.ownProcess):
            // Process numbers are 32 bits; what stands in the upper half is not looked at by the kernel either.
            csandbox_filter_allow_masked(filter, call, 0, UInt64(UInt32.max), UInt64(UInt32(bitPattern: getpid())))
        }
    }
}
