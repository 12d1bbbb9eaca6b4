// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

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
        type = isTruncation ? operand.type : field.type(of: operand.type)
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
        guard let result = isTruncation ? field.truncated(day: day) : field.number(day: day) else { return nil }
        let index = day &- Self.firstDay
        if index >= 0, index < Int64(Self.days), result + Self.bias > 0, result + Self.bias <= Int64(Int32.max) {
            memory[Int(index)] = Int32(truncatingIfNeeded: result + Self.bias)
        }
        return result
    }

    private func ofTimestamp(_ microseconds: Int64) -> Int64? {
        if field.isOfClock || field == .epoch {
            return isTruncation ? field.truncated(timestamp: microseconds) : field.number(timestamp: microseconds)
        }
        guard let result = ofDay(CivilTimestamp.split(microseconds).days) else { return nil }
        return isTruncation ? result * CivilTimestamp.microsecondsPerDay : result
    }
}
