// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import PolicyCheck
import QueryPlan
import Tabular

/// A verdict with everything it rests on. It needs no domain, so whoever has the record makes the same one.
public struct Decision: Sendable {
    public let preparation: Preparation
    /// The verdict as scripts read it, with the digests of what it rests on.
    public let verdict: JSONValue
    /// The decision record, canonical (Documentation/Formats/decision-record.md).
    public let record: JSONValue

    /// Format of the record.
    static let format = "decision/1"

    /// Checks a statement under policy documents.
    /// - Throws: `SQLError`, `BindError`, `PolicyError` or `query.too-many-columns` for what has no verdict.
    public static func made(
        product: String, sql: String, parameterDomains: JSONValue, documents: [JSONValue], basis: CheckBasis = .none
    ) throws -> Decision {
        let policies = try PolicySet(documents: documents)
        let preparation = try Preparation.made(
            sql: sql, parameterDomains: parameterDomains, documents: documents, policies: policies, basis: basis)
        let digests = documents.map { SHA256.hash($0.canonicalBytes).hex }
        let schema = schema(policies)
        let inputs = inputs(product: product, sql: sql, parameterDomains: parameterDomains, policies: digests, schema: schema, basis: basis)
        let verdict =
            switch preparation {
            case .ready(let prepared): VerdictDocument.json(prepared, product: product, inputs: inputs)
            case .stopped(let verdict): VerdictDocument.json(verdict, inputs: inputs)
            }
        let record: JSONValue = [
            "record": .string(format), "checker": .integer(PolicyChecker.version), "product": .string(product), "sql": .string(sql),
            "parameters": parameterDomains,
            "policies": .array(zip(documents, digests).map { ["document": $0, "digest": .string($1)] }), "schema": schema, "terms": basis.termsJSON,
            "profiles": basis.profilesJSON, "scenario": basis.scenarioJSON, "verdict": verdict,
        ]
        return Decision(preparation: preparation, verdict: verdict, record: record)
    }

    /// Digests (SHA-256) of what a verdict rests on, and whose it is.
    private static func inputs(
        product: String, sql: String, parameterDomains: JSONValue, policies: [String], schema: JSONValue, basis: CheckBasis
    ) -> JSONValue {
        let list = JSONValue.array(policies.map { .string($0) })
        return [
            "checker": .integer(PolicyChecker.version), "product": .string(product), "sql": .string(SHA256.hash(Array(sql.utf8)).hex),
            "parameters": .string(SHA256.hash(parameterDomains.canonicalBytes).hex), "policies": .string(SHA256.hash(list.canonicalBytes).hex),
            "schema": .string(SHA256.hash(schema.canonicalBytes).hex), "terms": .string(SHA256.hash(basis.termsJSON.canonicalBytes).hex),
            "profiles": .string(SHA256.hash(basis.profilesJSON.canonicalBytes).hex),
            "scenario": .string(SHA256.hash(basis.scenarioJSON.canonicalBytes).hex),
        ]
    }

    /// Columns of every table as statements see them.
    private static func schema(_ policies: PolicySet) -> JSONValue {
        var tables: [String: JSONValue] = [:]
        for name in policies.tableNames {
            guard let columns = policies.schema(of: name)?.columns else { continue }
            tables[name] = .array(
                columns.map { ["name": .string($0.name), "type": .string($0.type.name), "nullable": .bool($0.isNullable)] })
        }
        return .object(tables)
    }
}
