// SPDX-License-Identifier: Apache-2.0

extension SQLPrinter {
    /// An expression, in parentheses when it binds more weakly than its place demands.
    mutating func write(_ expression: SQLExpression, atLeast minimum: Precedence = .or) {
        let needsParentheses = expression.precedence < minimum
        if needsParentheses { write("(") }
        write(expression.kind)
        if needsParentheses { write(")") }
    }

    private mutating func write(_ kind: SQLExpression.Kind) {
        switch kind {
        case .literal(let literal): write(Self.text(of: literal))
        case .parameter(let name): write(":" + name)
        case .column(let qualifier, let name):
            if let qualifier { write(Self.name(qualifier) + ".") }
            write(Self.name(name))
        case .unary(.minus, let operand):
            // Two minus signs in a row would begin a comment.
            let isRepeated = if case .unary(.minus, _) = operand.kind { true } else { false }
            write(isRepeated ? "- " : "-")
            write(operand, atLeast: .sign)
        case .unary(.not, let operand):
            write("NOT ")
            write(operand, atLeast: .not)
        case .binary(let symbol, let left, let right):
            let level = symbol.precedence
            write(left, atLeast: level.isNonAssociative ? level.tighter : level)
            write(" " + symbol.rawValue + " ")
            write(right, atLeast: level.tighter)
        case .isNull(let operand, let isNegated):
            write(operand, atLeast: .comparison)
            write(isNegated ? " IS NOT NULL" : " IS NULL")
        case .isDistinct(let left, let right, let isNegated):
            write(left, atLeast: .comparison)
            write(isNegated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ")
            write(right, atLeast: .comparison)
        case .isTruth(let operand, let truth, let isNegated):
            write(operand, atLeast: .comparison)
            write((isNegated ? " IS NOT " : " IS ") + truth.rawValue)
        case .between(let operand, let low, let high, let isNegated):
            write(operand, atLeast: .concatenation)
            write(isNegated ? " NOT BETWEEN " : " BETWEEN ")
            write(low, atLeast: .concatenation)
            write(" AND ")
            write(high, atLeast: .concatenation)
        case .inList(let operand, let elements, let isNegated):
            write(operand, atLeast: .concatenation)
            write(isNegated ? " NOT IN (" : " IN (")
            list(elements)
            write(")")
        case .inQuery(let operand, let query, let isNegated):
            write(operand, atLeast: .concatenation)
            write(isNegated ? " NOT IN " : " IN ")
            parenthesised(query)
        case .like(let operand, let pattern, let escape, let isCaseInsensitive, let isNegated):
            write(operand, atLeast: .concatenation)
            write((isNegated ? " NOT " : " ") + (isCaseInsensitive ? "ILIKE " : "LIKE "))
            write(pattern, atLeast: .concatenation)
            if let escape {
                write(" ESCAPE ")
                write(escape, atLeast: .concatenation)
            }
        case .conditional(let operand, let branches, let otherwise):
            conditional(operand, branches, otherwise)
        case .cast(let operand, let type):
            write(operand, atLeast: .cast)
            let modifiers = type.modifiers.map(String.init).joined(separator: ", ")
            write("::" + type.name + (modifiers.isEmpty ? "" : "(" + modifiers + ")"))
        case .extract(let field, let operand):
            write("EXTRACT(" + Self.name(field) + " FROM ")
            write(operand)
            write(")")
        case .call(let call): write(call)
        case .subquery(let query): parenthesised(query)
        case .exists(let query):
            write("EXISTS ")
            parenthesised(query)
        }
    }

    mutating func list(_ elements: [SQLExpression]) {
        separated(elements) { (printer: inout SQLPrinter, element: SQLExpression) in printer.write(element) }
    }

    private mutating func conditional(
        _ operand: SQLExpression?, _ branches: [SQLCaseBranch], _ otherwise: SQLExpression?
    ) {
        write("CASE")
        if let operand {
            write(" ")
            write(operand)
        }
        for branch in branches {
            write(" WHEN ")
            write(branch.condition)
            write(" THEN ")
            write(branch.result)
        }
        if let otherwise {
            write(" ELSE ")
            write(otherwise)
        }
        write(" END")
    }

    /// A constant as it is written.
    static func text(of literal: SQLLiteral) -> String {
        switch literal {
        case .null: return "NULL"
        case .boolean(let value): return value ? "TRUE" : "FALSE"
        case .integer(let digits), .decimal(let digits): return digits
        case .string(let text): return string(text)
        case .date(let text): return "DATE " + string(text)
        case .timestamp(let text): return "TIMESTAMP " + string(text)
        case .interval(let text): return "INTERVAL " + string(text)
        }
    }

    private static func string(_ text: String) -> String {
        var result = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" { result += "'" }
            result.unicodeScalars.append(scalar)
        }
        return result + "'"
    }
}
