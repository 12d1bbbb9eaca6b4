// SPDX-License-Identifier: Apache-2.0

import SQLSyntax

/// Why a capability is missing: a finding that has no clause yet.
package struct Loss {
    var rule: Rule
    let span: SourceSpan
    var arguments: [String] = []
    package var column: SourceColumn?
    var capability: Capability?
    var owner: String?
    var change: PolicyChange?
    var changeArguments: [String] = []

    enum Rule {
        case named(PolicyRule)
        /// An operation that nothing allows; its rule depends on what the value was meant for.
        case operation
    }

    /// An operation on a column that leaves nothing to be used.
    static func operation(_ span: SourceSpan, _ column: SourceColumn?) -> Loss {
        let name = column?.name ?? "-"
        return Loss(rule: .operation, span: span, arguments: [name], column: column, change: .plainColumn, changeArguments: [name])
    }
}

extension FindingList {
    /// Adds what is missing. Parameters have a clause of their own.
    mutating func add(_ loss: Loss, _ clause: Clause, operation: PolicyRule = .expressionInFilter) {
        let rule =
            switch loss.rule {
            case .named(let rule): rule
            case .operation: operation
            }
        add(
            rule, rule == .unalignedParameter || rule == .parameterWithoutDomain ? .parameter : clause, loss.span, loss.arguments,
            column: loss.column, capability: loss.capability, owner: loss.owner, loss.change, loss.changeArguments)
    }
}
