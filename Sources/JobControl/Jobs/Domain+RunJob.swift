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
    /// Runs an approved product. Throws `product.not-signed` while a signature is missing, and `grant.…` outside its days and runs.
    public func runProduct(
        _ name: String, parameters: [String: String], by actor: Actor, launcher: any ExecutorLauncher
    ) throws -> JobOutcome {
        if !description.isRehearsal { try require(actor, anyOf: [.operator, .developer], for: "job run") }
        let state = try product(name)
        switch state.preparation {
        case .stopped(let verdict):
            try recordRefusal(verdict, kind: "product", subject: name, document: state.record.digest, by: actor)
            return .stopped(
                verdict, document: try refusal(name, state.sql, state.parameterDomains, try basis(state.terms, besides: name)))
        case .ready(let prepared):
            guard state.missing.isEmpty, let digest = state.approvalDigest else {
                throw ControlError(.productNotSigned, name, state.missing.joined(separator: ", "))
            }
            try refuseGrant("product", name, state.record.digest, by: actor) {
                try requireDay(state.terms, of: name)
                try requireRunLeft(state)
            }
            let authorisation: JSONValue = [
                "product": .string(state.record.digest), "approval": .string(digest), "run": .integer(state.runsUsed + 1),
                "decisions": .array(state.decisions.map { .integer(Int64($0.entry)) }), "submission": .integer(Int64(state.record.entry)),
            ]
            let grant = Grant.product(name: name, submission: state.record.entry, digest: digest, terms: state.terms)
            let order = JobOrder(
                kind: "product", subject: name, authorisation: authorisation, grant: grant,
                versions: DataVersions(epoch: state.terms.dataEpoch, pins: state.pins), parameters: parameters, actor: actor)
            return .released(try run(prepared, order, launcher))
        }
    }

    /// Runs free SQL: always in a rehearsal domain, otherwise only under a standing approval that covers the role and every table, and whose
    /// terms the tables allow.
    public func runQuery(sql: String, by actor: Actor, launcher: any ExecutorLauncher) throws -> JobOutcome {
        var basis = try self.basis(nil)
        var preparation = try prepare(sql: sql, parameterDomains: .object([:]), basis: basis)
        var grant = Grant.rehearsal
        if case .ready(let prepared) = preparation, !description.isRehearsal {
            for standing in try standingApprovals(for: prepared, actor: actor) {
                basis = try self.basis(standing.terms)
                grant = .standing(standing, sql: sql, query: prepared.approvalDigest)
                preparation = try prepare(sql: sql, parameterDomains: .object([:]), basis: basis)
                if case .ready = preparation { break }
            }
        }
        switch preparation {
        case .stopped(let verdict):
            try recordRefusal(verdict, kind: "query", subject: "", document: SHA256.hash(Array(sql.utf8)).hex, by: actor)
            return .stopped(verdict, document: try refusal("", sql, .object([:]), basis))
        case .ready(let prepared):
            _ = try store(.string(sql))
            let order = JobOrder(
                kind: "query", subject: "", authorisation: grant.authorisation, grant: grant, versions: .latest, parameters: [:], actor: actor)
            return .released(try run(prepared, order, launcher))
        }
    }

    /// A refusal as `product check --json` prints it, with the digests of what it rests on.
    private func refusal(_ product: String, _ sql: String, _ domains: JSONValue, _ basis: CheckBasis) throws -> JSONValue {
        try Decision.made(product: product, sql: sql, parameterDomains: domains, documents: try policyDocuments(), basis: basis).verdict
    }

    private func run(_ prepared: PreparedQuery, _ order: JobOrder, _ launcher: any ExecutorLauncher) throws -> ReleasedJob {
        try Machine.refuseSwap()
        try ParameterCheck.check(order.parameters, domains: prepared.parameterDomains)
        let inputs = try JobInputs(prepared, order.versions, domain: self)
        let job = Hexadecimal.encode(RandomBytes.system.bytes(count: 16))
        let intent = try record(.jobIntended, by: order.actor, body: Self.intentBody(job, order, prepared, inputs))
        do {
            return try execute(prepared, inputs, order, job: job, intent: intent, launcher: launcher)
        } catch {
            recordFailure(.jobFailed, job: job, intent: intent, error, by: order.actor)
            throw error
        }
    }

    private func execute(
        _ prepared: PreparedQuery, _ inputs: JobInputs, _ order: JobOrder, job: String, intent: UInt64, launcher: any ExecutorLauncher
    ) throws -> ReleasedJob {
        let output = try makeStagingDescriptor(), spill = try makeStagingDescriptor()
        let request = inputs.request(
            prepared, parameters: order.parameters, terms: order.grant.terms, isRehearsal: description.isRehearsal, suite: description.suite)
        let session = ExecutorSession(launcher: launcher, timeoutMilliseconds: ceilings.jobMilliseconds)
        let report = try session.run(
            request: request.json, keys: inputs.keys, descriptors: inputs.descriptors.map(\.number) + [output.number, spill.number])
        let result = try InputFile.read(descriptor: output.number, name: "result", limitBytes: JSONLimits.documentBytes)
        let digest = SHA256.hash(result).hex
        guard report["result"]?.text == digest, let document = try? JSONValue.parseCanonical(result) else { throw ControlError(.resultAltered) }
        // What was allowed at the start may have ended since. Nothing of the result is kept then.
        try requireInForce(order.grant)
        try link(output, digest: digest)
        let outcome = try record(
            .jobReleased, by: order.actor,
            body: [
                "job": .string(job), "intent": .integer(Int64(intent)), "result": .string(digest), "plan": .string(prepared.planDigest),
                "release": document["release"] ?? .null, "confinement": report["confinement"] ?? .null,
            ])
        return try publish(job: job, result: result, intent: intent, outcome: outcome)
    }

    private static func intentBody(_ job: String, _ order: JobOrder, _ prepared: PreparedQuery, _ inputs: JobInputs) -> JSONValue {
        // Parameter values are committed to, not shown; the salt keeps short values from being guessed.
        let salt = RandomBytes.system.bytes(count: 16)
        let values = JSONValue.object(order.parameters.mapValues { .string($0) }).canonicalBytes
        return [
            "job": .string(job), "kind": .string(order.kind), "subject": .string(order.subject), "plan": .string(prepared.planDigest),
            "sql": .string(SHA256.hash(Array(prepared.sql.utf8)).hex), "approval": .string(prepared.approvalDigest),
            "authorisation": order.authorisation, "standing": order.grant.standingName.map { .string($0) } ?? .null,
            "tables": inputs.tablesJSON, "parameters": .string(SHA256.hash(salt + values).hex), "verdict": "allowed",
        ]
    }
}

/// What is to be run, by whom and under what.
struct JobOrder {
    let kind: String
    let subject: String
    /// For the intent.
    let authorisation: JSONValue
    let grant: Grant
    let versions: DataVersions
    let parameters: [String: String]
    let actor: Actor
}

/// What became of a run.
public enum JobOutcome: Sendable {
    case released(ReleasedJob)
    /// With the verdict as scripts read it.
    case stopped(Verdict, document: JSONValue)
}
