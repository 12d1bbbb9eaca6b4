// SPDX-License-Identifier: Apache-2.0

import SQLSyntax

/// The rows of several relations, each row as often as it stands in them (UNION ALL).
public struct Union: Sendable {
    /// At least two, with as many columns of the same types as `output`; or none, for no rows without columns.
    public let inputs: [LogicalPlan]
    public let output: [OutputColumn]
    public let span: SourceSpan

    public init(inputs: [LogicalPlan], output: [OutputColumn], span: SourceSpan) {
        self.inputs = inputs
        self.output = output
        self.span = span
    }
}
