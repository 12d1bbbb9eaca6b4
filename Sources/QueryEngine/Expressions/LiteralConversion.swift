// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Constants in the type that their place asks for.
enum LiteralConversion {
    /// The constant in a type, nil when it has no such form. Numbers widen and round as casts do; texts stay texts.
    static func convert(_ literal: Literal, to type: LogicalType) -> Literal? {
        switch (literal, type) {
        case (.null, _): .null
        case (.bool, .bool), (.int64, .int64), (.double, .double), (.date, .date), (.timestamp, .timestamp), (.text, .text): literal
        case (.int64(let value), .decimal): decimal(Int128(value), scale: 0, to: type)
        case (.decimal(let units, let scale), .decimal): decimal(units, scale: scale, to: type)
        case (.int64(let value), .double): .double(Double(value))
        case (.decimal(let units, let scale), .double): .double(ExactMath.double(units, scale: scale))
        case (.decimal(let units, let scale), .int64):
            ExactDecimal.rescale(units, from: scale, to: 0).flatMap { Int64(exactly: $0) }.map { .int64($0) }
        case (.date(let days), .timestamp): .timestamp(microseconds: days * CivilTimestamp.microsecondsPerDay)
        case (.bool, _), (.int64, _), (.decimal, _), (.double, _), (.date, _), (.timestamp, _), (.text, _): nil
        }
    }

    private static func decimal(_ units: Int128, scale: Int, to type: LogicalType) -> Literal? {
        guard let moved = ExactDecimal.rescale(units, from: scale, to: type.scale), ExactMath.range(of: type).contains(moved)
        else { return nil }
        return .decimal(units: moved, scale: type.scale)
    }
}
