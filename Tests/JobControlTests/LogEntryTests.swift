// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import Foundation
import JobControl
import Testing

@Suite("Log entries")
struct LogEntryTests {
    private static let key: SigningKey? = try? SigningKey(seed: [UInt8](repeating: 7, count: 32))

    private func entry() throws -> LogEntry {
        LogEntry(
            type: .productDecided, time: "2026-11-21T08:00:00Z", actor: "wjw", signingKey: try #require(Self.key),
            body: ["product": "医院月度就诊统计", "decision": "approve", "opinion": "同意"])
    }

    @Test("The bytes of an entry are those of the golden file")
    func golden() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/log-entry-v1.json")
        #expect(try Array(Data(contentsOf: path)) == entry().json.canonicalBytes)
    }

    @Test("An entry is read as it was written")
    func roundTrip() throws {
        let entry = try entry()
        #expect(try LogEntry.parse(entry.json.canonicalBytes) == entry)
    }

    @Test("Any altered, added or missing member is refused")
    func alterations() throws {
        let members = try #require(entry().json.members)
        for name in members.keys {
            var without = members
            without[name] = nil
            #expect(throws: ControlError(.entryMalformed), "\(name)") { try LogEntry.parse(JSONValue.object(without).canonicalBytes) }
            var altered = members
            altered[name] = name == "format" ? 2 : name == "body" ? ["product": "另一个"] : .string((members[name]?.text ?? "") + "0")
            #expect(throws: ControlError(.entryMalformed), "\(name)") { try LogEntry.parse(JSONValue.object(altered).canonicalBytes) }
        }
        var added = members
        added["note"] = "extra"
        #expect(throws: ControlError(.entryMalformed)) { try LogEntry.parse(JSONValue.object(added).canonicalBytes) }
    }

    @Test("Bytes that are not canonical are refused")
    func canonicalOnly() throws {
        let readable = Array(try entry().json.readableText.utf8)
        #expect(throws: ControlError(.entryMalformed)) { try LogEntry.parse(readable) }
    }
}

@Suite("Exit statuses and texts of the control plane")
struct FaultTests {
    @Test(
        "Each kind of fault has its status",
        arguments: [
            (ControlError.Code.roleNotPermitted, JobControl.ExitStatus.refusedByPolicy), (.productNotSigned, .refusedByPolicy), (.tableUnknown, .wrongUse),
            (.passphraseWrong, .wrongUse), (.domainLocked, .wrongUse), (.keyFileMissing, .wrongUse), (.executorEnded, .internalFault),
            (.objectAltered, .internalFault), (.resultAltered, .internalFault), (.tableBadValues, .wrongUse), (.notInThisVersion, .wrongUse),
        ])
    func status(code: ControlError.Code, expected: JobControl.ExitStatus) {
        #expect(JobControl.ExitStatus.of(FaultCode.of(ControlError(code))) == expected)
    }

    @Test(
        "What the sizes of tables show to be impossible is the person's to change; what ran out on the way is not",
        arguments: [
            ("engine.result-too-large", JobControl.ExitStatus.wrongUse), ("engine.memory-too-small", .wrongUse), ("engine.resource-exhausted", .internalFault),
        ])
    func sizes(code: String, expected: JobControl.ExitStatus) {
        #expect(JobControl.ExitStatus.of(FaultCode.of(ExecutorFault(code: code, arguments: []))) == expected)
    }

    @Test("An error of nobody's is an internal fault")
    func unknown() {
        struct Strange: Error {}
        #expect(JobControl.ExitStatus.of(FaultCode.of(Strange())) == .internalFault)
    }
}

@Suite("Names")
struct NameTests {
    @Test("Environment variables of passphrases")
    func environment() {
        #expect(Domain.environmentName("op") == "YUNEI_PASSPHRASE_OP")
        #expect(Domain.environmentName("wei-jian.2") == "YUNEI_PASSPHRASE_WEI_JIAN_2")
        #expect(Domain.environmentName("卫健委") == "YUNEI_PASSPHRASE_卫健委")
    }
}
