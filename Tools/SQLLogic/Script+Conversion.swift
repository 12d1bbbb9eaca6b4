// SPDX-License-Identifier: Apache-2.0

package import Tabular

extension TestTable {
    /// Adds rows, each value in the type of its column. False when one does not fit.
    package mutating func insert(_ values: [[Literal]], columns names: [String]?) -> Bool {
        let places = (names ?? columns.map(\.name)).map { name in columns.firstIndex { $0.name == name } }
        for row in values {
            guard row.count == places.count else { return false }
            var whole = columns.map { _ in Literal.null }
            for (value, place) in zip(row, places) {
                guard let place, let fitted = Self.converted(value, to: columns[place].type) else { return false }
                whole[place] = fitted
            }
            for (value, column) in zip(whole, columns) where value == .null && !column.isNullable { return false }
            rows.append(whole)
        }
        return true
    }

    /// A written value as a column holds it; nil when it does not fit.
    package static func converted(_ literal: Literal, to type: LogicalType) -> Literal? {
        if literal == .null { return .null }
        switch (type, literal) {
        case (.text, _): return Rendering.plain(literal).map { .text($0) }
        case (.bool, .bool): return literal
        case (.bool, .int64(let value)): return .bool(value != 0)
        case (.date, .text(let text)): return CivilDate(iso: text).map { .date(days: $0.days) }
        case (.timestamp, .text(let text)): return CivilTimestamp.parse(iso: text).map { .timestamp(microseconds: $0) }
        case (.double, _): return Rendering.plain(literal).flatMap { Double($0) }.map { .double($0) }
        case (.int64, _), (.decimal, _):
            guard let text = Rendering.plain(literal), let exact = ExactDecimal.parse(text),
                let units = ExactDecimal.rescale(exact.units, from: exact.scale, to: type.scale)
            else { return nil }
            if type == .int64 { return Int64(exactly: units).map { .int64($0) } }
            return .decimal(units: units, scale: type.scale)
        default: return nil
        }
    }
}
