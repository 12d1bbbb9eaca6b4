// SPDX-License-Identifier: Apache-2.0

import SQLSyntax

/// The outcome of a check: a value, not an error. The same inputs give the same verdict, byte for byte.
public struct Verdict: Sendable, Hashable {
    public enum Decision: String, Sendable { case allowed, refused, needsReview = "needs-review" }
    public let decision: Decision
    /// Why, in order of place in the statement, then rule. Empty when allowed.
    public let findings: [Finding]
    /// Edits that together make it pass; nil where none were found or none were looked for.
    public let repair: Repair?

    public init(decision: Decision, findings: [Finding], repair: Repair? = nil) {
        self.decision = decision
        self.findings = findings
        self.repair = repair
    }
}

/// One reason of a verdict. Texts in zh and en come from the catalogue by `rule` and `arguments`; nothing here is a data value.
public struct Finding: Sendable, Hashable {
    /// Stable rule code, e.g. `policy.missing-capability`; key into the text catalogue.
    public let rule: String
    /// Part of the statement: select, where, join, group-by, having, order-by, aggregate, parameter, table.
    public let clause: String
    public let span: SourceSpan
    /// `table.column` of the base column, when one is concerned.
    public let column: String?
    /// The capability that is missing, when one is.
    public let capability: String?
    /// The organisation whose rule it is.
    public let owner: String?
    /// Arguments of the message.
    public let arguments: [String]
    /// The smallest change that passes: a text code with its arguments; nil when there is none.
    public let passesIf: Change?

    public struct Change: Sendable, Hashable {
        public let code: String
        public let arguments: [String]
        /// How it is carried out; nil where a person has to think, or nothing was tried.
        public let edit: Edit?
        /// Whether the checker carried the edit out, checked again, and found this finding gone and no other come.
        public let isVerified: Bool

        public init(code: String, arguments: [String], edit: Edit? = nil, isVerified: Bool = false) {
            self.code = code
            self.arguments = arguments
            self.edit = edit
            self.isVerified = isVerified
        }
    }

    public init(
        rule: String, clause: String, span: SourceSpan, column: String?, capability: String?, owner: String?,
        arguments: [String], passesIf: Change?
    ) {
        self.rule = rule
        self.clause = clause
        self.span = span
        self.column = column
        self.capability = capability
        self.owner = owner
        self.arguments = arguments
        self.passesIf = passesIf
    }
}

/// What the checker says: a plan that may run, or the reasons why not.
public enum CheckOutcome: Sendable {
    case approved(ApprovedPlan)
    /// `needsReview` or `refused`.
    case stopped(Verdict)
}
