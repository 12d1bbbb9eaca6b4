// SPDX-License-Identifier: Apache-2.0

import DocumentReader
import PolicyCheck
import Testing

@Suite("Cases of Policies/Cases")
struct CaseTests {
    @Test("are decided as written, with every finding in its place", arguments: CaseFile.all)
    func decided(_ file: CaseFile) throws {
        #expect(try file.actual() == file.expected)
    }

    @Test("come in pairs: every rule has something refused and something allowed")
    func pairs() {
        var decisions: [String: Set<String>] = [:]
        for file in CaseFile.all {
            decisions[String(file.path.split(separator: "/")[0]), default: []].insert(file.expected.first ?? "")
        }
        #expect(CaseFile.all.count >= 60)
        for (rule, found) in decisions { #expect(found.count >= 2, "\(rule)") }
    }
}
