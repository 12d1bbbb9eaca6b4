// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import CryptoSuites
import MetadataStore
import WireContract

/// One thing that was looked at.
public struct ExaminationFinding: Sendable {
    /// Code of the text.
    public let code: String
    public let arguments: [String]
    public let isGood: Bool
    /// Whether work cannot go on with it.
    public let isFatal: Bool

    init(_ code: String, _ arguments: [String] = [], isGood: Bool, isFatal: Bool = false) {
        self.code = code
        self.arguments = arguments
        self.isGood = isGood
        self.isFatal = isFatal
    }
}

extension Domain {
    /// Looks at log, objects, keys, machine and executor.
    public func examine(launcher: any ExecutorLauncher) throws -> [ExaminationFinding] {
        var findings: [ExaminationFinding] = []
        let report = try Self.verifyLog(at: paths.root)
        findings.append(
            report.failures.isEmpty
                ? ExaminationFinding("doctor.log-good", [String(report.size)], isGood: true)
                : ExaminationFinding("doctor.log-bad", [report.failures.first ?? ""], isGood: false, isFatal: true))
        findings.append(try examineObjects())
        findings.append(
            CryptoSuites.keysAreLocked
                ? ExaminationFinding("doctor.keys-locked", isGood: true) : ExaminationFinding("doctor.keys-not-locked", isGood: false))
        findings.append(
            Confinement.swapIsOn ? ExaminationFinding("doctor.swap-on", isGood: false) : ExaminationFinding("doctor.swap-off", isGood: true))
        findings.append(examineExecutor(launcher))
        return findings
    }

    /// Every object that the view names is there with its digest.
    private func examineObjects() throws -> ExaminationFinding {
        var digests = try metadata.documents().map(\.digest) + metadata.products().map(\.digest)
        for table in Set(try metadata.jobs().filter { $0.kind == "load" }.map(\.subject)) {
            guard let record = try metadata.latestVersion(of: table) else { continue }
            let stored = try StoredVersion(record)
            digests += [stored.manifest] + stored.files.map(\.digest) + [stored.profile].compactMap(\.self)
        }
        digests += try decisionRecords()
        for digest in digests {
            guard let descriptor = try? openObject(digest), (try? FileDigest.of(descriptor.number))?.hex == digest else {
                return ExaminationFinding("doctor.object-bad", [paths.object(digest)], isGood: false, isFatal: true)
            }
        }
        return ExaminationFinding("doctor.objects-good", [String(digests.count)], isGood: true)
    }

    /// Digests of the decision records that the log names.
    private func decisionRecords() throws -> [String] {
        try auditEntries().filter { $0.entry.type == .productSubmitted || $0.entry.type == .jobRefused }
            .compactMap { $0.entry.body["decision"]?.text }
    }

    /// The executor starts, confines itself, and dies when it tries to open a file.
    private func examineExecutor(_ launcher: any ExecutorLauncher) -> ExaminationFinding {
        let session = ExecutorSession(launcher: launcher, timeoutMilliseconds: ceilings.examinationMilliseconds)
        do {
            _ = try session.run(request: ["kind": "attempt", "act": .string(ForbiddenAct.open.rawValue)], keys: [], descriptors: [])
            return ExaminationFinding("doctor.executor-not-confined", isGood: false, isFatal: true)
        } catch let error as ControlError where error.code == .executorEnded && error.arguments.first == "SIGSYS" {
            return ExaminationFinding("doctor.executor-confined", isGood: true)
        } catch {
            return ExaminationFinding("doctor.executor-fails", [FaultCode.of(error).code], isGood: false, isFatal: true)
        }
    }
}
