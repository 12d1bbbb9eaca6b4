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

    @Test("come in pairs: every rule has something refused and something allowed; attacks have all to be refused, useful queries to pass")
    func pairs() {
        var decisions: [String: Set<String>] = [:]
        for file in CaseFile.all {
            let folder = String(file.path.split(separator: "/")[0])
            decisions[folder, default: []].insert(file.expected.first ?? "")
        }
        #expect(CaseFile.all.count >= 400)
        #expect(CaseFile.all.count { $0.path.hasPrefix("useful/") } >= 120)
        for (folder, found) in decisions {
            if folder == "useful" {
                #expect(found == ["allowed"])
            } else if folder.hasPrefix("attack-") {
                #expect(found == ["refused"], "\(folder)")
            } else {
                #expect(found.count >= 2, "\(folder)")
            }
        }
    }
}
