// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A text function for one row at a time. It remembers its last LIKE pattern, so that a constant one is compiled once.
package final class TextCall {
    private let function: ScalarFunction
    private var pattern: LikePattern?

    /// Nil for functions that are not of texts.
    package init?(_ function: ScalarFunction) {
        switch function {
        case .substring, .left, .right, .lower, .upper, .trimBoth, .trimLeft, .trimRight, .length, .concat, .concatenate, .position, .replace,
            .padLeft, .padRight, .startsWith, .reverse, .like, .likeInsensitive:
            self.function = function
        case .dateTrunc, .extract, .addDays, .daysBetween, .addInterval, .makeDate, .coalesce, .nullIf, .greatest, .least, .isDistinct,
            .absolute, .round, .truncate, .floor, .ceiling, .sign, .power, .squareRoot, .exponential, .logarithm:
            return nil
        }
    }

    /// The arguments have the number and types of the function's bound form.
    package func apply(_ arguments: [TextArgument], _ scratch: inout TextScratch) -> TextResult {
        if function != .concat { for argument in arguments where argument.isNull { return .null } }
        let text = arguments[0].text
        switch function {
        case .length: return .number(Int64(CodePoints.count(text)))
        case .startsWith: return .number(CodePoints.hasPrefix(text, arguments[1].text) ? 1 : 0)
        case .position:
            guard let place = CodePoints.find(arguments[1].text, in: text, from: 0) else { return .number(0) }
            return .number(Int64(CodePoints.count(CodePoints.slice(text, 0, place)) + 1))
        case .substring:
            let count = arguments.count > 2 ? arguments[2].number : nil
            return (count ?? 0) < 0 ? .null : .text(CodePoints.substring(text, from: arguments[1].number, count: count))
        case .left: return .text(CodePoints.left(text, arguments[1].number))
        case .right: return .text(CodePoints.right(text, arguments[1].number))
        case .trimBoth: return .text(CodePoints.trim(text, arguments[1].text, atStart: true, atEnd: true))
        case .trimLeft: return .text(CodePoints.trim(text, arguments[1].text, atStart: true, atEnd: false))
        case .trimRight: return .text(CodePoints.trim(text, arguments[1].text, atStart: false, atEnd: true))
        case .like, .likeInsensitive: return like(text, arguments[1].text, arguments[2].text, &scratch)
        case .lower, .upper: CodePoints.changeCase(text, isUpper: function == .upper, into: &scratch)
        case .concat, .concatenate: for argument in arguments where !argument.isNull { scratch.put(argument.text) }
        case .replace: Self.replace(text, arguments[1].text, arguments[2].text, &scratch)
        case .padLeft, .padRight: pad(text, arguments[1].number, arguments[2].text, &scratch)
        case .reverse: Self.reverse(text, &scratch)
        case .dateTrunc, .extract, .addDays, .daysBetween, .addInterval, .makeDate, .coalesce, .nullIf, .greatest, .least, .isDistinct,
            .absolute, .round, .truncate, .floor, .ceiling, .sign, .power, .squareRoot, .exponential, .logarithm:
            return .null
        }
        return scratch.isTooSmall ? .needsRoom : .text(scratch.text)
    }

    /// LIKE of every entry of a dictionary with one pattern, 1 or 0 each: the loop over entries touches no object. False for other functions,
    /// and for patterns that end in their escape character.
    package func matchAll(
        _ count: Int, offsets: UnsafePointer<UInt32>, bytes: UnsafePointer<UInt8>, _ written: UnsafeRawBufferPointer, _ escape: UnsafeRawBufferPointer,
        into results: UnsafeMutablePointer<Int64>
    ) -> Bool {
        guard function == .like else { return false }
        let compiled = LikePattern(written, escape: escape, source: written)
        guard compiled.isValid else { return false }
        compiled.matchAll(count, offsets: offsets, bytes: bytes, into: results)
        return true
    }

    private static func replace(
        _ text: UnsafeRawBufferPointer, _ from: UnsafeRawBufferPointer, _ to: UnsafeRawBufferPointer, _ scratch: inout TextScratch
    ) {
        var position = 0
        while from.count > 0, let hit = CodePoints.find(from, in: text, from: position), !scratch.isTooSmall {
            scratch.put(CodePoints.slice(text, position, hit))
            scratch.put(to)
            position = hit + from.count
        }
        scratch.put(CodePoints.slice(text, position, text.count))
    }

    private static func reverse(_ text: UnsafeRawBufferPointer, _ scratch: inout TextScratch) {
        var end = text.count
        while end > 0 {
            let start = CodePoints.previous(text, before: end)
            scratch.put(CodePoints.slice(text, start, end))
            end = start
        }
    }

    /// To a length in code points, cut at the right where the text is longer.
    private func pad(_ text: UnsafeRawBufferPointer, _ length: Int64, _ fill: UnsafeRawBufferPointer, _ scratch: inout TextScratch) {
        let kept = CodePoints.left(text, max(length, 0))
        let missing = fill.count == 0 ? 0 : max(length, 0) - Int64(CodePoints.count(kept))
        guard missing <= Int64(scratch.capacity) else { return scratch.giveUp() }
        if function == .padRight { scratch.put(kept) }
        let unit = Int64(CodePoints.count(fill))
        var rest = missing
        while rest > 0, !scratch.isTooSmall {
            scratch.put(rest >= unit ? fill : CodePoints.left(fill, rest))
            rest -= unit
        }
        if function == .padLeft { scratch.put(kept) }
    }

    private func like(
        _ text: UnsafeRawBufferPointer, _ written: UnsafeRawBufferPointer, _ escape: UnsafeRawBufferPointer, _ scratch: inout TextScratch
    ) -> TextResult {
        if let pattern, pattern.isOf(written) { return match(text, pattern, &scratch) }
        guard let compiled = compile(written, escape, &scratch) else { return .needsRoom }
        pattern = compiled
        return match(text, compiled, &scratch)
    }

    private func match(_ text: UnsafeRawBufferPointer, _ pattern: LikePattern, _ scratch: inout TextScratch) -> TextResult {
        guard pattern.isValid else { return .null }
        guard function == .likeInsensitive else { return .number(pattern.matches(text) ? 1 : 0) }
        var lowered = TextScratch(scratch.base, capacity: scratch.capacity)
        CodePoints.changeCase(text, isUpper: false, into: &lowered)
        return lowered.isTooSmall ? .needsRoom : .number(pattern.matches(lowered.text) ? 1 : 0)
    }

    /// Patterns of ILIKE are lowered, which leaves `%`, `_` and the usual escape characters as they are. Nil when the room is too small.
    private func compile(_ written: UnsafeRawBufferPointer, _ escape: UnsafeRawBufferPointer, _ scratch: inout TextScratch) -> LikePattern? {
        guard function == .likeInsensitive else { return LikePattern(written, escape: escape, source: written) }
        CodePoints.changeCase(written, isUpper: false, into: &scratch)
        if scratch.isTooSmall { return nil }
        var mark = TextScratch(scratch.base + scratch.count, capacity: scratch.capacity - scratch.count)
        CodePoints.changeCase(escape, isUpper: false, into: &mark)
        return mark.isTooSmall ? nil : LikePattern(scratch.text, escape: mark.text, source: written)
    }
}
