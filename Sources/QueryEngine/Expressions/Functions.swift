// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension ExpressionCompiler {
    /// A scalar function over compiled arguments.
    func call(
        _ function: ScalarFunction, _ arguments: [any VectorExpression], type: LogicalType
    ) throws(EngineError) -> any VectorExpression {
        guard let first = arguments.first else { throw EngineError(.malformedPlan, [function.rawValue]) }
        if arguments.contains(where: { $0.type == .null }), !function.takesNull {
            return try constant(.null, type: type)
        }
        switch function {
        case .coalesce:
            var fitted: [any VectorExpression] = []
            for argument in arguments { fitted.append(try fit(argument, to: type)) }
            return try CoalesceExpression(fitted, type: type, arena: arena)
        case .nullIf:
            guard arguments.count == 2 else { throw EngineError(.malformedPlan, [function.rawValue]) }
            let test = try comparison(.equal, first, arguments[1])
            return try fit(try NullIfExpression(first, equality: test, arena: arena), to: type)
        case .absolute, .round, .floor, .ceiling:
            return try numeric(function, first, digits: arguments.count > 1 ? arguments[1] : nil, type: type)
        case .lower: return try TextMapping(first, .lower, arena: arena)
        case .upper: return try TextMapping(first, .upper, arena: arena)
        case .substring: return try substring(first, Array(arguments.dropFirst()))
        case .dateTrunc, .extract:
            guard arguments.count == 2, let unit = (first as? ConstantExpression)?.literal, case .text(let name) = unit else {
                throw EngineError(.malformedPlan, [function.rawValue])
            }
            return try calendar(function, name, arguments[1])
        case .addDays, .daysBetween, .addInterval, .makeDate, .greatest, .least, .isDistinct, .truncate, .sign, .power, .squareRoot,
            .exponential, .logarithm, .left, .right, .trimBoth, .trimLeft, .trimRight, .length, .concat, .concatenate, .position, .replace,
            .padLeft, .padRight, .startsWith, .reverse, .like, .likeInsensitive:
            throw EngineError(.unsupported, [function.rawValue])
        }
    }

    private func numeric(
        _ function: ScalarFunction, _ operand: any VectorExpression, digits: (any VectorExpression)?, type: LogicalType
    ) throws(EngineError) -> any VectorExpression {
        if type == .double {
            return try DoubleFunction(function, try fit(operand, to: .double), digits: digits, arena: arena)
        }
        guard operand.type.isExactNumeric, type.isExactNumeric else { throw EngineError(.unsupported, [function.rawValue, type.name]) }
        return try ExactFunction(function, operand, digits: digits, type: type, arena: arena)
    }

    private func substring(_ operand: any VectorExpression, _ places: [any VectorExpression]) throws(EngineError) -> any VectorExpression {
        guard !places.isEmpty, places.count <= 2, places.allSatisfy({ $0.type == .int64 }) else {
            throw EngineError(.malformedPlan, [ScalarFunction.substring.rawValue])
        }
        let constants = places.compactMap { ($0 as? ConstantExpression)?.literal }
        guard constants.count == places.count else { return try SubstringExpression(operand, places, arena: arena) }
        var numbers: [Int64] = []
        for constant in constants { if case .int64(let number) = constant { numbers.append(number) } }
        guard numbers.count == places.count else { return try self.constant(.null, type: .text) }
        return try TextMapping(operand, .substring(from: numbers[0], count: numbers.count > 1 ? numbers[1] : nil), arena: arena)
    }

    private func calendar(_ function: ScalarFunction, _ name: String, _ operand: any VectorExpression) throws(EngineError) -> any VectorExpression {
        guard operand.type == .date || operand.type == .timestamp, let field = CalendarField(rawValue: name.lowercased()),
            function == .extract || field.isTruncation
        else { throw EngineError(.unsupported, [function.rawValue, name]) }
        return try CalendarExpression(field, isTruncation: function == .dateTrunc, operand, arena: arena)
    }
}

/// abs, round, floor, ceil of exact numbers, moved to the scale of the result type.
final class ExactFunction: VectorExpression {
    let type: LogicalType
    private let function: ScalarFunction
    private let operand: WideOperand
    private let digits: (any VectorExpression)?
    private let buffer: VectorBuffer
    private let range: ClosedRange<Int128>

    init(
        _ function: ScalarFunction, _ operand: any VectorExpression, digits: (any VectorExpression)?, type: LogicalType,
        arena: ConfidentialArena
    ) throws(EngineError) {
        self.type = type
        self.function = function
        self.operand = try WideOperand(operand, arena: arena)
        if let digits, digits.type != .int64 { throw EngineError(.malformedPlan, [function.rawValue]) }
        self.digits = digits
        buffer = try VectorBuffer(type, arena: arena)
        range = ExactMath.range(of: type)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let (values, validity) = try operand.evaluate(batch)
        let places = try digits?.evaluate(batch)
        Validity.merge(validity, places?.validity, into: buffer.validity, batch.count)
        let scale = operand.scale
        let unit = ExactMath.power(scale)
        let up = ExactMath.power(type.scale - scale), down = ExactMath.power(scale - type.scale)
        for row in 0..<batch.count where buffer.validity[row] != 0 {
            let value = apply(values[row], scale: scale, unit: unit, digits: places?.int64[row] ?? 0)
            guard let result = value.flatMap({ ExactMath.rescale($0, times: up, dividedBy: down) }), range.contains(result) else {
                buffer.validity[row] = 0
                continue
            }
            if type.physical == .int128 { buffer.int128[row] = result } else { buffer.int64[row] = Int64(truncatingIfNeeded: result) }
        }
        return buffer.vector(batch.count, hasValidity: true)
    }

    private func apply(_ value: Int128, scale: Int, unit: Int128, digits: Int64) -> Int128? {
        switch function {
        case .absolute: value == .min ? nil : abs(value)
        case .round: ExactMath.round(value, scale: scale, digits: digits)
        case .floor: ExactMath.floor(value, step: unit)
        case .ceiling: ExactMath.ceiling(value, step: unit)
        default: nil
        }
    }
}

/// abs, round, floor, ceil of doubles.
final class DoubleFunction: VectorExpression {
    let type = LogicalType.double
    private let function: ScalarFunction
    private let operand: any VectorExpression
    private let digits: (any VectorExpression)?
    private let buffer: VectorBuffer

    init(
        _ function: ScalarFunction, _ operand: any VectorExpression, digits: (any VectorExpression)?, arena: ConfidentialArena
    ) throws(EngineError) {
        self.function = function
        self.operand = operand
        self.digits = digits
        buffer = try VectorBuffer(.double, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operand.evaluate(batch)
        let places = try digits?.evaluate(batch)
        Validity.merge(vector.validity, places?.validity, into: buffer.validity, batch.count)
        for row in 0..<batch.count where buffer.validity[row] != 0 {
            let value = vector.double[row]
            let result: Double
            switch function {
            case .absolute: result = abs(value)
            case .floor: result = value.rounded(.down)
            case .ceiling: result = value.rounded(.up)
            case .round: result = Self.round(value, digits: places?.int64[row] ?? 0)
            default: result = .nan
            }
            buffer.double[row] = result
            buffer.validity[row] = result.isFinite ? 1 : 0
        }
        return buffer.vector(batch.count, hasValidity: true)
    }

    private static func round(_ value: Double, digits: Int64) -> Double {
        let factor = Double(ExactMath.power(Int(min(abs(max(digits, -38)), 38))))
        let scaled = digits < 0 ? value / factor : value * factor
        guard scaled.isFinite else { return value }
        let rounded = scaled.rounded(.toNearestOrAwayFromZero)
        return digits < 0 ? rounded * factor : rounded / factor
    }
}

extension ScalarFunction {
    /// Whether NULL arguments are not simply NULL results.
    var takesNull: Bool {
        switch self {
        case .coalesce, .nullIf, .greatest, .least, .isDistinct, .concat: true
        case .dateTrunc, .extract, .addDays, .daysBetween, .addInterval, .makeDate, .absolute, .round, .truncate, .floor, .ceiling, .sign, .power,
            .squareRoot, .exponential, .logarithm, .substring, .left, .right, .lower, .upper, .trimBoth, .trimLeft, .trimRight, .length,
            .concatenate, .position, .replace, .padLeft, .padRight, .startsWith, .reverse, .like, .likeInsensitive:
            false
        }
    }
}
