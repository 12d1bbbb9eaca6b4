// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import SQLSyntax
import Tabular

extension Granularity {
    /// An edge of a period: its first or its last moment.
    enum Edge: CaseIterable {
        case first, last
    }

    /// The first day of the period that a day lies in, and of the next one.
    private func period(of day: CivilDate) -> (first: CivilDate, next: CivilDate)? {
        let months: Int
        let start: CivilDate?
        switch self {
        case .day: return CivilDate(days: day.days + 1).map { (day, $0) }
        case .month: (months, start) = (1, CivilDate(year: day.year, month: day.month, day: 1))
        case .quarter: (months, start) = (3, CivilDate(year: day.year, month: (day.month - 1) / 3 * 3 + 1, day: 1))
        case .year: (months, start) = (12, CivilDate(year: day.year, month: 1, day: 1))
        }
        guard let start else { return nil }
        let month = start.month - 1 + months
        return CivilDate(year: start.year + month / 12, month: month % 12 + 1, day: 1).map { (start, $0) }
    }

    /// The edge of the period around a moment, as SQL spells it: as a date, and as a timestamp where that is finer.
    func spellings(of microseconds: Int64, _ edge: Edge) -> [String] {
        guard let day = CivilDate(days: CivilTimestamp.split(microseconds).days), let (first, next) = period(of: day) else { return [] }
        switch edge {
        case .first: return ["DATE '" + first.text + "'"]
        case .last:
            guard let last = CivilDate(days: next.days - 1) else { return [] }
            return ["DATE '" + last.text + "'", "TIMESTAMP '" + last.text + " 23:59:59.999999'"]
        }
    }

    /// The edge of the period around a date, or nil when the text is none.
    private func edge(_ edge: Edge, of text: String) -> String? {
        guard let day = CivilDate(iso: String(text.prefix(10))), let (first, next) = period(of: day) else { return nil }
        return edge == .first ? first.text : CivilDate(days: next.days - 1)?.text
    }

    /// A domain of a date parameter with all its values on an edge; nil where its ends are not known.
    func aligned(_ domain: JSONValue, _ wanted: Edge) -> JSONValue? {
        guard var members = domain.members else { return nil }
        if let values = members["values"]?.elements {
            var aligned: [String] = []
            for value in values {
                guard let text = value.text.flatMap({ edge(wanted, of: $0) }) else { return nil }
                if !aligned.contains(text) { aligned.append(text) }
            }
            members["values"] = .array(aligned.map { .string($0) })
            return .object(members)
        }
        guard let low = members["min"]?.text.flatMap({ edge(wanted, of: $0) }), let high = members["max"]?.text.flatMap({ edge(wanted, of: $0) })
        else { return nil }
        members["min"] = .string(low)
        members["max"] = .string(high)
        members["step"] = .string(stepText)
        return .object(members)
    }

    private var stepText: String {
        switch self {
        case .day: ParameterStep.days(1).text
        case .month: ParameterStep.months(1).text
        case .quarter: ParameterStep.months(3).text
        case .year: ParameterStep.months(12).text
        }
    }
}

extension SQLExpression {
    /// Microseconds since 1970 of a date or timestamp that is written as a constant.
    var moment: Int64? {
        switch kind {
        case .literal(.date(let text)), .literal(.timestamp(let text)), .literal(.string(let text)): CivilTimestamp.parse(iso: text)
        case .cast(let operand, _): operand.moment
        case .literal, .parameter, .column, .unary, .binary, .isNull, .isDistinct, .isTruth, .between, .inList, .inQuery, .like, .conditional,
            .extract, .call, .subquery, .exists:
            nil
        }
    }

    /// The column below casts, EXTRACT and calls of some names; nil when there is anything else.
    func innermost(of names: Set<String>) -> SQLExpression? {
        switch kind {
        case .column: return self
        case .cast(let operand, _), .extract(_, let operand): return operand.innermost(of: names)
        case .call(let call):
            guard names.contains(call.name.text), case .list(let arguments) = call.arguments else { return nil }
            return arguments.lazy.compactMap { $0.innermost(of: names) }.first
        case .literal, .parameter, .unary, .binary, .isNull, .isDistinct, .isTruth, .between, .inList, .inQuery, .like, .conditional, .subquery,
            .exists:
            return nil
        }
    }
}

extension SQLExpression.Kind {
    /// What an operand of `=`, `<>` or IN is compared with.
    func comparedConstants(with operand: SQLExpression) -> [SQLExpression] {
        switch self {
        case .binary(.equal, let left, let right), .binary(.notEqual, let left, let right): left == operand ? [right] : [left]
        case .inList(let tested, let items, _): tested == operand ? items : []
        case .literal, .parameter, .column, .unary, .binary, .isNull, .isDistinct, .isTruth, .between, .inQuery, .like, .conditional, .cast,
            .extract, .call, .subquery, .exists:
            []
        }
    }
}

extension SelectItem {
    /// Whether the entry is this very expression and has no name.
    func isUnnamed(_ expression: SQLExpression) -> Bool {
        if case .expression(let written, nil) = kind { written.span == expression.span } else { false }
    }
}
