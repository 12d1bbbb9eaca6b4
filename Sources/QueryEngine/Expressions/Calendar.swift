// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The fields of date_trunc and extract.
enum CalendarField: String {
    case year, quarter, month, week, day, hour, minute, second
    case dayOfWeek = "dow"
    case isoDayOfWeek = "isodow"
    case dayOfYear = "doy"

    var isTruncation: Bool {
        switch self {
        case .year, .quarter, .month, .week, .day, .hour: true
        case .minute, .second, .dayOfWeek, .isoDayOfWeek, .dayOfYear: false
        }
    }

    /// Whether the clock, not only the day, decides.
    var isOfClock: Bool {
        switch self {
        case .hour, .minute, .second: true
        case .year, .quarter, .month, .week, .day, .dayOfWeek, .isoDayOfWeek, .dayOfYear: false
        }
    }

    /// The first day of the year, quarter, month, week or day; nil outside years 1 to 9999.
    func truncated(_ days: Int64) -> Int64? {
        guard let date = CivilDate(days: days) else { return nil }
        switch self {
        case .year: return CivilDate(year: date.year, month: 1, day: 1)?.days
        case .quarter: return CivilDate(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1)?.days
        case .month: return CivilDate(year: date.year, month: date.month, day: 1)?.days
        case .week: return days - (Self.isoWeekday(days) - 1)
        case .day, .hour: return days
        case .minute, .second, .dayOfWeek, .isoDayOfWeek, .dayOfYear: return nil
        }
    }

    /// The number of a field of the day; clock fields of a date are 0. Nil outside years 1 to 9999.
    func number(_ days: Int64) -> Int64? {
        guard let date = CivilDate(days: days) else { return nil }
        switch self {
        case .year: return Int64(date.year)
        case .quarter: return Int64((date.month - 1) / 3 + 1)
        case .month: return Int64(date.month)
        case .day: return Int64(date.day)
        case .dayOfWeek: return Self.isoWeekday(days) % 7
        case .isoDayOfWeek: return Self.isoWeekday(days)
        case .dayOfYear: return CivilDate(year: date.year, month: 1, day: 1).map { days - $0.days + 1 }
        case .week: return Self.isoWeek(days)
        case .hour, .minute, .second: return 0
        }
    }

    /// Monday 1 to Sunday 7; 1970-01-01 was a Thursday.
    private static func isoWeekday(_ days: Int64) -> Int64 {
        ((days + 3) % 7 + 7) % 7 + 1
    }

    /// ISO 8601: the week's number is that of its Thursday in its year.
    private static func isoWeek(_ days: Int64) -> Int64? {
        let thursday = days - (isoWeekday(days) - 4)
        // The Thursday may lie in year 0 or 10000; its day of the year follows from the neighbouring date.
        guard let year = CivilDate(days: thursday)?.year, let first = CivilDate(year: year, month: 1, day: 1) else {
            return days < 0 ? 52 : 1
        }
        return (thursday - first.days) / 7 + 1
    }
}

/// date_trunc and extract of dates and timestamps. What depends on the day only is remembered for the days of 1900 to 2079.
final class CalendarExpression: VectorExpression {
    let type: LogicalType
    private let field: CalendarField
    private let isTruncation: Bool
    private let operand: any VectorExpression
    private let buffer: VectorBuffer
    /// 0 = unknown, else result + `bias`.
    private let memory: UnsafeMutablePointer<Int32>
    private static let firstDay: Int64 = -25_567
    private static let days = 65_536
    private static let bias: Int64 = 1_000_000

    init(
        _ field: CalendarField, isTruncation: Bool, _ operand: any VectorExpression, arena: ConfidentialArena
    ) throws(EngineError) {
        self.field = field
        self.isTruncation = isTruncation
        self.operand = operand
        type = isTruncation ? operand.type : .int64
        buffer = try VectorBuffer(type, arena: arena)
        memory = try arena.take(Int32.self, Self.days)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operand.evaluate(batch)
        let values = vector.int64, out = buffer.int64, valid = buffer.validity
        let isDate = operand.type == .date
        Validity.merge(vector.validity, nil, into: valid, batch.count)
        for row in 0..<batch.count where valid[row] != 0 {
            let result = isDate ? ofDay(values[row]) : ofTimestamp(values[row])
            out[row] = result ?? 0
            valid[row] = result == nil ? 0 : 1
        }
        return buffer.vector(batch.count, hasValidity: true)
    }

    @inline(__always)
    private func ofDay(_ day: Int64) -> Int64? {
        let index = day &- Self.firstDay
        if index >= 0, index < Int64(Self.days) {
            let known = memory[Int(index)]
            if known != 0 { return Int64(known) - Self.bias }
        }
        return compute(day)
    }

    @inline(never)
    private func compute(_ day: Int64) -> Int64? {
        guard let result = isTruncation ? field.truncated(day) : field.number(day) else { return nil }
        let index = day &- Self.firstDay
        if index >= 0, index < Int64(Self.days) { memory[Int(index)] = Int32(truncatingIfNeeded: result + Self.bias) }
        return result
    }

    private func ofTimestamp(_ microseconds: Int64) -> Int64? {
        let (day, rest) = CivilTimestamp.split(microseconds)
        let hour = rest / CivilTimestamp.microsecondsPerSecond / 3_600
        guard let result = ofDay(day) else { return nil }
        guard field.isOfClock else { return isTruncation ? result * CivilTimestamp.microsecondsPerDay : result }
        if isTruncation { return microseconds - rest + hour * 3_600 * CivilTimestamp.microsecondsPerSecond }
        let seconds = rest / CivilTimestamp.microsecondsPerSecond
        switch field {
        case .hour: return hour
        case .minute: return seconds / 60 % 60
        case .second: return seconds % 60
        case .year, .quarter, .month, .week, .day, .dayOfWeek, .isoDayOfWeek, .dayOfYear: return nil
        }
    }
}
