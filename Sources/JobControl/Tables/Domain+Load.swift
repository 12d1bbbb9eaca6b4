// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import CryptoSuites
import DurableFiles
import MetadataStore
import PolicyCheck
import WireContract

/// How a table is to be loaded.
public struct LoadOptions: Sendable {
    public let mode: String
    public let period: String?
    public let asOf: String?
    public let rejectFile: String?

    public init(mode: String, period: String?, asOf: String?, rejectFile: String?) {
        self.mode = mode
        self.period = period
        self.asOf = asOf
        self.rejectFile = rejectFile
    }
}

/// A new version, as the unit is told of it.
public struct LoadedTable: Sendable {
    public let version: Int64
    public let rows: Int64
    public let rejected: Int64
    public let manifest: String
    public let asOf: String
    /// Labels that do not fit what was loaded, and better ones.
    public let advice: [LabelAdvice]
}

/// A load that was refused because of bad values: where they stand and why, never what they are.
public struct BadValues: Error, Sendable {
    /// Table, number of bad values.
    public let arguments: [String]
    /// `{row, column, reason}` of each, up to a limit.
    public let places: [JSONValue]
}

extension Domain {
    /// Loads a CSV file as a new version: an executor reads, numbers entities and encrypts; the control plane sees digests. Atomic: the
    /// version exists exactly when its log entry does.
    public func load(
        table: String, file: String, options: LoadOptions, by actor: Actor, launcher: any ExecutorLauncher,
        progress: (Int64) -> Void = { _ in }
    ) throws -> LoadedTable {
        try Machine.refuseSwap()
        let policies = try policies()
        guard let policy = policies.table(table) else { throw ControlError(.tableUnknown, table) }
        try require(actor, anyOf: [.unit, .authority], for: "table load")
        guard policy.unit == actor.organisation else { throw ControlError(.organisationNotPermitted, actor.name, actor.organisation, policy.unit) }
        if let asOf = options.asOf, !LoadInputs.isTime(asOf) { throw ControlError(.tableAsOf) }
        if let rejectFile = options.rejectFile { try OutputFile.requirePlace(rejectFile) }
        let source = try InputFile.open(file)
        let version = (try metadata.latestVersion(of: table)?.version ?? 0) + 1
        let inputs = try LoadInputs(
            policy: policy, version: version, options: options, asOf: options.asOf ?? clock.text, source: source, domain: self)
        let job = Hexadecimal.encode(RandomBytes.system.bytes(count: 16))
        let intent = try record(
            .loadIntended, by: actor,
            body: [
                "job": .string(job), "kind": "load", "subject": .string(table), "version": .integer(version), "mode": .string(options.mode),
            ])
        do {
            let report = try execute(inputs, job: job, intent: intent, actor: actor, launcher: launcher, options: options, progress: progress)
            return LoadedTable(
                version: version, rows: report.rows, rejected: report.rejectedRows, manifest: report.manifestDigest.hex, asOf: inputs.plan.asOf,
                advice: policy.labelAdvice(report.recognised))
        } catch {
            recordFailure(.loadFailed, job: job, intent: intent, error, by: actor)
            throw error
        }
    }

    private func execute(
        _ inputs: LoadInputs, job: String, intent: UInt64, actor: Actor, launcher: any ExecutorLauncher, options: LoadOptions,
        progress: (Int64) -> Void
    ) throws -> LoadReport {
        let session = ExecutorSession(launcher: launcher, timeoutMilliseconds: ceilings.loadMilliseconds)
        let answer = try session.run(
            request: inputs.request, keys: inputs.keys, descriptors: inputs.descriptors.map(\.number), progress: progress)
        let table = inputs.plan.identity.table
        switch try LoadOutcome(json: answer) {
        case .refused(let refusal):
            throw BadValues(
                arguments: [table, String(refusal.badValueCount)],
                places: refusal.badValues.map {
                    ["row": .integer($0.row), "column": .string($0.column), "reason": .string($0.reason.rawValue)]
                })
        case .loaded(let report):
            try store(report, inputs)
            if let path = options.rejectFile { try writeRejects(inputs, to: path) }
            let profile = try inputs.profile(report).map { try store($0.json) }
            try record(.tableLoaded, by: actor, body: inputs.entryBody(report, profile: profile, job: job, intent: intent))
            return report
        }
    }

    /// Every sealed file gets its place before the entry names it. Digests are taken again here: neither plane trusts the other.
    private func store(_ report: LoadReport, _ inputs: LoadInputs) throws {
        guard report.files.count == inputs.outputs.count else { throw ControlError(.executorDisagrees) }
        let digests = try FileDigest.of(each: inputs.outputs.map(\.number), threads: Machine.processorCount)
        guard digests == report.files.map(\.digest) else { throw ControlError(.executorDisagrees) }
        for (digest, descriptor) in zip(digests, inputs.outputs) { try link(descriptor, digest: digest.hex) }
    }

    private func writeRejects(_ inputs: LoadInputs, to path: String) throws {
        guard let rejects = inputs.rejects else { return }
        let bytes = try InputFile.read(descriptor: rejects.number, name: path, limitBytes: ceilings.rejectFileBytes)
        try files.write(bytes, to: path, mode: 0o640)
    }
}
