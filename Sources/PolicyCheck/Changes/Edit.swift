// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import SQLSyntax

/// A change that can be carried out without thinking: in the statement's text, in a policy, or in a parameter's domain.
public enum Edit: Sendable, Hashable {
    /// Pieces of the statement that give way to other text; no two of them overlap.
    case statement([TextEdit])
    /// One capability more for a column.
    case grant(table: String, column: String, capability: Capability)
    /// Another domain, as it stands in a canonical product.
    case parameter(name: String, domain: JSONValue)
}

/// A place in a statement and the text that is to stand there instead. Nothing is taken away where the place has no length.
public struct TextEdit: Sendable, Hashable {
    public let span: SourceSpan
    public let text: String

    public init(span: SourceSpan, text: String) {
        self.span = span
        self.text = text
    }
}

/// Edits, one after the other, that together turn a refused statement into one that passes. Each was found by checking again.
public struct Repair: Sendable, Hashable {
    /// `allowed`, or `needsReview` where nothing but a person's review is left.
    public let decision: Verdict.Decision
    /// The statement with all edits of its text.
    public let sql: String
    /// Capabilities that owners grant, in order of need.
    public let grants: [Grant]
    /// The domains of all parameters; nil when none is edited.
    public let parameterDomains: JSONValue?

    public struct Grant: Sendable, Hashable {
        public let table: String
        public let column: String
        public let capability: Capability
        /// Whose it is to grant.
        public let owner: String
    }
}
