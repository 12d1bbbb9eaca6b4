// SPDX-License-Identifier: Apache-2.0

import SQLSyntax

extension EditProposals {
    // MARK: Calls

    /// Another call in place of the one that a finding is about.
    func calls(_ finding: Finding, _ texts: (SQLFunctionCall, StatementMap) -> [String]) -> [Edit] {
        guard let node = map.node(at: finding.span), case .call(let call) = map.nodes[node].expression.kind else { return [] }
        return texts(call, map).flatMap { replacing([node], with: $0) }
    }

    /// `SUM(a - b)` as `SUM(a) - SUM(b)`; a constant `c` as `c * COUNT(*)`.
    func separations(_ finding: Finding) -> [Edit] {
        guard let node = map.node(at: finding.span), let parent = map.nodes[node].parent,
            case .call(let call) = map.nodes[parent].expression.kind, call.name.text == "sum", !call.isDistinct
        else { return [] }
        var text = ""
        for (term, isSubtracted) in map.nodes[node].expression.terms {
            let made = term.isConstantText ? map.call("COUNT", like: call, of: "*").map { map.text(term) + " * " + $0 } : map.call("SUM", like: call, of: map.text(term))
            guard let made else { return [] }
            text += text.isEmpty ? (isSubtracted ? "-" : "") : (isSubtracted ? " - " : " + ")
            text += made
        }
        return replacing([parent], with: "(" + text + ")")
    }

    /// `SUM(a * c)` as `(SUM(a) * c)`.
    func factorsOutside(_ finding: Finding) -> [Edit] {
        guard let node = map.node(at: finding.span), let parent = map.nodes[node].parent,
            case .call(let call) = map.nodes[parent].expression.kind, call.name.text == "sum" || call.name.text == "avg"
        else { return [] }
        func scaled(_ amount: SQLExpression, _ symbol: String, _ constant: SQLExpression) -> [Edit] {
            guard constant.isConstantText, let aggregate = map.call(call.name.text.uppercased(), like: call, of: map.text(amount)) else { return [] }
            return replacing([parent], with: "(\(aggregate) \(symbol) \(map.text(constant)))")
        }
        switch map.nodes[node].expression.kind {
        case .binary(.multiply, let left, let right): return scaled(left, "*", right) + scaled(right, "*", left)
        case .binary(.divide, let left, let right): return scaled(left, "/", right)
        case .literal, .parameter, .column, .unary, .binary, .isNull, .isDistinct, .isTruth, .between, .inList, .inQuery, .like, .conditional,
            .cast, .extract, .call, .subquery, .exists:
            return []
        }
    }

    // MARK: Rows

    /// Groups in place of rows: the select list with COUNT(*), or COUNT(*) alone.
    func aggregations(_ finding: Finding) -> [Edit] {
        guard map.blocks.count == 1, let block = map.blocks.first, block.groups.isEmpty, block.groupFilter == nil, !block.isDistinct,
            let first = block.items.first, let last = block.items.last
        else { return [] }
        let list = map.span(from: first.span.offset, to: last.span.end)
        var edits: [Edit] = []
        let expressions = block.items.compactMap { item -> SQLExpression? in
            if case .expression(let expression, _) = item.kind { expression } else { nil }
        }
        if expressions.count == block.items.count {
            let places = (1...expressions.count).map(String.init).joined(separator: ", ")
            edits.append(
                .statement([
                    TextEdit(span: map.span(from: last.span.end, to: last.span.end), text: ", COUNT(*)"),
                    TextEdit(span: map.span(from: block.span.end, to: block.span.end), text: " GROUP BY " + places),
                ]))
        }
        return edits + [.statement([TextEdit(span: list, text: "COUNT(*)")])]
    }

    // MARK: Order of tables

    /// The two sides of a join exchanged.
    func exchanges(_ finding: Finding) -> [Edit] {
        guard let (join, _) = map.joins.first(where: { $0.span == finding.span }) ?? map.joins.last, join.kind == .inner || join.kind == .cross
        else { return [] }
        return [
            .statement([
                TextEdit(span: join.left.span, text: map.text(join.right.span)), TextEdit(span: join.right.span, text: map.text(join.left.span)),
            ])
        ]
    }

    // MARK: Removing

    /// What mentions a column taken out: its entry of the select list and of GROUP BY, or its condition.
    func removals(_ finding: Finding) -> [Edit] {
        guard let node = map.nodes.firstIndex(where: { Self.covers($0.expression.span, finding.span) }) else { return [] }
        let found = map.node(at: finding.span) ?? node
        guard let number = map.nodes[found].block else { return [] }
        let block = map.blocks[number]
        switch map.nodes[found].region {
        case .items, .groups, .having, .order: return removalsOfEntries(found, block, number)
        case .filter, .from: return removalsOfCondition(found)
        case .other: return []
        }
    }

    private func removalsOfEntries(_ index: Int, _ block: SelectBlock, _ number: Int) -> [Edit] {
        let columns = map.columns(within: index)
        let places = map.nodes.filter { $0.block == number && columns.contains($0.expression) }.map(\.expression.span)
        func mentions(_ expression: SQLExpression) -> Bool { places.contains { Self.covers(expression.span, $0) } }
        let items = block.items.indices.filter { if case .expression(let expression, _) = block.items[$0].kind { mentions(expression) } else { false } }
        let groups = block.groups.compactMap { group -> SQLExpression? in if case .expression(let key) = group { key } else { nil } }
        guard groups.count == block.groups.count else { return [] }
        let keys = groups.indices.filter { mentions(groups[$0]) || groups[$0].ordinal.map { items.contains($0 - 1) } ?? false }
        var edits = removing(items, of: block.items.map(\.span), else: nil) + removing(keys, of: groups.map(\.span), else: "()")
        // A key that is a place of the select list moves with its entry.
        for index in groups.indices where !keys.contains(index) {
            guard let ordinal = groups[index].ordinal else { continue }
            let moved = ordinal - items.filter { $0 < ordinal - 1 }.count
            if moved != ordinal { edits.append(TextEdit(span: groups[index].span, text: String(moved))) }
        }
        return edits.isEmpty ? [] : [.statement(edits)]
    }

    /// Entries of a list with the commas that they leave; the last entry of all gives way to another text.
    private func removing(_ indices: [Int], of spans: [SourceSpan], else replacement: String?) -> [TextEdit] {
        guard !indices.isEmpty else { return [] }
        if indices.count == spans.count {
            guard let replacement, let first = spans.first, let last = spans.last else { return [] }
            return [TextEdit(span: map.span(from: first.offset, to: last.end), text: replacement)]
        }
        return indices.map { index in
            // What stands before stays: so the first kept entry keeps its place, and no two edits meet.
            let isBeforeFirstKept = !(0..<index).contains { !indices.contains($0) }
            let span = isBeforeFirstKept
                ? map.span(from: spans[index].offset, to: spans[index + 1].offset) : map.span(from: spans[index - 1].end, to: spans[index].end)
            return TextEdit(span: span, text: "")
        }
    }

    /// The smallest condition around a place becomes TRUE.
    private func removalsOfCondition(_ index: Int) -> [Edit] {
        var edits: [Edit] = []
        var current: Int? = index
        while let node = current {
            if map.nodes[node].expression.kind.isCondition { edits += replacing([node], with: "TRUE") }
            current = map.nodes[node].parent
        }
        return edits
    }

    private static func covers(_ outer: SourceSpan, _ inner: SourceSpan) -> Bool { outer.offset <= inner.offset && inner.end <= outer.end }
}

extension StatementMap {
    /// A call of another function over the same argument, or over another one, under the same FILTER. Nil for windows and several arguments.
    func call(_ name: String, like call: SQLFunctionCall, of argument: String? = nil) -> String? {
        guard call.window == nil, call.withinGroup.isEmpty else { return nil }
        var text = argument
        if text == nil, case .list(let arguments) = call.arguments, arguments.count == 1 { text = self.text(arguments[0]) }
        guard let text else { return nil }
        return name + "(" + text + ")" + (call.filter.map { " FILTER (WHERE " + self.text($0) + ")" } ?? "")
    }
}

extension SQLExpression {
    /// Summands of a chain of + and -, each with its sign.
    fileprivate var terms: [(term: SQLExpression, isSubtracted: Bool)] {
        switch kind {
        case .binary(.add, let left, let right): left.terms + right.terms
        case .binary(.subtract, let left, let right): left.terms + right.terms.map { ($0.term, !$0.isSubtracted) }
        case .literal, .parameter, .column, .unary, .binary, .isNull, .isDistinct, .isTruth, .between, .inList, .inQuery, .like, .conditional,
            .cast, .extract, .call, .subquery, .exists:
            [(self, false)]
        }
    }

    /// The place of the select list that a key of GROUP BY names.
    fileprivate var ordinal: Int? {
        if case .literal(.integer(let digits)) = kind { Int(digits) } else { nil }
    }

    fileprivate var isConstantText: Bool {
        switch kind {
        case .literal, .parameter: true
        case .column, .unary, .binary, .isNull, .isDistinct, .isTruth, .between, .inList, .inQuery, .like, .conditional, .cast, .extract, .call,
            .subquery, .exists:
            false
        }
    }
}

extension SQLExpression.Kind {
    /// Whether it is true or false.
    fileprivate var isCondition: Bool {
        switch self {
        case .binary(let symbol, _, _):
            switch symbol {
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or: true
            case .add, .subtract, .multiply, .divide, .modulo, .concatenate: false
            }
        case .unary(.not, _), .isNull, .isDistinct, .isTruth, .between, .inList, .inQuery, .like, .exists: true
        case .literal, .parameter, .column, .unary, .conditional, .cast, .extract, .call, .subquery: false
        }
    }
}
