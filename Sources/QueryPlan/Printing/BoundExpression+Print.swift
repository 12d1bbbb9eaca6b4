// SPDX-License-Identifier: Apache-2.0

import Tabular

extension BoundExpression {
    /// The expression without places, the same text for the same expression and for no other over the same columns.
    public var canonicalText: String {
        var text = ""
        write(to: &text)
        return text
    }

    func write(to text: inout String) {
        switch kind {
        case .column(let position): text += "$\(position)"
        case .literal(let literal): text += literal.canonicalText(as: type)
        case .parameter(let name): text += ":" + CanonicalName.quoted(name) + ":" + type.name
        case .negate(let operand): Self.write([operand], "negate", to: &text)
        case .not(let operand): Self.write([operand], "not", to: &text)
        case .isNull(let operand, let isNegated):
            Self.write([operand], isNegated ? "is_not_null" : "is_null", to: &text)
        case .arithmetic(let symbol, let left, let right):
            Self.write(symbol.rawValue, left, right, to: &text)
            if case .decimal = type { text += ":" + type.name }
        case .comparison(let symbol, let left, let right): Self.write(symbol.rawValue, left, right, to: &text)
        case .and(let operands): Self.write(operands, "and", to: &text)
        case .or(let operands): Self.write(operands, "or", to: &text)
        case .inList(let operand, let items): Self.write([operand] + items, "in", to: &text)
        case .caseWhen(let branches, let otherwise):
            Self.write(branches.flatMap { [$0.condition, $0.result] }, "case", to: &text)
            if let otherwise { Self.write([otherwise], "else", to: &text) }
        case .cast(let operand): Self.write([operand], "cast:" + type.name, to: &text)
        case .function(let function, let arguments): Self.write(arguments, function.rawValue, to: &text)
        }
    }

    private static func write(_ operands: [BoundExpression], _ name: String, to text: inout String) {
        text += name + "("
        for (index, operand) in operands.enumerated() {
            if index > 0 { text += ", " }
            operand.write(to: &text)
        }
        text += ")"
    }

    private static func write(
        _ symbol: String, _ left: BoundExpression, _ right: BoundExpression, to text: inout String
    ) {
        text += "("
        left.write(to: &text)
        text += " " + symbol + " "
        right.write(to: &text)
        text += ")"
    }
}

extension Literal {
    /// The constant in SQL spelling, with its type where the spelling leaves it open.
    func canonicalText(as type: LogicalType) -> String {
        switch self {
        case .null: return "null:" + type.name
        case .bool(let value): return value ? "true" : "false"
        case .int64(let value): return String(value)
        case .decimal(let units, let scale): return ExactDecimal.text(units: units, scale: scale) + ":" + type.name
        case .double(let value): return "\(value):double"
        case .date(let days): return "date '" + (CivilDate(days: days)?.text ?? String(days)) + "'"
        case .timestamp(let microseconds):
            return "timestamp '" + (CivilTimestamp.text(microseconds: microseconds) ?? String(microseconds)) + "'"
        case .text(let text): return CanonicalName.quoted(text, by: "'")
        }
    }
}

/// Names and texts in plan texts.
enum CanonicalName {
    /// The text between marks; marks, backslashes and line breaks inside are escaped, so that a line stays a line.
    static func quoted(_ text: String, by mark: Unicode.Scalar = "\"") -> String {
        var result = String.UnicodeScalarView()
        result.append(mark)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\\", mark:
                result.append("\\")
                result.append(scalar)
            default: result.append(scalar)
            }
        }
        result.append(mark)
        return String(result)
    }
}
