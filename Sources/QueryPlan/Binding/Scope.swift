// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// The names that expressions of one query may use, over the columns of its FROM clause.
struct Scope {
    /// One column with the name of its table.
    struct Column {
        let qualifier: String
        let name: String
        let position: Int
        /// Merged by USING into an equal column of the left side: found only with its table's name.
        var isMerged: Bool
    }

    private(set) var columns: [Column] = []
    private(set) var qualifiers: [String] = []
    /// What each position holds.
    private(set) var outputs: [OutputColumn] = []
    /// Positions in the order of `*`.
    private(set) var star: [Int] = []

    /// The scope of one table.
    init(qualifier: String, outputs: [OutputColumn]) {
        self.qualifiers = [qualifier]
        self.outputs = outputs
        self.star = Array(outputs.indices)
        self.columns = outputs.enumerated().map {
            Column(qualifier: qualifier, name: $1.name, position: $0, isMerged: false)
        }
    }

    /// The scope of two sides. `merged` are the columns that USING made one, where they stand in `outputs`: of the left side, of the
    /// right side, and the one that the bare name means, which may stand behind both sides.
    init(left: Scope, right: Scope, outputs: [OutputColumn], merged: [MergedColumn]) {
        let shift = left.outputs.count
        let visible = merged.map(\.visible)
        let hidden = Set(merged.flatMap { [$0.left, $0.right] }).subtracting(visible)
        self.outputs = outputs
        self.qualifiers = left.qualifiers + right.qualifiers
        let moved = right.columns.map {
            Column(qualifier: $0.qualifier, name: $0.name, position: $0.position + shift, isMerged: $0.isMerged)
        }
        let computed = visible.filter { $0 >= shift + right.outputs.count }
            .map { Column(qualifier: "", name: outputs[$0].name, position: $0, isMerged: false) }
        self.columns = (left.columns + moved).map {
            Column(
                qualifier: $0.qualifier, name: $0.name, position: $0.position,
                isMerged: $0.isMerged || hidden.contains($0.position))
        } + computed
        let both = left.star + right.star.map { $0 + shift }
        self.star = visible + both.filter { !hidden.contains($0) && !visible.contains($0) }
    }

    /// A column that USING made of two.
    struct MergedColumn {
        let left: Int
        let right: Int
        var visible: Int
    }

    /// A column by name.
    func column(qualifier: Identifier?, name: Identifier, at span: SourceSpan) throws(BindError) -> BoundExpression {
        let found = matches(qualifier: qualifier, name: name)
        guard let first = found.first else { throw unknown(qualifier: qualifier, name: name, at: span) }
        if found.count > 1 {
            throw BindError(
                .ambiguousColumn, [name.text, found.map(\.qualifier).sorted().joined(separator: ", ")], at: span)
        }
        return column(at: first.position, span)
    }

    /// A column by position.
    func column(at position: Int, _ span: SourceSpan) -> BoundExpression {
        let output = outputs[position]
        return BoundExpression(kind: .column(position), type: output.type, isNullable: output.isNullable, span: span)
    }

    /// The columns that a name may mean.
    func matches(qualifier: Identifier?, name: Identifier) -> [Column] {
        columns.filter { column in
            guard column.name == name.text else { return false }
            if let qualifier { return column.qualifier == qualifier.text }
            return !column.isMerged
        }
    }

    private func unknown(qualifier: Identifier?, name: Identifier, at span: SourceSpan) -> BindError {
        if let qualifier, !qualifiers.contains(qualifier.text) {
            return BindError(
                .unknownQualifier, [qualifier.text, Suggestion.nearest(to: qualifier.text, among: qualifiers)],
                at: qualifier.span)
        }
        let visible = columns.filter { qualifier == nil || $0.qualifier == qualifier?.text }.map(\.name)
        return BindError(.unknownColumn, [name.text, Suggestion.nearest(to: name.text, among: visible)], at: name.span)
    }

    /// The positions that `*` or `table.*` stands for.
    func positions(ofStar qualifier: Identifier?) throws(BindError) -> [Int] {
        guard let qualifier else { return star }
        guard qualifiers.contains(qualifier.text) else {
            throw BindError(
                .unknownQualifier, [qualifier.text, Suggestion.nearest(to: qualifier.text, among: qualifiers)],
                at: qualifier.span)
        }
        return columns.filter { $0.qualifier == qualifier.text }.map(\.position)
    }
}
