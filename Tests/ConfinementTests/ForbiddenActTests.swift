// SPDX-License-Identifier: Apache-2.0

import Confinement
import Glibc
import Testing

@Suite("A confined process and what it may not do")
struct ForbiddenActTests {
    @Test("ends at once at a forbidden act", arguments: ForbiddenAct.allCases)
    func forbidden(_ act: ForbiddenAct) throws {
        #expect(try ProbeRun.exit("forbid", act.rawValue) == .signal(SIGSYS))
    }

    @Test("the filter alone ends it too, where the kernel offers nothing else", arguments: ForbiddenAct.allCases)
    func forbiddenByFilterAlone(_ act: ForbiddenAct) throws {
        let omitted = Mechanism.allCases.map(\.rawValue).joined(separator: ",")
        #expect(try ProbeRun.exit("--omit", omitted, "forbid", act.rawValue) == .signal(SIGSYS))
    }

    @Test("clone3 is answered, so that threads fall back to clone, whose flags can be seen")
    func clone3IsAnswered() throws {
        #expect(try ProbeRun.exit("allow", "clone3") == .code(0))
    }

    @Test("the attempts really do something: unconfined they return")
    func attemptsReturnUnconfined() {
        for act in [ForbiddenAct.open, .openInDirectory, .socket, .unlink, .listDirectory, .controlDevice, .mapExecutable] {
            Confinement.attempt(act)
        }
    }
}
