// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension ExpressionBinder {
    /// Functions of texts only; NULL where one is.
    func textual(_ call: FunctionCall, count: Int) throws(BindError) -> BoundExpression {
        guard call.arguments.count == count else { throw call.wrong }
        var texts: [BoundExpression] = []
        for argument in call.arguments { texts.append(try text(argument, for: call.name)) }
        let type: LogicalType
        switch call.function {
        case .length: type = .int64
        case .startsWith: type = .bool
        default: type = .text
        }
        // A text that grows may become longer than texts may be.
        return call.result(texts, type, isNullable: call.function == .replace || texts.contains(where: \.isNullable))
    }

    func substring(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard (2...3).contains(call.arguments.count) else { throw call.wrong }
        let text = try self.text(call.arguments[0], for: call.name)
        var numbers: [BoundExpression] = []
        for argument in call.arguments.dropFirst() { numbers.append(try whole(argument, for: call.name)) }
        if numbers.count == 1 { numbers.append(.constant(.int64(Int64(Int32.max)), .int64, call.span)) }
        // A negative count has no value.
        var isNullable = text.isNullable || numbers.contains(where: \.isNullable)
        if case .literal(.int64(let count)) = numbers[1].kind, count >= 0 {} else { isNullable = true }
        return call.result([text] + numbers, .text, isNullable: isNullable)
    }

    /// left and right. The first characters are a substring, the form that the policy check knows.
    func end(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard call.arguments.count == 2 else { throw call.wrong }
        let text = try self.text(call.arguments[0], for: call.name)
        let count = try whole(call.arguments[1], for: call.name)
        if call.function == .left, case .literal(.int64(let number)) = count.kind, number >= 0 {
            let arguments = [text, .constant(.int64(1), .int64, call.span), count]
            return BoundExpression(
                kind: .function(.substring, arguments), type: .text, isNullable: text.isNullable, span: call.span)
        }
        return call.result([text, count], .text, isNullable: text.isNullable || count.isNullable)
    }

    /// The second argument is the characters to take off, a blank when there is none.
    func trim(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard (1...2).contains(call.arguments.count) else { throw call.wrong }
        let value = try text(call.arguments[0], for: call.name)
        let characters =
            call.arguments.count == 2 ? try text(call.arguments[1], for: call.name) : .constant(.text(" "), .text, call.span)
        return call.result([value, characters], .text, isNullable: value.isNullable || characters.isNullable)
    }

    func pad(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard (2...3).contains(call.arguments.count) else { throw call.wrong }
        let value = try text(call.arguments[0], for: call.name)
        let length = try whole(call.arguments[1], for: call.name)
        let fill = call.arguments.count == 3 ? try text(call.arguments[2], for: call.name) : .constant(.text(" "), .text, call.span)
        return call.result([value, length, fill], .text, isNullable: true)
    }

    /// strpos(text, part), and position(part, text) as the parser reads position(part IN text).
    func position(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard call.arguments.count == 2 else { throw call.wrong }
        let first = try text(call.arguments[0], for: call.name)
        let second = try text(call.arguments[1], for: call.name)
        let arguments = call.name == "position" ? [second, first] : [first, second]
        return call.result(arguments, .int64, isNullable: first.isNullable || second.isNullable)
    }

    /// Values of any type as texts, NULL left out. Truth values are spelled t and f here, as in PostgreSQL.
    func concat(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard !call.arguments.isEmpty else { throw call.wrong }
        var texts: [BoundExpression] = []
        for argument in call.arguments {
            guard argument.type == .bool else {
                texts.append(Coercion.converted(argument, to: .text))
                continue
            }
            try binder.count(2 * argument.extent.nodes, at: argument.span)
            let branches = [(argument, "t"), (BoundExpression.not(argument, argument.span), "f")].map {
                BoundExpression.Branch(condition: $0, result: .constant(.text($1), .text, argument.span))
            }
            texts.append(
                BoundExpression(kind: .caseWhen(branches, otherwise: nil), type: .text, isNullable: argument.isNullable, span: argument.span))
        }
        return call.result(texts, .text, isNullable: true)
    }

    /// `||`: one side is a text, the other any value as text; NULL where one is.
    func concatenated(
        _ left: BoundExpression, _ right: BoundExpression, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        let isText = [left, right].contains { $0.type == .text || $0.type == .null }
        guard isText else { throw BindError(.typeMismatch, ["||", "text", left.type.name], at: left.span) }
        let texts = [left, right].map { Coercion.converted($0, to: .text) }
        return BoundExpression(kind: .function(.concatenate, texts), type: .text, isNullable: true, span: span)
    }

    /// LIKE and ILIKE. The escape character is a literal, the backslash when none is written, none when it is empty.
    func like(
        _ value: BoundExpression, pattern: BoundExpression, escape: BoundExpression?, isCaseInsensitive: Bool, isNegated: Bool,
        at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        let function: ScalarFunction = isCaseInsensitive ? .likeInsensitive : .like
        let name = isCaseInsensitive ? "ILIKE" : "LIKE"
        let texts = [try text(value, for: name), try text(pattern, for: name)]
        let mark = escape.map { Coercion.converted($0, to: .text) } ?? .constant(.text("\\"), .text, span)
        switch mark.kind {
        case .literal(.null): break
        case .literal(.text(let character)) where character.unicodeScalars.count <= 1: break
        default: throw BindError(.wrongArguments, [name, function.usage], at: mark.span)
        }
        let test = BoundExpression(kind: .function(function, texts + [mark]), type: .bool, isNullable: true, span: span)
        return isNegated ? .not(test, span) : test
    }

    func text(_ value: BoundExpression, for name: String) throws(BindError) -> BoundExpression {
        switch value.type {
        case .text: return value
        case .null, .entity: return Coercion.converted(value, to: .text)
        case .bool, .int64, .decimal, .double, .date, .timestamp:
            throw BindError(.typeMismatch, [name, "text", value.type.name], at: value.span)
        }
    }
}
