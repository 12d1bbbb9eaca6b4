// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The fields of date_trunc and EXTRACT.
package enum CalendarField: String, CaseIterable, Sendable {
    case millennium, century, decade, year, quarter, month, week, day
    case hour, minute, second, milliseconds, microseconds
    case isoYear = "isoyear"
    case dayOfWeek = "dow"
    case isoDayOfWeek = "isodow"
    case dayOfYear = "doy"
    case epoch

    package var isTruncation: Bool {
        switch self {
        case .millennium, .century, .decade, .year, .quarter, .month, .week, .day, .hour, .minute, .second, .milliseconds, .microseconds: true
        case .isoYear, .dayOfWeek, .isoDayOfWeek, .dayOfYear, .epoch: false
        }
    }

    /// Whether the clock alone decides; dates have no such field.
    package var isOfClock: Bool { clockStep != nil }

    /// Microseconds of one unit of a field of the clock.
    package var clockStep: Int64? {
        switch self {
        case .hour: 3_600_000_000
        case .minute: 60_000_000
        case .second: 1_000_000
        case .milliseconds: 1_000
        case .microseconds: 1
        case .millennium, .century, .decade, .year, .quarter, .month, .week, .day, .isoYear, .dayOfWeek, .isoDayOfWeek, .dayOfYear, .epoch: nil
        }
    }

    /// The type of EXTRACT: fractions of seconds are kept.
    package func type(of source: LogicalType) -> LogicalType {
        switch self {
        case .second: .decimal(precision: 8, scale: 6)
        case .milliseconds: .decimal(precision: 8, scale: 3)
        case .epoch where source == .timestamp: .decimal(precision: 18, scale: 6)
        case .millennium, .century, .decade, .year, .quarter, .month, .week, .day, .hour, .minute, .microseconds, .isoYear, .dayOfWeek,
            .isoDayOfWeek, .dayOfYear, .epoch:
            .int64
        }
    }

    // MARK: Truncation

    /// The first day of the period; the day itself for fields of the clock. Nil outside years 1 to 9999.
    package func truncated(day days: Int64) -> Int64? {
        guard let date = CivilDate(days: days) else { return nil }
        switch self {
        case .millennium: return first((date.year + 999) / 1_000 * 1_000 - 999)
        case .century: return first((date.year + 99) / 100 * 100 - 99)
        case .decade: return first(date.year / 10 * 10)
        case .year: return first(date.year)
        case .quarter: return CivilDate(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1)?.days
        case .month: return days - Int64(date.day - 1)
        case .week: return days - (Self.isoWeekday(days) - 1)
        case .day, .hour, .minute, .second, .milliseconds, .microseconds: return days
        case .isoYear, .dayOfWeek, .isoDayOfWeek, .dayOfYear, .epoch: return nil
        }
    }

    package func truncated(timestamp microseconds: Int64) -> Int64? {
        let (days, rest) = CivilTimestamp.split(microseconds)
        guard let first = truncated(day: days) else { return nil }
        guard let step = clockStep else { return first * CivilTimestamp.microsecondsPerDay }
        return microseconds - rest % step
    }

    private func first(_ year: Int) -> Int64? { CivilDate(year: year, month: 1, day: 1)?.days }

    // MARK: Numbers

    /// The field of a day; nil outside years 1 to 9999 and for fields of the clock.
    package func number(day days: Int64) -> Int64? {
        guard let date = CivilDate(days: days) else { return nil }
        switch self {
        case .millennium: return Int64((date.year + 999) / 1_000)
        case .century: return Int64((date.year + 99) / 100)
        case .decade: return Int64(date.year / 10)
        case .year: return Int64(date.year)
        case .isoYear: return CivilDate(days: Self.thursday(days)).map { Int64($0.year) }
        case .quarter: return Int64((date.month - 1) / 3 + 1)
        case .month: return Int64(date.month)
        case .day: return Int64(date.day)
        case .dayOfWeek: return Self.isoWeekday(days) % 7
        case .isoDayOfWeek: return Self.isoWeekday(days)
        case .dayOfYear: return first(date.year).map { days - $0 + 1 }
        case .week: return Self.isoWeek(days)
        case .epoch: return days * 86_400
        case .hour, .minute, .second, .milliseconds, .microseconds: return nil
        }
    }

    /// The field of a moment, in units of the scale of `type(of:)`.
    package func number(timestamp microseconds: Int64) -> Int64? {
        let (days, rest) = CivilTimestamp.split(microseconds)
        guard CivilDate.daysMinimum...CivilDate.daysMaximum ~= days else { return nil }
        switch self {
        case .epoch: return microseconds
        case .hour: return rest / 3_600_000_000
        case .minute: return rest / 60_000_000 % 60
        case .second, .milliseconds, .microseconds: return rest % 60_000_000
        case .millennium, .century, .decade, .year, .quarter, .month, .week, .day, .isoYear, .dayOfWeek, .isoDayOfWeek, .dayOfYear:
            return number(day: days)
        }
    }

    /// Monday 1 to Sunday 7; 1970-01-01 was a Thursday.
    private static func isoWeekday(_ days: Int64) -> Int64 { ((days + 3) % 7 + 7) % 7 + 1 }

    /// ISO 8601: a week belongs to the year of its Thursday, and so is numbered.
    private static func thursday(_ days: Int64) -> Int64 { days - (isoWeekday(days) - 4) }

    private static func isoWeek(_ days: Int64) -> Int64? {
        let thursday = thursday(days)
        guard let year = CivilDate(days: thursday)?.year, let first = CivilDate(year: year, month: 1, day: 1) else { return nil }
        return (thursday - first.days) / 7 + 1
    }
}
