// SPDX-License-Identifier: Apache-2.0

extension SQLPrinter {
    mutating func write(_ call: SQLFunctionCall) {
        arguments(of: call)
        if !call.withinGroup.isEmpty {
            write(" WITHIN GROUP (")
            write(call.withinGroup)
            write(")")
        }
        if let filter = call.filter {
            write(" FILTER (WHERE ")
            write(filter)
            write(")")
        }
        if let window = call.window {
            write(" OVER (")
            write(window)
            write(")")
        }
    }

    /// The name and what stands in the parentheses. POSITION has its own form; its quoted function takes the same two
    /// arguments in the other order.
    private mutating func arguments(of call: SQLFunctionCall) {
        guard case .list(var arguments) = call.arguments else { return write(Self.functionName(call) + "(*)") }
        if call.name.text == "position", arguments.count == 2 {
            if call.isPlain {
                write("position(")
                write(arguments[0], atLeast: .concatenation)
                write(" IN ")
                write(arguments[1], atLeast: .concatenation)
                return write(")")
            }
            arguments.reverse()
        }
        write(Self.functionName(call))
        write(call.isDistinct ? "(DISTINCT " : "(")
        list(arguments)
        write(")")
    }

    /// A function's name, in quotes when the bare word before a parenthesis would mean something else.
    private static func functionName(_ call: SQLFunctionCall) -> String {
        let text = call.name.text
        if ReservedWords.callable.contains(text) { return text }
        if text == "substring" || text == "grouping" {
            let isForm = call.isPlain && call.arguments != .star && (text == "substring" || call.arguments != .list([]))
            return isForm ? text : quoted(text)
        }
        return ReservedWords.specialCalls.contains(text) ? quoted(text) : name(call.name)
    }

    private mutating func write(_ window: SQLWindow) {
        var gap = ""
        if !window.partitions.isEmpty {
            write("PARTITION BY ")
            list(window.partitions)
            gap = " "
        }
        if !window.order.isEmpty {
            write(gap)
            write(window.order)
            gap = " "
        }
        if let frame = window.frame {
            write(gap + frame.unit.rawValue + " BETWEEN ")
            write(frame.start)
            write(" AND ")
            write(frame.end)
        }
    }

    private mutating func write(_ bound: SQLFrameBound) {
        switch bound {
        case .unboundedPreceding: write("UNBOUNDED PRECEDING")
        case .preceding(let distance):
            write(distance: distance)
            write(" PRECEDING")
        case .currentRow: write("CURRENT ROW")
        case .following(let distance):
            write(distance: distance)
            write(" FOLLOWING")
        case .unboundedFollowing: write("UNBOUNDED FOLLOWING")
        }
    }

    /// A distance; a column named `unbounded` needs parentheses to be one.
    private mutating func write(distance: SQLExpression) {
        let isMistakable = if case .column(nil, let name) = distance.kind { name.text == "unbounded" } else { false }
        if isMistakable { write("(") }
        write(distance)
        if isMistakable { write(")") }
    }
}

extension SQLFunctionCall {
    /// Whether nothing but a name and arguments is written.
    fileprivate var isPlain: Bool { !isDistinct && withinGroup.isEmpty && filter == nil && window == nil }
}
