// SPDX-License-Identifier: Apache-2.0

import SQLSyntax

/// What stands where in a statement, so that the place of a finding leads to what a person wrote there.
struct StatementMap {
    /// One expression with its surroundings.
    struct Node {
        let expression: SQLExpression
        /// The expression it is an operand of.
        let parent: Int?
        /// The SELECT whose clause it stands in; nil in a LIMIT and the like.
        let block: Int?
        let region: Region
    }

    enum Region {
        case items, from, filter, groups, having, order, other
    }

    private(set) var nodes: [Node] = []
    private(set) var blocks: [SelectBlock] = []
    private(set) var joins: [(join: TableJoin, span: SourceSpan)] = []
    private let scalars: [Unicode.Scalar]

    /// Nil when the text is no statement.
    init?(_ sql: String) {
        guard let statement = try? SQLParser.parse(sql) else { return nil }
        scalars = Array(sql.unicodeScalars)
        walk(statement.query)
    }

    /// The outermost expression of exactly this place.
    func node(at span: SourceSpan) -> Int? {
        nodes.firstIndex { $0.expression.span.offset == span.offset && $0.expression.span.length == span.length }
    }

    /// What is written at a place.
    func text(_ span: SourceSpan) -> String {
        let end = min(span.offset + span.length, scalars.count)
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[min(span.offset, end)..<end])
        return String(text)
    }

    func text(_ expression: SQLExpression) -> String { text(expression.span) }

    /// The place between two offsets.
    func span(from start: Int, to end: Int) -> SourceSpan {
        var line = 1
        var column = 1
        for index in 0..<min(start, scalars.count) {
            let isBreak = scalars[index] == "\n" || scalars[index] == "\r" && (index + 1 == scalars.count || scalars[index + 1] != "\n")
            line += isBreak ? 1 : 0
            column = isBreak ? 1 : column + 1
        }
        return SourceSpan(line: line, column: column, length: max(0, end - start), offset: start)
    }

    /// Expressions of the same SELECT, WHERE and FROM left aside, that say the same as this one.
    func equals(of index: Int) -> [Int] {
        let node = nodes[index]
        guard let block = node.block else { return [index] }
        return nodes.indices.filter { other in
            guard nodes[other].block == block, nodes[other].expression == node.expression else { return false }
            switch nodes[other].region {
            case .items, .groups, .having, .order: return true
            case .from, .filter, .other: return other == index
            }
        }
    }

    /// Columns within an expression, each spelling once, in order.
    func columns(within index: Int) -> [SQLExpression] {
        var found: [SQLExpression] = []
        var rest = [nodes[index].expression]
        while !rest.isEmpty {
            let next = rest.removeFirst()
            if case .column = next.kind, !found.contains(next) { found.append(next) }
            rest = next.kind.children + rest
        }
        return found
    }

    // MARK: The walk

    private mutating func walk(_ query: SelectQuery) {
        for table in query.commonTables { walk(table.query) }
        let block = walk(query.body)
        for item in query.order { walk(item.expression, nil, block, .order) }
        for expression in [query.limit, query.offset].compactMap(\.self) { walk(expression, nil, nil, .other) }
    }

    /// The number of the SELECT when it is the only one.
    private mutating func walk(_ body: QueryBody) -> Int? {
        switch body {
        case .select(let block): return walk(block)
        case .unionAll(let left, let right):
            _ = walk(left)
            _ = walk(right)
            return nil
        case .nested(let query):
            walk(query)
            return nil
        }
    }

    private mutating func walk(_ block: SelectBlock) -> Int {
        let number = blocks.count
        blocks.append(block)
        for item in block.items {
            if case .expression(let expression, _) = item.kind { walk(expression, nil, number, .items) }
        }
        if let from = block.from { walk(from, number) }
        if let filter = block.filter { walk(filter, nil, number, .filter) }
        for expression in block.groups.flatMap(\.expressions) { walk(expression, nil, number, .groups) }
        if let having = block.groupFilter { walk(having, nil, number, .having) }
        return number
    }

    private mutating func walk(_ reference: TableReference, _ block: Int) {
        switch reference.kind {
        case .table: return
        case .derived(let query, _): walk(query)
        case .join(let join):
            joins.append((join, reference.span))
            walk(join.left, block)
            walk(join.right, block)
            if case .on(let condition) = join.condition { walk(condition, nil, block, .from) }
        }
    }

    private mutating func walk(_ expression: SQLExpression, _ parent: Int?, _ block: Int?, _ region: Region) {
        let index = nodes.count
        nodes.append(Node(expression: expression, parent: parent, block: block, region: region))
        for child in expression.kind.children { walk(child, index, block, region) }
        if let query = expression.kind.query { walk(query) }
    }
}

extension SourceSpan {
    /// The offset just behind this place.
    var end: Int { offset + length }
}
