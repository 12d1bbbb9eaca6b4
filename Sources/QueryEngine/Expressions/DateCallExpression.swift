// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Arithmetic of dates and timestamps; NULL outside years 1 to 9999.
final class DateCallExpression: VectorExpression {
    let type: LogicalType
    private let function: ScalarFunction
    private let operands: [any VectorExpression]
    private let buffer: VectorBuffer

    init(
        _ function: ScalarFunction, _ operands: [any VectorExpression], type: LogicalType, arena: ConfidentialArena
    ) throws(EngineError) {
        let types = operands.map(\.type)
        let isFitting =
            switch function {
            case .addDays: types == [.date, .int64] && type == .date
            case .daysBetween: types == [.date, .date] && type == .int64
            case .makeDate: types == [.int64, .int64, .int64] && type == .date
            case .addInterval: (types == [.date, .int64, .int64, .int64] || types == [.timestamp, .int64, .int64, .int64]) && type == .timestamp
            default: false
            }
        guard isFitting else { throw EngineError(.malformedPlan, [function.rawValue]) }
        self.type = type
        self.function = function
        self.operands = operands
        buffer = try VectorBuffer(type, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let first = try operands[0].evaluate(batch)
        let second = try operands[1].evaluate(batch)
        let count = batch.count
        Validity.merge(first.validity, second.validity, into: buffer.validity, count)
        switch function {
        case .addDays: addDays(first.int64, second.int64, count)
        case .daysBetween:
            for row in 0..<count {
                let (difference, overflow) = first.int64[row].subtractingReportingOverflow(second.int64[row])
                store(overflow ? nil : difference, row)
            }
        default:
            let third = try operands[2].evaluate(batch)
            Validity.merge(buffer.validity, third.validity, into: buffer.validity, count)
            if function == .makeDate {
                makeDates(first.int64, second.int64, third.int64, count)
            } else {
                let fourth = try operands[3].evaluate(batch)
                Validity.merge(buffer.validity, fourth.validity, into: buffer.validity, count)
                addIntervals(first, second.int64, third.int64, fourth.int64, count)
            }
        }
        return buffer.vector(count, hasValidity: true)
    }

    @inline(__always)
    private func store(_ value: Int64?, _ row: Int) {
        if let value { buffer.int64[row] = value } else { buffer.validity[row] = 0 }
    }

    private func addDays(_ dates: UnsafeMutablePointer<Int64>, _ days: UnsafeMutablePointer<Int64>, _ count: Int) {
        for row in 0..<count {
            let (sum, overflow) = dates[row].addingReportingOverflow(days[row])
            store(overflow || sum < CivilDate.daysMinimum || sum > CivilDate.daysMaximum ? nil : sum, row)
        }
    }

    private func makeDates(
        _ years: UnsafeMutablePointer<Int64>, _ months: UnsafeMutablePointer<Int64>, _ days: UnsafeMutablePointer<Int64>, _ count: Int
    ) {
        for row in 0..<count { store(CivilDate(year: Int(years[row]), month: Int(months[row]), day: Int(days[row]))?.days, row) }
    }

    private func addIntervals(
        _ moments: ColumnVector, _ months: UnsafeMutablePointer<Int64>, _ days: UnsafeMutablePointer<Int64>,
        _ microseconds: UnsafeMutablePointer<Int64>, _ count: Int
    ) {
        let isDate = moments.type == .date
        for row in 0..<count where buffer.validity[row] != 0 {
            let (start, overflow) = moments.int64[row].multipliedReportingOverflow(by: isDate ? CivilTimestamp.microsecondsPerDay : 1)
            store(overflow ? nil : CalendarInterval.added(months[row], days[row], microseconds[row], to: start), row)
        }
    }
}
