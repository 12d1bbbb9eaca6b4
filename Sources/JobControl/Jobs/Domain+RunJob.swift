// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import CryptoSuites
import MetadataStore
import PolicyCheck
import WireContract

/// A released job: the result bytes exactly as the executor wrote them, and where everything lies.
public struct ReleasedJob: Sendable {
    public let job: String
    public let result: [UInt8]
    public let resultPath: String
    public let receiptPath: String
}

extension Domain {
    /// Runs an approved product. Throws `product.not-signed` while a signature is missing.
    public func runProduct(
        _ name: String, parameters: [String: String], by actor: Actor, launcher: any ExecutorLauncher
    ) throws -> JobOutcome {
        if !description.isRehearsal { try require(actor, anyOf: [.operator, .developer], for: "job run") }
        let state = try product(name)
        switch state.preparation {
        case .stopped(let verdict):
            try recordRefusal(verdict, kind: "product", subject: name, document: state.record.digest, by: actor)
            return .stopped(verdict)
        case .ready(let prepared):
            guard state.missing.isEmpty, let digest = state.approvalDigest else {
                throw ControlError(.productNotSigned, name, state.missing.joined(separator: ", "))
            }
            let authorisation: JSONValue = [
                "product": .string(state.record.digest), "approval": .string(digest),
                "decisions": .array(state.decisions.map { .integer(Int64($0.entry)) }), "submission": .integer(Int64(state.record.entry)),
            ]
            return .released(
                try run(prepared, kind: "product", subject: name, authorisation: authorisation, standing: nil, parameters, actor, launcher))
        }
    }

    /// Runs free SQL: always in a rehearsal domain, otherwise only under a standing approval that covers the role and every table.
    public func runQuery(sql: String, by actor: Actor, launcher: any ExecutorLauncher) throws -> JobOutcome {
        switch try prepare(sql: sql, parameterDomains: .object([:])) {
        case .stopped(let verdict):
            try recordRefusal(verdict, kind: "query", subject: "", document: SHA256.hash(Array(sql.utf8)).hex, by: actor)
            return .stopped(verdict)
        case .ready(let prepared):
            let standing = try description.isRehearsal ? nil : standingApproval(for: prepared, actor: actor)
            let authorisation: JSONValue = standing.map { ["standing": .string($0.digest), "entry": .integer(Int64($0.entry))] } ?? ["rehearsal": true]
            _ = try store(.string(sql))
            return .released(
                try run(prepared, kind: "query", subject: "", authorisation: authorisation, standing: standing?.name, [:], actor, launcher))
        }
    }

    private func run(
        _ prepared: PreparedQuery, kind: String, subject: String, authorisation: JSONValue, standing: String?,
        _ parameters: [String: String], _ actor: Actor, _ launcher: any ExecutorLauncher
    ) throws -> ReleasedJob {
        try Machine.refuseSwap()
        try ParameterCheck.check(parameters, domains: prepared.parameterDomains)
        let inputs = try JobInputs(prepared, domain: self)
        let job = Hexadecimal.encode(RandomBytes.system.bytes(count: 16))
        let intent = try record(
            .jobIntended, by: actor,
            body: Self.intentBody(job, kind, subject, prepared, inputs, authorisation, standing, parameters))
        do {
            return try execute(prepared, inputs, job: job, intent: intent, parameters: parameters, actor: actor, launcher: launcher)
        } catch {
            recordFailure(.jobFailed, job: job, intent: intent, error, by: actor)
            throw error
        }
    }

    private func execute(
        _ prepared: PreparedQuery, _ inputs: JobInputs, job: String, intent: UInt64, parameters: [String: String], actor: Actor,
        launcher: any ExecutorLauncher
    ) throws -> ReleasedJob {
        let output = try makeStagingDescriptor(), spill = try makeStagingDescriptor()
        let request = inputs.request(prepared, parameters: parameters, isRehearsal: description.isRehearsal, suite: description.suite)
        let session = ExecutorSession(launcher: launcher, timeoutMilliseconds: ceilings.jobMilliseconds)
        let report = try session.run(
            request: request.json, keys: inputs.keys, descriptors: inputs.descriptors.map(\.number) + [output.number, spill.number])
        let result = try InputFile.read(descriptor: output.number, name: "result", limitBytes: JSONLimits.documentBytes)
        let digest = SHA256.hash(result).hex
        guard report["result"]?.text == digest, let document = try? JSONValue.parseCanonical(result) else { throw ControlError(.resultAltered) }
        try link(output, digest: digest)
        let outcome = try record(
            .jobReleased, by: actor,
            body: [
                "job": .string(job), "intent": .integer(Int64(intent)), "result": .string(digest), "plan": .string(prepared.planDigest),
                "release": document["release"] ?? .null, "confinement": report["confinement"] ?? .null,
            ])
        return try publish(job: job, result: result, intent: intent, outcome: outcome)
    }

    private static func intentBody(
        _ job: String, _ kind: String, _ subject: String, _ prepared: PreparedQuery, _ inputs: JobInputs, _ authorisation: JSONValue,
        _ standing: String?, _ parameters: [String: String]
    ) -> JSONValue {
        // Parameter values are committed to, not shown; the salt keeps short values from being guessed.
        let salt = RandomBytes.system.bytes(count: 16)
        let values = JSONValue.object(parameters.mapValues { .string($0) }).canonicalBytes
        return [
            "job": .string(job), "kind": .string(kind), "subject": .string(subject), "plan": .string(prepared.planDigest),
            "sql": .string(SHA256.hash(Array(prepared.sql.utf8)).hex), "approval": .string(prepared.approvalDigest),
            "authorisation": authorisation, "standing": standing.map { .string($0) } ?? .null, "tables": inputs.tablesJSON,
            "parameters": .string(SHA256.hash(salt + values).hex), "verdict": "allowed",
        ]
    }
}

/// What became of a run.
public enum JobOutcome: Sendable {
    case released(ReleasedJob)
    case stopped(Verdict)
}
