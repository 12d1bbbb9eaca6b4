// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import QueryPlan
import SQLSyntax

/// What replacing one policy document by another would do: which lines change, and which products are judged otherwise.
public struct PolicyDifference: Sendable {
    /// Lines of effective policies that go or come, in order of table, then as they stand there.
    public let lines: [Line]
    /// Products with another outcome, in the order given.
    public let products: [Product]
    /// How many products are judged as before, and what is signed for them stays the same.
    public let unchangedCount: Int

    /// One line of a table's effective policy.
    public struct Line: Sendable, Hashable {
        public let table: String
        public let isNew: Bool
        public let line: EffectiveLine
    }

    /// One product with both outcomes.
    public struct Product: Sendable {
        public let name: String
        public let sql: String
        public let old: StatementOutcome
        public let new: StatementOutcome
        /// Allowed by both, but what signatures are under changes, so that they are void.
        public var isOnlySignedAnew: Bool { old.decision == .allowed && new.decision == .allowed }
    }

    /// Checks every product under both sets of policies, really and whole.
    public init(_ products: [Statement], old: PolicySet, new: PolicySet) {
        lines = Set(old.tableNames + new.tableNames).sorted().flatMap { Self.lines(of: $0, old, new) }
        var changed: [Product] = []
        for product in products {
            let pair = Product(
                name: product.name, sql: product.sql, old: StatementOutcome(product, under: old), new: StatementOutcome(product, under: new))
            if pair.old != pair.new { changed.append(pair) }
        }
        self.products = changed
        unchangedCount = products.count - changed.count
    }

    private static func lines(of table: String, _ old: PolicySet, _ new: PolicySet) -> [Line] {
        let before = old.effectiveLines(table)
        let after = new.effectiveLines(table)
        let (kept, known) = (Set(after), Set(before))
        return before.filter { !kept.contains($0) }.map { Line(table: table, isNew: false, line: $0) }
            + after.filter { !known.contains($0) }.map { Line(table: table, isNew: true, line: $0) }
    }
}

/// A statement with the domains of its parameters.
public struct Statement: Sendable {
    public let name: String
    public let sql: String
    public let parameterDomains: JSONValue
    public let basis: CheckBasis

    public init(name: String, sql: String, parameterDomains: JSONValue, basis: CheckBasis = .none) {
        self.basis = basis
        self.name = name
        self.sql = sql
        self.parameterDomains = parameterDomains
    }
}

/// What comes of a statement under policies, in a form that can be compared.
public enum StatementOutcome: Sendable, Hashable {
    /// The text of the plan with its rules, and of the effective policy of every table read: what signatures are under.
    case allowed(signed: [String])
    case stopped(Verdict)
    /// It is no statement over these tables.
    case unreadable(code: String, arguments: [String])

    /// Judges a statement as `QueryCheck` does.
    public init(_ statement: Statement, under policies: PolicySet) {
        do {
            switch try QueryCheck.run(sql: statement.sql, policies: policies, parameterDomains: statement.parameterDomains, basis: statement.basis) {
            case .approved(let plan):
                let tables = Set(plan.scans.values.map(\.table)).sorted()
                self = .allowed(signed: [plan.canonicalText] + tables.map { policies.effectiveText($0) })
            case .stopped(let verdict): self = .stopped(verdict)
            }
        } catch let error as SQLError {
            self = .unreadable(code: error.code.rawValue, arguments: error.arguments)
        } catch let error as BindError {
            self = .unreadable(code: error.code.rawValue, arguments: error.arguments)
        } catch let error as PolicyError {
            self = .unreadable(code: error.code.rawValue, arguments: error.arguments)
        } catch {
            self = .unreadable(code: "internal.unexpected", arguments: [])
        }
    }

    /// The checker's decision; nil for what it could not read.
    public var decision: Verdict.Decision? {
        switch self {
        case .allowed: .allowed
        case .stopped(let verdict): verdict.decision
        case .unreadable: nil
        }
    }

    /// The first reason: a rule, or the code of the fault, with its arguments.
    public var firstReason: (code: String, arguments: [String])? {
        switch self {
        case .allowed: nil
        case .stopped(let verdict): verdict.findings.first.map { (code: $0.rule, arguments: $0.arguments) }
        case .unreadable(let code, let arguments): (code: code, arguments: arguments)
        }
    }
}
