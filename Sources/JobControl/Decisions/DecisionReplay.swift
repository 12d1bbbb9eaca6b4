// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import PolicyCheck

/// Computes the verdict of a decision record again, without a domain, and compares.
public struct DecisionReplay: Sendable {
    public let product: String
    /// `allowed`, `refused` or `needs-review`, as the record has it.
    public let verdict: String
    /// Version of the checker that made the record.
    public let checker: Int64
    /// SHA-256 of the record.
    public let digest: String
    /// Places of the record (RFC 6901) that differ from what was computed, at most `Limits.decisionDifferences`; empty when the
    /// verdict is the same, byte for byte.
    public let differences: [String]
    /// Code of the fault, when what the record holds has no verdict at all.
    public let fault: FaultCode?

    public var isSame: Bool { differences.isEmpty }

    /// - Throws: `decision.malformed` with the place where the bytes are no record.
    public static func run(_ bytes: [UInt8]) throws(ControlError) -> DecisionReplay { try run(bytes, ceilings: Limits.Ceilings()) }

    package static func run(_ bytes: [UInt8], ceilings: Limits.Ceilings) throws(ControlError) -> DecisionReplay {
        guard bytes.count <= ceilings.decisionRecordBytes, let json = try? JSONValue.parseCanonical(bytes) else {
            throw ControlError(.decisionMalformed, "/")
        }
        let record = try RecordedDecision(json)
        var differences = record.policies.enumerated().compactMap { index, policy in
            SHA256.hash(policy.document.canonicalBytes).hex == policy.digest ? nil : "/policies/\(index)/document"
        }
        var fault: FaultCode?
        do {
            let made = try Decision.made(
                product: record.product, sql: record.sql, parameterDomains: record.parameters, documents: record.policies.map(\.document),
                basis: record.basis)
            json.collectDifferences(from: made.record, at: "", into: &differences, limit: Limits.decisionDifferences)
            if differences.isEmpty, made.record.canonicalBytes != bytes { differences.append("/") }
        } catch {
            fault = FaultCode.of(error)
            differences.append("/verdict")
        }
        return DecisionReplay(
            product: record.product, verdict: record.decision, checker: record.checker, digest: SHA256.hash(bytes).hex,
            differences: Array(differences.uniqued.prefix(Limits.decisionDifferences)), fault: fault)
    }
}

/// The members of a decision record, read strictly.
struct RecordedDecision {
    let checker: Int64
    let product: String
    let sql: String
    let parameters: JSONValue
    let policies: [(digest: String, document: JSONValue)]
    let decision: String
    let basis: CheckBasis

    init(_ json: JSONValue) throws(ControlError) {
        func member<Value>(_ name: String, _ value: Value?) throws(ControlError) -> Value {
            guard let value else { throw ControlError(.decisionMalformed, "/" + name) }
            return value
        }
        let names: Set<String> = ["record", "checker", "product", "sql", "parameters", "policies", "schema", "terms", "profiles", "scenario", "verdict"]
        guard let members = json.members, Set(members.keys) == names else { throw ControlError(.decisionMalformed, "/") }
        guard json["record"]?.text == Decision.format else { throw ControlError(.decisionMalformed, "/record") }
        checker = try member("checker", json["checker"]?.number)
        product = try member("product", json["product"]?.text)
        sql = try member("sql", json["sql"]?.text)
        parameters = try member("parameters", json["parameters"].flatMap { $0.isNull || $0.members != nil ? $0 : nil })
        var policies: [(digest: String, document: JSONValue)] = []
        for (index, policy) in try member("policies", json["policies"]?.elements).enumerated() {
            guard let members = policy.members, Set(members.keys) == ["digest", "document"], let digest = policy["digest"]?.text,
                let document = policy["document"], document.members != nil
            else { throw ControlError(.decisionMalformed, "/policies/\(index)") }
            policies.append((digest, document))
        }
        self.policies = policies
        _ = try member("schema", json["schema"]?.members)
        basis = try CheckBasis(record: json)
        let status = try member("verdict/status", json["verdict"]?["status"]?.text)
        decision = status == "done" ? try member("verdict/verdict", json["verdict"]?["verdict"]?.text) : status
    }
}

extension JSONValue {
    /// Places (RFC 6901) where this document is another than the other one, the outermost that differ in kind or length.
    func collectDifferences(from other: JSONValue, at path: String, into places: inout [String], limit: Int) {
        // Texts that compare as equal may be of different bytes.
        guard places.count < limit, canonicalBytes != other.canonicalBytes else { return }
        switch (self, other) {
        case (.object(let mine), .object(let theirs)):
            for name in Set(mine.keys).union(theirs.keys).sorted() {
                let place = path + "/" + name.pointerToken
                guard let one = mine[name], let two = theirs[name] else {
                    places.append(place)
                    continue
                }
                one.collectDifferences(from: two, at: place, into: &places, limit: limit)
            }
        case (.array(let mine), .array(let theirs)) where mine.count == theirs.count:
            for (index, pair) in zip(mine, theirs).enumerated() {
                pair.0.collectDifferences(from: pair.1, at: path + "/\(index)", into: &places, limit: limit)
            }
        case (.null, _), (.bool, _), (.integer, _), (.string, _), (.array, _), (.object, _): places.append(path.isEmpty ? "/" : path)
        }
    }
}

extension String {
    /// As a token of a JSON pointer.
    fileprivate var pointerToken: String {
        var token = ""
        for scalar in unicodeScalars { token += scalar == "~" ? "~0" : scalar == "/" ? "~1" : String(scalar) }
        return token
    }
}

extension [String] {
    /// Each once, in order.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
