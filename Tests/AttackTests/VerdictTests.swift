// SPDX-License-Identifier: Apache-2.0

import Attacker
import CanonicalJSON
import PolicyCheck
import QueryPlan
import SQLLogic
import SQLSyntax
import Tabular
import Testing

/// Properties of verdicts, over the attacker's policies and statements.
@Suite("Verdicts on random statements")
struct VerdictTests {
    /// What is decided, and why; nil where it is no statement.
    private func decision(_ sql: String, _ schema: AttackSchema) throws -> [String]? {
        do {
            switch try QueryCheck.run(sql: sql, policies: schema.policies, parameterDomains: schema.parameters) {
            case .approved(let plan): return ["allowed", plan.canonicalText]
            case .stopped(let verdict):
                let reasons = verdict.findings.map { [$0.rule, $0.clause, $0.column ?? "", $0.capability ?? "", $0.owner ?? ""].joined(separator: " ") }
                return [verdict.decision.rawValue] + Set(reasons).sorted()
            }
        } catch is SQLError { return nil } catch is BindError { return nil }
    }

    // MARK: The same statement in other words

    /// The statement with something done to everything that stands outside of quotes.
    private static func outside(_ sql: String, _ change: (String) -> String) -> String {
        sql.split(separator: "'", omittingEmptySubsequences: false).enumerated().map { $0.offset % 2 == 0 ? change(String($0.element)) : String($0.element) }
            .joined(separator: "'")
    }

    private static let rewordings: [(String, @Sendable (String) -> String)] = [
        ("aliases", { outside($0) { text in
            text.replacing(" visit v", with: " visit AS qv").replacing(") v", with: ") AS qv").replacing("v.", with: "qv.")
                .replacing(" resident r", with: " resident 居民").replacing("r.", with: "居民.")
        } }),
        ("small letters", { outside($0) { $0.lowercased() } }),
        ("spaces and remarks", { outside($0) { $0.replacing(" ", with: "\n\t  ").replacing(",", with: " /* , */ ,") } }),
        ("a derived table", { outside($0) { $0.replacing(" visit v", with: " (SELECT * FROM visit) v").replacing(" resident r", with: " (SELECT * FROM resident) r") } }),
        ("two derived tables", { outside($0) { $0.replacing(" visit v", with: " (SELECT t.* FROM (SELECT * FROM visit) t) v") } }),
        ("WITH", { sql in
            guard !sql.hasPrefix("WITH") else { return sql }
            return "WITH w AS (SELECT * FROM visit), u AS (SELECT * FROM resident) " + outside(sql) { $0.replacing(" visit v", with: " w v").replacing(" resident r", with: " u r") }
        }),
        ("parentheses", { sql in
            guard sql.split(separator: " WHERE ").count == 2, sql.contains(" GROUP BY "), !sql.contains("(SELECT * FROM visit WHERE") else { return sql }
            return outside(sql) { $0.replacing(" WHERE ", with: " WHERE ((").replacing(" GROUP BY ", with: ")) GROUP BY ") }
        }),
        ("dates as texts", { $0.replacing(">= DATE '2024-01-01' ", with: ">= '2024-01-01' ").replacing("= FALSE", with: "= false") }),
        ("numbers with a zero more", { outside($0) { $0.replacing("10.50", with: "10.500").replacing("200.00", with: "200.0") } }),
    ]

    @Test("do not depend on names, spaces, the case of words, derived tables or spelling", arguments: rewordings.indices)
    func words(_ number: Int) throws {
        let (name, reworded) = Self.rewordings[number]
        var compared = 0
        for seed in UInt64(700_000)..<700_025 {
            let attackCase = try AttackCase(seed: seed)
            for sql in attackCase.queries {
                let other = reworded(sql)
                guard other != sql, let decided = try decision(sql, attackCase.schema), let again = try decision(other, attackCase.schema) else { continue }
                compared += 1
                // Names and digits of constants stand in the plan's text.
                let isWhole = !["numbers with a zero more", "dates as texts"].contains(name)
                #expect(isWhole ? decided == again : decided.first == again.first && (decided.first == "allowed" || decided == again), "\(name), seed \(seed)\n\(sql)\n\(other)")
            }
        }
        #expect(compared >= 20, "\(name)")
    }

    @Test("do not depend on the order of columns in a policy")
    func columnOrder() throws {
        for seed in UInt64(710_000)..<710_020 {
            let attackCase = try AttackCase(seed: seed)
            var random = RandomSource(seed: seed)
            let shuffled = try attackCase.schema.shuffled(&random)
            for sql in attackCase.queries where !sql.contains("*) v") && !sql.contains("x.*,") {
                let decided = try decision(sql, attackCase.schema), again = try decision(sql, shuffled)
                #expect(decided?.first == again?.first && (decided?.first == "allowed" || decided == again), "seed \(seed)\n\(sql)")
            }
        }
    }

    // MARK: Grants

    @Test("never allow more under a tighter policy", arguments: [UInt64](0..<6))
    func monotone(batch: UInt64) throws {
        var refused = 0
        for seed in (batch * 6)..<(batch * 6 + 6) {
            let attackCase = try AttackCase(seed: 720_000 + seed)
            var random = RandomSource(seed: seed)
            var schema = attackCase.schema
            var allowed = try attackCase.queries.filter { try decision($0, schema)?.first == "allowed" }
            for _ in 0..<8 {
                schema = try schema.tightened(&random)
                for sql in attackCase.queries where !allowed.contains(sql) {
                    #expect(try decision(sql, schema)?.first != "allowed", "seed \(attackCase.seed)\n\(sql)")
                }
                let left = try allowed.filter { try decision($0, schema)?.first == "allowed" }
                refused += allowed.count - left.count
                allowed = left
            }
        }
        #expect(refused > 20)
    }

    // MARK: Every construct

    /// The fuzzer's statements use all of SQL that open tables may; over protected ones each is judged or refused, by rules that have a name.
    @Test("judge or refuse whatever SQL can say", arguments: [UInt64](0..<4))
    func everything(batch: UInt64) throws {
        var judged = 0
        for seed in (batch * 25)..<(batch * 25 + 25) {
            let fuzzCase = FuzzCase(seed: 730_000 + seed)
            let policies = try PolicySet(documents: fuzzCase.tables.map(Self.protected))
            for sql in fuzzCase.queries {
                do {
                    switch try QueryCheck.run(sql: sql, policies: policies, parameterDomains: .null) {
                    case .approved: judged += 1
                    case .stopped(let verdict):
                        judged += 1
                        #expect(!verdict.findings.isEmpty && verdict.findings.allSatisfy { PolicyRule(rawValue: $0.rule) != nil }, "\(sql)")
                    }
                } catch let error as BindError {
                    #expect(error.code != .invariantViolated, "\(sql)")
                } catch is SQLError {}
            }
        }
        #expect(judged > 25 * FuzzCase.queryCount / 2)
    }

    private static func protected(_ table: TestTable) -> JSONValue {
        var members = table.policy.members ?? [:]
        members["open"] = nil
        members["entity"] = [["max_rows_per_person": 1]]
        members["columns"] = .array(
            table.columns.map { column in
                var allow = ["group", "filter_equal", "join", "count", "count_distinct"]
                var line: [String: JSONValue] = ["name": .string(column.name), "type": .string(column.type.name), "nullable": .bool(column.isNullable)]
                if column.type == .date { line["format"] = ["yyyy-MM-dd"] }
                if column.type == .double { allow = ["count"] }
                if column.type.isExactNumeric {
                    allow += ["filter_range", "sum", "average"]
                    line["bounds"] = ["-100", "100"]
                }
                line["allow"] = .array(allow.map { .string($0) })
                return .object(line)
            })
        return .object(members)
    }
}
