// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import Foundation
import JobControl
import Testing

@Suite("Receipts")
struct ReceiptTests {
    private static func released() throws -> (yunei: Yunei, receipt: [UInt8], result: [UInt8], path: String) {
        let yunei = try Yunei.approved()
        let out = yunei.scratch.path + "/result.json"
        let run = try yunei.run(Yunei.january + ["--out", out], as: "op")
        try Yunei.expectDone(run)
        let path = run.json["receipt"]?.text ?? ""
        #expect(path == out + ".receipt.json")
        return (yunei, try bytes(path), try bytes(out), path)
    }

    private static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

    @Test("Far from the domain, alone or with its result, it verifies and tells the story")
    func elsewhere() throws {
        let (yunei, receipt, result, _) = try Self.released()
        let key = try yunei.run("audit", "key").json["key"]?.text ?? ""
        let away = try Yunei.Scratch()
        away.trail.plant(yunei.scratch.trail.planted)
        try Data(receipt).write(to: URL(fileURLWithPath: away.path + "/r.receipt.json"))
        func verify(_ options: String...) throws -> Yunei.Run {
            try Yunei.run(["receipt", "verify", "r.receipt.json", "--json"] + options, [:], in: away)
        }
        let alone = try verify()
        #expect(alone.status == 0, "\(alone.output)")
        #expect(alone.json["result_checked"] == false)
        #expect(alone.json["rehearsal"] == false)
        try Data(result).write(to: URL(fileURLWithPath: away.path + "/r"))
        #expect(try verify().json["result_checked"] == true)
        #expect(try verify("--key", key).status == 0)
        let types = try verify().json["steps"]?.elements?.compactMap { $0["type"]?.text } ?? []
        for type in ["domain.created", "identity.added", "policy.applied", "table.loaded", "product.submitted", "product.decided", "job.intended", "job.released"] {
            #expect(types.contains(type), "\(types)")
        }
        let stranger = try Yunei.founded(rehearsal: false)
        for wrong in [try stranger.run("audit", "key").json["key"]?.text ?? "", "nonsense"] where wrong != key {
            try verify("--key", wrong).expectRefusal(status: 3, "receipt.not-verified")
        }
        var changed = result
        changed[changed.count / 2] ^= 1
        for wrong in [changed, [], Array(result.dropLast()), result + [0x0A]] {
            try Data(wrong).write(to: URL(fileURLWithPath: away.path + "/r"))
            try verify().expectRefusal(status: 3, "receipt.not-verified", naming: ["result file"])
        }
        try verify("--result", "nowhere").expectRefusal(status: 2, "input.unreadable", naming: ["nowhere"])
        try Yunei.run(["receipt", "verify", "nowhere", "--json"], [:], in: away).expectRefusal(status: 2, "input.unreadable")
        try Yunei.run(["receipt", "verify", "r", "--json"], [:], in: away).expectRefusal(status: 2, "receipt.malformed")
    }

    @Test("A receipt of a rehearsal says so")
    func rehearsal() throws {
        let yunei = try Yunei.loaded(rehearsal: true)
        let run = try yunei.run("query", "--sql", "SELECT COUNT(*) FROM visit")
        let verified = try yunei.runPlain(["receipt", "verify", run.json["receipt"]?.text ?? "", "--json"])
        #expect(verified.status == 0, "\(verified.output)")
        #expect(verified.json["rehearsal"] == true)
        let people = try yunei.runPlain(["receipt", "verify", run.json["receipt"]?.text ?? "", "--lang", "zh"])
        #expect(people.output.contains("演练"), "\(people.output)")
    }

    @Test("Any single thing altered in it is noticed")
    func everyAlteration() throws {
        let (_, receipt, result, _) = try Self.released()
        try CryptoSuites.initialise()
        let json = try JSONValue.parseCanonical(receipt)
        _ = try ReceiptVerifier.verify(receipt, result: result, expectedLogKey: nil)
        var count = 0
        Self.forEachAlteration(of: json) { altered, place in
            count += 1
            #expect(throws: (any Error).self, "\(place)") {
                try ReceiptVerifier.verify(altered.canonicalBytes, result: result, expectedLogKey: nil)
            }
        }
        #expect(count > 500, "\(count)")
    }

    @Test("Any single byte altered in it is noticed", arguments: [0, 1, 2, 3])
    func everyByte(part: Int) throws {
        let (_, receipt, result, _) = try Self.released()
        try CryptoSuites.initialise()
        for place in stride(from: part * 7, to: receipt.count, by: 29) {
            var altered = receipt
            altered[place] ^= 1
            #expect(throws: (any Error).self, "byte \(place)") { try ReceiptVerifier.verify(altered, result: result, expectedLogKey: nil) }
        }
    }

    @Test("The binary refuses altered receipts with the right status")
    func binaryRefuses() throws {
        let (yunei, receipt, _, path) = try Self.released()
        let text = String(decoding: receipt, as: UTF8.self)
        let altered = text.replacing("\"role\":\"authority\"", with: "\"role\":\"operator\"")
        #expect(altered != text)
        try Data(altered.utf8).write(to: URL(fileURLWithPath: path))
        try yunei.run("receipt", "verify", path).expectRefusal(status: 3, "receipt.not-verified")
        try Data(text.dropLast(2).utf8).write(to: URL(fileURLWithPath: path))
        try yunei.run("receipt", "verify", path).expectRefusal(status: 2, "receipt.malformed")
    }

    /// Every value changed alone: strings at three places, longer and shorter; numbers both ways; elements dropped, doubled, reordered;
    /// members dropped, added and renamed.
    private static func forEachAlteration(of value: JSONValue, at place: String = "$", _ body: (JSONValue, String) -> Void) {
        switch value {
        case .null: body(true, place)
        case .bool(let flag): body(.bool(!flag), place)
        case .integer(let number):
            body(.integer(number + 1), place)
            body(.integer(number - 1), place)
            body(.string(String(number)), place)
        case .string(let text):
            for altered in alterations(of: text) { body(.string(altered), place) }
            body(.null, place)
        case .array(let elements):
            for index in elements.indices {
                forEachAlteration(of: elements[index], at: "\(place)[\(index)]") { altered, inner in
                    var copy = elements
                    copy[index] = altered
                    body(.array(copy), inner)
                }
                var dropped = elements
                dropped.remove(at: index)
                // A receipt may hold more steps than it needs: leaving one of those out alters nothing that it proves.
                if place != "$.steps" { body(.array(dropped), "\(place) without \(index)") }
                var doubled = elements
                doubled.insert(elements[index], at: index)
                body(.array(doubled), "\(place) with \(index) twice")
            }
        case .object(let members):
            for (name, member) in members {
                forEachAlteration(of: member, at: "\(place).\(name)") { altered, inner in
                    var copy = members
                    copy[name] = altered
                    body(.object(copy), inner)
                }
                var dropped = members
                dropped[name] = nil
                body(.object(dropped), "\(place) without \(name)")
            }
            var added = members
            added["surplus"] = "x"
            body(.object(added), "\(place) with surplus")
        }
    }

    private static func alterations(of text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        guard !scalars.isEmpty else { return ["x"] }
        let changed = Set([0, scalars.count / 2, scalars.count - 1]).map { place in
            var copy = scalars
            copy[place] = copy[place] == "a" ? "b" : "a"
            return String(String.UnicodeScalarView(copy))
        }
        return changed + [text + "a", String(text.unicodeScalars.dropLast())]
    }
}
