// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Testing

@Suite("Canonical JSON")
struct CanonicalJSONTests {
    private func parse(_ text: String) -> Result<JSONValue, JSONError> {
        do { return .success(try JSONValue.parse(Array(text.utf8))) } catch { return .failure(error) }
    }

    private func code(_ text: String) -> JSONError.Code? {
        if case .failure(let error) = parse(text) { error.code } else { nil }
    }

    @Test("Members are sorted by UTF-16 and nothing is padded")
    func canonicalForm() throws {
        let value = try JSONValue.parse(Array(#" { "b" : [ 1 , -2 ] , "a" : { "é" : null, "z": true } } "#.utf8))
        #expect(value.canonicalText == #"{"a":{"z":true,"é":null},"b":[1,-2]}"#)
        let astral = try JSONValue.parse(Array(#"{"\ufb01":1,"\ud83d\ude00":2}"#.utf8))
        // U+1F600 begins with the surrogate D83D, which is before FB01.
        #expect(astral.canonicalText == "{\"😀\":2,\"ﬁ\":1}")
    }

    @Test("Escapes are the shortest of RFC 8785")
    func escapes() throws {
        let value = JSONValue.string("\u{8}\t\n\u{c}\r\"\\/\u{1}\u{7f}中")
        #expect(value.canonicalText == "\"\\b\\t\\n\\f\\r\\\"\\\\/\\u0001\u{7f}中\"")
        #expect(try JSONValue.parse(value.canonicalBytes) == value)
    }

    @Test("Whole numbers within 64 bits pass, everything else is refused")
    func numbers() {
        #expect(parse("9223372036854775807") == .success(.integer(.max)))
        #expect(parse("-9223372036854775808") == .success(.integer(.min)))
        #expect(code("9223372036854775808") == .numberOutOfRange)
        for text in ["1.0", "1e3", "01", "-0", "-", "+1", ".5", "NaN"] { #expect(code(text) == .malformed, "\(text)") }
    }

    @Test("A member may stand once", arguments: [(#"{"a":1}"#, nil), (#"{"a":1,"a":1}"#, JSONError.Code.duplicateMember)])
    func duplicates(text: String, expected: JSONError.Code?) { #expect(code(text) == expected) }

    @Test("What is no JSON is refused")
    func malformed() {
        for text in ["", "{", "[1,]", "{\"a\":}", "tru", "\"a", "\"\\x\"", "\"\\ud800\"", "1 2", "[1}", "\"\u{1}\""] {
            #expect(code(text) != nil, "\(text)")
        }
        #expect((try? JSONValue.parse([0x22, 0xC3, 0x28, 0x22])) == nil)
    }

    @Test("Nesting at the limit passes, one deeper is refused")
    func depth() {
        let atLimit = String(repeating: "[", count: JSONLimits.nestingDepth) + "1" + String(repeating: "]", count: JSONLimits.nestingDepth)
        #expect(code(atLimit) == nil)
        #expect(code("[" + atLimit + "]") == .tooDeep)
    }

    @Test("Only canonical bytes pass as canonical")
    func strictness() throws {
        #expect((try? JSONValue.parseCanonical(Array(#"{"a":1}"#.utf8))) != nil)
        #expect((try? JSONValue.parseCanonical(Array(#"{"a": 1}"#.utf8))) == nil)
        #expect((try? JSONValue.parseCanonical(Array(#"{"b":1,"a":1}"#.utf8))) == nil)
        #expect((try? JSONValue.parseCanonical(Array(#""\u0041""#.utf8))) == nil)
    }

    @Test("Bytes pass as canonical exactly when they are what the writer writes")
    func canonicalBytesAreTheWriters() {
        var state: UInt64 = 11
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = [
            "{", "}", "[", "]", ",", ":", " ", "\n", "1", "-7", "0", "true", "null", #""a""#, #""b""#, #""é""#, #""\u00e9""#, #""\n""#, #""\u000a""#,
            #""\u000b""#, #""\u000B""#, #""\/""#, "\"\\\"\"", #""\u0022""#, "\"\u{FB01}\"", "\"😀\"", "\"\"", #"{"a":1}"#, #"{"b":2,"a":1}"#,
            "{\"😀\":1,\"\u{FB01}\":2}", "{\"\u{FB01}\":2,\"😀\":1}", #"{"a":1,"ab":2}"#, #"{"ab":2,"a":1}"#, #"["x", 1]"#,
        ]
        var accepted = 0, refused = 0
        for _ in 0..<20_000 {
            let text = (0...next(3)).map { _ in pieces[next(pieces.count)] }.joined()
            guard let value = try? JSONValue.parse(Array(text.utf8)) else { continue }
            let isCanonical = (try? JSONValue.parseCanonical(Array(text.utf8))) != nil
            #expect(isCanonical == (value.canonicalBytes == Array(text.utf8)), "\(text)")
            if isCanonical { accepted += 1 } else { refused += 1 }
        }
        #expect(accepted > 100 && refused > 100)
    }

    /// What is too large is refused before it is read; the first byte of the other is no document.
    @Test("Documents as large as the limit are read, larger ones are not")
    func documentBytes() {
        func code(_ count: Int) -> JSONError.Code? {
            do throws(JSONError) {
                _ = try JSONValue.parse([UInt8](repeating: 0, count: count))
                return nil
            } catch { return error.code }
        }
        #expect(code(JSONLimits.documentBytes) == .malformed)
        #expect(code(JSONLimits.documentBytes + 1) == .tooLarge)
    }

    @Test("Random documents survive writing and reading")
    func roundTrip() throws {
        var state: UInt64 = 7
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        func value(_ depth: Int) -> JSONValue {
            switch next(depth > 3 ? 4 : 6) {
            case 0: return .null
            case 1: return .bool(next(2) == 0)
            case 2: return .integer(Int64(bitPattern: state))
            case 3: return .string(String((0..<next(6)).compactMap { _ in Unicode.Scalar(UInt32(next(0x3000))).map(Character.init) }))
            case 4: return .array((0..<next(4)).map { _ in value(depth + 1) })
            default: return .object(Dictionary((0..<next(4)).map { ("k\($0)", value(depth + 1)) }, uniquingKeysWith: { $1 }))
            }
        }
        for _ in 0..<500 {
            let document = value(0)
            #expect(try JSONValue.parseCanonical(document.canonicalBytes).canonicalBytes == document.canonicalBytes)
            #expect(try JSONValue.parse(Array(document.readableText.utf8)).canonicalBytes == document.canonicalBytes)
        }
    }
}
