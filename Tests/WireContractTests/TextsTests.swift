// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Testing
import WireContract

@Suite("The catalogue of messages")
struct TextsTests {
    @Test("no code stands in two tables")
    func uniqueCodes() {
        var seen: Set<String> = []
        for code in Texts.tables.flatMap(\.keys) { #expect(seen.insert(code).inserted, "\(code) stands twice") }
    }

    @Test("both languages have the same placeholders, counted from 0, and say something")
    func placeholders() {
        for (code, text) in Texts.tables.flatMap({ $0 }) {
            let zh = Texts.placeholders(text.zh)
            #expect(zh == Texts.placeholders(text.en), "\(code)")
            #expect(zh == Set(0..<zh.count), "\(code)")
            #expect(!text.zh.isEmpty && !text.en.isEmpty, "\(code)")
        }
    }

    @Test("codes have the form module.words-with-hyphens, or deeper")
    func form() {
        for code in Texts.tables.flatMap(\.keys) {
            let parts = code.split(separator: ".", omittingEmptySubsequences: false)
            #expect(parts.count >= 2 && parts.allSatisfy { !$0.isEmpty }, "\(code)")
            #expect(code.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E }, "\(code)")
        }
    }

    @Test("arguments are put in once, whatever they look like")
    func arguments() {
        #expect(Texts.text("wire.too-large", ["{1}", "64"]).en.contains("The {1} part of a message is over its limit of 64."))
        #expect(Texts.text("wire.too-large", ["JSON"]).zh.contains("JSON 部分超过上限 -"))
        #expect(Texts.text("wire.closed", ["surplus"]) == Texts.text("wire.closed"))
        #expect(Texts.placeholders("{0} {a} {} {12} { {3}") == [0, 12, 3])
    }

    @Test("an unknown code says that it is our fault and names itself")
    func unknownCode() {
        #expect(!Texts.contains("no.such-code"))
        #expect(Texts.text("no.such-code").en.contains("no.such-code"))
        #expect(Texts.text("no.such-code").zh.contains("内部故障"))
    }

    @Test("every code of the channel has its text")
    func channelCodes() {
        for code in WireError.Code.allCases { #expect(Texts.contains(code.rawValue)) }
    }
}

@Suite("The document of a fault")
struct ErrorDocumentTests {
    @Test("has exactly the form that scripts read")
    func form() {
        let document = ErrorDocument(code: "wire.timeout", arguments: ["5"])
        #expect(document.json["status"]?.text == "error")
        #expect(document.json["code"]?.text == "wire.timeout")
        #expect(document.json["message"]?["en"]?.text?.contains("5 ms") == true)
        #expect(document.json.members?.count == 3)
    }

    @Test("is read back; anything else is not one")
    func reading() throws {
        let document = ErrorDocument(code: "wire.closed")
        #expect(ErrorDocument(document.json) == document)
        var members = try #require(document.json.members)
        members["more"] = 1
        #expect(ErrorDocument(.object(members)) == nil)
        members["more"] = nil
        members["status"] = "released"
        #expect(ErrorDocument(.object(members)) == nil)
        #expect(ErrorDocument(.null) == nil)
    }
}
