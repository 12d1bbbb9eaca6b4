// SPDX-License-Identifier: Apache-2.0

import DocumentReader
import LocalKnowledge
import PolicyCheck
import Testing
import WireContract

@Suite("Advice on labels")
struct LabelAdviceTests {
    private func advice(_ column: String, _ kind: ValueKind, _ share: KindShare, entity: String = "{ person: p }", more: String = "") throws -> LabelAdvice? {
        let yaml = """
            table: t
            unit: u
            grade: general
            \(more)
            entity: \(entity)
            columns:
              p: { type: text, identifier: key, allow: [join] }
              c: { \(column) }
            """
        let document = try DocumentReader.read(Array(yaml.utf8), fileName: "t.yaml")
        let policy = try #require(try PolicySet(documents: [document.json]).table("t"))
        let found = policy.labelAdvice([RecognisedColumn(column: "c", kind: kind, share: share)])
        #expect(found.count <= 1)
        return found.first
    }

    @Test("Wrong labels", arguments: [
        ("type: text, allow: [group]", ValueKind.residentID, "label.undeclared-resident-id"),
        ("type: text, allow: [filter_equal]", .mobilePhone, "label.usable-identifier"), ("type: text, allow: [join]", .creditCode, "label.usable-identifier"),
        ("type: int64, allow: [group]", .bankCard, "label.usable-identifier"), ("type: text, allow: [group]", .personalName, "label.usable-identifier"),
    ])
    func wrong(column: String, kind: ValueKind, code: String) throws {
        let found = try #require(try advice(column, kind, .most))
        #expect(found.code.rawValue == code && found.isWrong && found.column == "c")
        // A part of the values is no contradiction yet; none is nothing.
        #expect(try advice(column, kind, .some)?.isWrong == false)
        #expect(try advice(column, kind, .none) == nil)
        // What nobody may use is no wrong label.
        #expect(try advice("type: text", kind, .most)?.isWrong != true)
    }

    @Test("Declared as resident numbers and not so; declared as a key and so")
    func identifiers() throws {
        let two = "[{ person: p }, { 监护人: c }]"
        #expect(try advice("type: text, identifier: resident_id, allow: [join]", .residentID, .most, entity: two) == nil)
        for share in [KindShare.none, .some] {
            let found = try #require(try advice("type: text, identifier: resident_id, allow: [join]", .residentID, share, entity: two))
            #expect(found.code == .noResidentID && found.isWrong)
        }
        let key = try #require(try advice("type: text, identifier: key, allow: [join]", .residentID, .most, entity: two))
        #expect(key.code == .undeclaredResidentID && key.isWrong)
        #expect(try advice("type: text, identifier: key, allow: [join]", .creditCode, .most, entity: two) == nil)
    }

    @Test("Suggestions")
    func suggestions() throws {
        let possible = try #require(try advice("type: text", .residentID, .most))
        #expect(possible.code == .possibleIdentifier && !possible.isWrong)
        #expect(possible.lines.contains("identifier: resident_id") && possible.lines.contains("person: c"))
        #expect(try advice("type: text", .mobilePhone, .most) == nil)
        #expect(try advice("type: text, allow: [group]", .division, .most)?.code == .wholeDivision)
        #expect(try advice("type: text, allow: [group], prefix: 4", .division, .most) == nil)
        #expect(try advice("type: text, allow: [join]", .postcode, .most) == nil)
    }

    @Test("Columns of other tables are nobody's business")
    func unknown() throws {
        let policy = try #require(try example("visit").table("visit"))
        #expect(policy.labelAdvice([RecognisedColumn(column: "nowhere", kind: .residentID, share: .most)]) == [])
        #expect(policy.labelAdvice([]) == [])
    }

    @Test("Every kind and every code has its texts")
    func texts() {
        for kind in ValueKind.allCases { #expect(Texts.contains(LabelAdvice.textCode(kind))) }
        for code in LabelAdvice.Code.allCases {
            let text = Texts.text(code.rawValue, ["a", "b", "c", "d"])
            for argument in ["a", "b", "c", "d"] { #expect(text.zh.contains(argument) && text.en.contains(argument), "\(code)") }
        }
    }
}
