// SPDX-License-Identifier: Apache-2.0

import Foundation
import LocalKnowledge
import Testing

/// The kinds of a text.
func kinds(_ text: String) -> ValueKinds { Array(text.utf8).withUnsafeBytes { ValueKinds(recognising: $0) } }

func bytes<Value>(_ text: String, _ work: (UnsafeRawBufferPointer) -> Value) -> Value { Array(text.utf8).withUnsafeBytes(work) }

/// Values of each kind beside values that are almost so.
@Suite struct RecogniseTests {
    @Test(arguments: [
        (ValueKind.residentID, "11010519491231002X"), (.residentID, "440524188001010014"), (.residentID, "11010519491231002x"),
        (.residentID, "１１０１０５１９４９１２３１００２Ｘ"), (.residentID, " 11010519491231002X　"), (.residentID, "370000840815228"),
        (.residentID, "911840188501010010"), (.residentID, "83000018850101004X"),
        (.creditCode, "91350100M000100Y43"), (.creditCode, "91350100m000100y43"), (.creditCode, "９１３５０１００M000100Y43"),
        (.creditCode, "92310000MAXTE0018Q"), (.creditCode, "1111000000XTE0038M"), (.creditCode, "Y1500000Y0XTE0094W"),
        (.bankCard, "6229990000000004"), (.bankCard, "622999123456789019"), (.bankCard, "4000000000000002"), (.bankCard, "6229 9900 0000 0004"),
        (.mobilePhone, "13800000000"), (.mobilePhone, "86-138-0000-0000"), (.mobilePhone, "+86 166 0000 0000"), (.mobilePhone, "008613800000000"),
        (.fixedPhone, "0571-0000000"), (.fixedPhone, "01062345678"), (.fixedPhone, "(021)62345678"), (.fixedPhone, "05643312345"),
        (.plate, "京A00000"), (.plate, "皖N·12345"), (.plate, "沪A0000学"), (.plate, "京AD12345"), (.plate, "京A00000D"), (.plate, "皖n1234挂"),
        (.plate, "WJ京00000"), (.plate, "粤Z1234港"),
        (.email, "a.b+c@example.com"), (.email, "a@b.cn"), (.email, "NAME@MAIL.EXAMPLE.ORG"),
        (.division, "341500"), (.division, "340000"), (.division, "341502"), (.division, "341502001"), (.division, "341502001003"),
        (.division, "441900003000"), (.postcode, "237000"), (.postcode, "100000"),
        (.personalName, "张三"), (.personalName, "王小明"), (.personalName, "欧阳锋"), (.personalName, "司马相如"), (.personalName, "陈林思远"),
    ] as [(ValueKind, String)])
    func recognised(kind: ValueKind, text: String) { #expect(kinds(text).contains(kind), "\(text)") }

    @Test(arguments: [
        (ValueKind.residentID, "110105194912310021"), (.residentID, "110105194902300020"), (.residentID, "11010519491231002"),
        (.residentID, "011010519491231002X"), (.residentID, "110000850230001"), (.residentID, "37000084081522A"), (.residentID, "990000188501010071"),
        (.residentID, "000000840815228"), (.creditCode, "91350100M000100Y44"), (.creditCode, "91350100M000100Y4Z"), (.creditCode, "91350100MO00100Y43"),
        (.creditCode, "91350100M000100Y4"), (.creditCode, "92310000MAXTE0018R"), (.bankCard, "6229990000000005"), (.bankCard, "0000000000000000"),
        (.bankCard, "622999000004"), (.bankCard, "6229990000000O04"), (.mobilePhone, "12800000000"), (.mobilePhone, "138000000000"),
        (.mobilePhone, "1380000000"), (.mobilePhone, "8513800000000"), (.fixedPhone, "00112345678"), (.fixedPhone, "0564112345"),
        (.fixedPhone, "05641312345"), (.plate, "京AI0000"), (.plate, "XA00000"), (.plate, "京A000000"), (.plate, "京AABCD1"), (.plate, "京I00000"),
        (.plate, "京A0000说"), (.email, "a@b"), (.email, "@b.cn"), (.email, "a@b..cn"), (.email, "a b@c.cn"), (.email, "a@b.c1"),
        (.division, "391500"), (.division, "340001"), (.division, "34150"), (.division, "341502000003"), (.division, "3415020010030"),
        (.division, "348100"), (.postcode, "991500"), (.postcode, "23700"), (.personalName, "王"), (.personalName, "金安区"),
        (.personalName, "王小明明"), (.personalName, "ab王"), (.personalName, "龘三"), (.personalName, "王a明"), (.personalName, "方剂科"),
    ] as [(ValueKind, String)])
    func notRecognised(kind: ValueKind, text: String) { #expect(!kinds(text).contains(kind), "\(text)") }

    @Test("One digit changed is never a resident number, a credit code or a bank card any more")
    func oneDigitChanged() {
        for (kind, text) in [
            (ValueKind.residentID, "11010519491231002X"), (.residentID, "440524188001010014"), (.creditCode, "91350100M000100Y43"),
            (.bankCard, "6229990000000004"), (.bankCard, "622999123456789019"),
        ] {
            let original = Array(text.utf8)
            for place in original.indices {
                for digit in UInt8(ascii: "0")...UInt8(ascii: "9") where digit != original[place] {
                    var changed = original
                    changed[place] = digit
                    #expect(!kinds(String(decoding: changed, as: UTF8.self)).contains(kind), "\(text) at \(place)")
                }
            }
        }
    }

    @Test("Vectors of the reference")
    func vectors() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Vectors/sdc/cn_identifiers.csv")
        let known: [Substring: ValueKinds] = [
            "resident_id": .init(.residentID), "resident_id_15": .init(.residentID), "foreign_pr": .init(.residentID), "uscc": .init(.creditCode),
            "bank_card": .init(.bankCard), "phone": [.init(.mobilePhone), .init(.fixedPhone)], "plate": .init(.plate),
        ]
        var seen = 0
        for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n").dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard let expected = known[fields[0]] else { continue }
            #expect(!kinds(String(fields[1])).isDisjoint(with: expected) == (fields[2] == "1"), "\(line)")
            seen += 1
        }
        #expect(seen > 50)
    }

    @Test func everyKindHasACode() {
        for kind in ValueKind.allCases { #expect(ValueKind(code: kind.code) == kind) }
        #expect(Set(ValueKind.allCases.map(\.code)).count == ValueKind.allCases.count)
        #expect(ValueKind(code: "residentID") == nil)
        #expect(ValueKind.allCases.filter { !$0.isIdentifying } == [.division, .postcode])
    }

    @Test func longValuesAreOfNoKind() {
        let number = "13800000000"
        #expect(kinds(number + String(repeating: " ", count: Limits.valueBytes - number.utf8.count)).contains(.mobilePhone))
        #expect(kinds(number + String(repeating: " ", count: Limits.valueBytes - number.utf8.count + 1)) == [])
        #expect(kinds("") == [] && kinds("  ") == [] && kinds("\u{0}") == [])
    }

    @Test("Any bytes are judged without harm", arguments: 0..<4)
    func anyBytes(seed: UInt8) {
        var state = UInt32(seed) &+ 1
        for _ in 0..<5_000 {
            var text: [UInt8] = []
            for _ in 0..<(state % 40) {
                state = state &* 1_664_525 &+ 1_013_904_223
                text.append(UInt8(truncatingIfNeeded: state >> 24))
            }
            state = state &* 1_664_525 &+ 1_013_904_223
            _ = text.withUnsafeBytes { ValueKinds(recognising: $0) }
        }
    }
}

@Suite struct NumberTests {
    @Test func factsOfAResidentNumber() throws {
        let long = try #require(bytes("11010519491231002X") { ResidentNumber.facts($0) })
        #expect((long.region, long.year, long.month, long.day, long.isMale) == (110_105, 1949, 12, 31, false))
        let short = try #require(bytes("370000840815229") { ResidentNumber.facts($0) })
        #expect((short.region, short.year, short.month, short.day, short.isMale) == (370_000, 1984, 8, 15, true))
        #expect(bytes("110105194912310021") { ResidentNumber.facts($0) } == nil)
        #expect(bytes("110000850230001") { ResidentNumber.facts($0) } == nil)
    }

    @Test("Invented numbers are valid, differ, and have a region that does not exist")
    func inventedNumbers() throws {
        var seen: Set<String> = []
        for index in [0, 1, 999, 1_000, 12_345, 9_999_999] {
            let number = try #require(ResidentNumber.invented(index: index, year: 1980, month: 2, day: 29))
            #expect(number.hasPrefix("99") && bytes(number) { ResidentNumber.isValid($0) } && kinds(number).contains(.residentID))
            #expect(!kinds(String(number.prefix(6))).contains(.division))
            seen.insert(number)
        }
        #expect(seen.count == 6)
        #expect(ResidentNumber.invented(index: 10_000_000, year: 1980, month: 2, day: 29) == nil)
        #expect(ResidentNumber.invented(index: 0, year: 1981, month: 2, day: 29) == nil)
    }

    @Test func inventedCreditCodes() throws {
        var seen: Set<String> = []
        for index in [0, 7, 40, 99_999_999] {
            let code = try #require(CreditCode.invented(index: index))
            #expect(code.hasPrefix("91990000") && kinds(code).contains(.creditCode), "\(code)")
            seen.insert(code)
        }
        #expect(seen.count == 4)
        #expect(CreditCode.invented(index: 100_000_000) == nil)
    }

    @Test func divisionsLieInEachOther() throws {
        func division(_ text: String) -> DivisionCode? { bytes(text) { DivisionCode($0) } }
        let village = try #require(division("341502001003"))
        #expect(village.level == .village)
        #expect(village.ancestor(.town) == division("341502001"))
        #expect(village.ancestor(.county) == division("341502"))
        #expect(village.ancestor(.city) == division("341500"))
        #expect(village.ancestor(.province) == division("340000"))
        #expect(village.ancestor(.village) == village)
        let city = try #require(division("341500000000"))
        #expect(city.level == .city && city.ancestor(.county) == nil && city == division("341500"))
        #expect(city.contains(village) && city.contains(city) && !village.contains(city))
        #expect(try #require(division("340100")).contains(village) == false)
    }
}
