// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// `OVER (…)`.
    mutating func windowClause() throws(SQLError) -> SQLWindow {
        advance()
        guard isAt(.leftParenthesis) else {
            guard acceptName() != nil else { throw unexpected("(") }
            throw SQLError(.unsupported, [UnsupportedConstruct.namedWindow.rawValue], at: previousSpan)
        }
        advance()
        if !isAtWindowPart, acceptName() != nil {
            throw SQLError(.unsupported, [UnsupportedConstruct.namedWindow.rawValue], at: previousSpan)
        }
        var partitions: [SQLExpression] = []
        if accept("partition") {
            try expect("by")
            partitions = try commaSeparated { (grammar: inout Grammar) throws(SQLError) in try grammar.expression() }
        }
        let order = isAt("order") ? try orderClause() : []
        let frame = try frameClause()
        try expect(.rightParenthesis)
        return SQLWindow(partitions: partitions, order: order, frame: frame)
    }

    private var isAtWindowPart: Bool {
        isAt("partition") || isAt("rows") || isAt("range") || isAt("groups")
    }

    private mutating func frameClause() throws(SQLError) -> SQLFrame? {
        try refuse(["groups": .groupsFrame])
        let place = current.span
        let unit: SQLFrame.Unit
        if accept("rows") {
            unit = .rows
        } else if accept("range") {
            unit = .range
        } else {
            return nil
        }
        let start: SQLFrameBound
        var end = SQLFrameBound.currentRow
        if accept("between") {
            start = try frameBound()
            try expect("and")
            end = try frameBound()
        } else {
            start = try frameBound()
        }
        guard start.rank <= end.rank, start != .unboundedFollowing, end != .unboundedPreceding else {
            throw SQLError(.invalidFrame, at: span(from: place))
        }
        try refuse(["exclude": .frameExclusion])
        return SQLFrame(unit: unit, start: start, end: end)
    }

    private mutating func frameBound() throws(SQLError) -> SQLFrameBound {
        let next = ahead(1).kind
        if isAt("unbounded"), next == .word("preceding") || next == .word("following") {
            advance()
            advance()
            return next == .word("preceding") ? .unboundedPreceding : .unboundedFollowing
        }
        if isAt("current"), next == .word("row") {
            advance()
            advance()
            return .currentRow
        }
        let distance = try expression()
        if accept("preceding") { return .preceding(distance) }
        if accept("following") { return .following(distance) }
        throw unexpected("PRECEDING, FOLLOWING")
    }
}

extension SQLFrameBound {
    /// The order of bounds from the first row of the partition to its last.
    fileprivate var rank: Int {
        switch self {
        case .unboundedPreceding: 0
        case .preceding: 1
        case .currentRow: 2
        case .following: 3
        case .unboundedFollowing: 4
        }
    }
}
