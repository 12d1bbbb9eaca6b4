// SPDX-License-Identifier: Apache-2.0

import Confinement
import Testing
import WireContract

@Suite("The report of confinement")
struct ReportTests {
    @Test("names every mechanism that was asked for, and the minimum holds")
    func everyMechanism() throws {
        let lines = try ProbeRun.report()
        let asked = Mechanism.allCases.filter { $0 != .fileSize && $0 != .dataSize }
        #expect(lines.count == asked.count)
        for mechanism in asked { #expect(lines.contains { $0.hasPrefix(mechanism.rawValue + ": ") }) }
        for mechanism in ConfinementOptions.minimum {
            #expect(lines.contains { $0.hasPrefix(mechanism.rawValue + ": applied") })
        }
    }

    @Test("without a mount table of its own the root is left alone, and this is said")
    func withoutMountNamespace() throws {
        let lines = try ProbeRun.report("--omit", "mount-namespace")
        #expect(lines.contains("empty-root: not available (mount-namespace)"))
    }

    @Test("what is required and missing refuses; what is only missing does not")
    func requiredMechanism() throws {
        #expect(try ProbeRun.exit("--omit", "mount-namespace", "--require", "empty-root", "allow", "nothing") == .code(13))
        #expect(try ProbeRun.exit("--omit", "mount-namespace", "allow", "nothing") == .code(0))
    }

    @Test("the minimum cannot be left out")
    func minimumStays() throws {
        let lines = try ProbeRun.report("--omit", Mechanism.allCases.map(\.rawValue).joined(separator: ","))
        for mechanism in ConfinementOptions.minimum {
            #expect(lines.contains { $0.hasPrefix(mechanism.rawValue + ": applied") })
        }
    }

    @Test("a second thread refuses confinement")
    func severalThreads() throws {
        #expect(try ProbeRun.exit("allow", "late") == .code(13))
    }

    @Test("every code has its text in both languages")
    func texts() {
        for code in ConfinementError.Code.allCases { #expect(Texts.contains(code.rawValue)) }
    }
}
