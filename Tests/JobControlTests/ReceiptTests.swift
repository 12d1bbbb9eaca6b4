// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import JobControl
import Testing

/// Files that an earlier build wrote: a later one must still read them.
enum Golden {
    static func url(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/" + name)
    }

    static func bytes(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: url(name))) }
}

@Suite("Receipts and domain descriptions that an earlier build wrote")
struct ReceiptTests {
    @Test("A receipt verifies with its result, without a domain")
    func verifies() throws {
        let story = try ReceiptVerifier.verify(Golden.bytes("receipt-v1.json"), result: Golden.bytes("result-v1.json"), expectedLogKey: nil)
        #expect(story.steps.map(\.type).contains(.jobReleased))
        #expect(story.steps.count { $0.type == .productDecided } == 2)
        #expect(!story.isRehearsal)
    }

    @Test("With another result, another log key or an altered byte it does not")
    func alterations() throws {
        let receipt = try Golden.bytes("receipt-v1.json"), result = try Golden.bytes("result-v1.json")
        #expect(throws: ControlError(.receiptNotVerified)) { try ReceiptVerifier.verify(receipt, result: result + [10], expectedLogKey: nil) }
        #expect(throws: ControlError(.receiptNotVerified)) { try ReceiptVerifier.verify(receipt, result: result, expectedLogKey: "other+00000000+AA") }
        for position in stride(from: 3, to: receipt.count, by: receipt.count / 97) {
            var altered = receipt
            altered[position] ^= 1
            #expect(throws: ControlError.self, "byte \(position)") { try ReceiptVerifier.verify(altered, result: result, expectedLogKey: nil) }
        }
    }

    @Test("A receipt without one of its steps does not verify")
    func missingSteps() throws {
        let json = try JSONValue.parse(Golden.bytes("receipt-v1.json"))
        let steps = try #require(json["steps"]?.elements)
        for position in steps.indices where steps[position]["entry"]?["type"]?.text != "policy.applied" {
            var members = try #require(json.members)
            var kept = steps
            kept.remove(at: position)
            members["steps"] = .array(kept)
            #expect(throws: ControlError(.receiptNotVerified), "step \(position)") {
                try ReceiptVerifier.verify(JSONValue.object(members).canonicalBytes, result: nil, expectedLogKey: nil)
            }
        }
    }

    @Test("The description of a domain is read as it was written")
    func domainDescription() throws {
        let directory = NSTemporaryDirectory() + "domain-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Data(Golden.bytes("domain-v1.json")).write(to: URL(fileURLWithPath: directory + "/domain.json"))
        #expect(try Domain.readDescription(DomainPaths(root: directory)).suite == "international")
        let later = String(decoding: try Golden.bytes("domain-v1.json"), as: UTF8.self).replacing("\"format\":1", with: "\"format\":2")
        try Data(later.utf8).write(to: URL(fileURLWithPath: directory + "/domain.json"))
        #expect(throws: ControlError(.domainFormat)) { try Domain.readDescription(DomainPaths(root: directory)) }
    }
}
