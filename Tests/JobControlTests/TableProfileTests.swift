// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import LocalKnowledge
import Testing

@Suite("What an earlier build measured")
struct TableProfileTests {
    private static let name = "table-profile-v1.json"

    @Test("The golden profile is read, and written again as it is")
    func golden() throws {
        let bytes = try Golden.bytes(Self.name)
        let profile = try #require(TableProfile(json: try JSONValue.parseCanonical(bytes)))
        #expect(profile.json.canonicalBytes == bytes)
        #expect(profile.minimum == 20 && profile.column("总费用")?.range?.text == "[0, 100000]" && profile.column("疾病编码")?.view == "prefix 3")
        #expect(profile.union(of: ["疾病编码", "医疗机构", "就诊日期"])?.below == .most && profile.union(of: ["疾病编码"]) == nil)
    }

    @Test("Another format, a member more or less, a class that is none: no profile", arguments: ["format", "minimum", "columns", "unions"])
    func malformed(member: String) throws {
        let json = try JSONValue.parseCanonical(Golden.bytes(Self.name))
        func altered(_ change: (inout [String: JSONValue]) -> Void) -> TableProfile? {
            var members = json.members ?? [:]
            change(&members)
            return TableProfile(json: .object(members))
        }
        #expect(altered { _ in } != nil)
        #expect(altered { $0[member] = nil } == nil)
        #expect(altered { $0[member] = "x" } == nil)
        #expect(altered { $0["more"] = 1 } == nil)
        #expect(altered { $0["format"] = 2 } == nil)
        #expect(altered { $0["unions"] = [["columns": ["a"], "unique": "all", "below": "none", "room": 0]] } == nil)
        #expect(altered { $0["unions"] = [["columns": ["a"], "unique": "most", "below": "none", "room": 6]] } == nil)
        #expect(altered { $0["unions"] = [["columns": ["a"], "unique": "most", "below": "none", "room": 5]] } != nil)
    }
}
