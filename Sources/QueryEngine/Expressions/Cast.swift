// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension ExpressionCompiler {
    /// A cast by what source and target are; NULL where a value has no such form.
    func cast(_ operand: any VectorExpression, to target: LogicalType) throws(EngineError) -> any VectorExpression {
        let source = operand.type
        if source == target { return operand }
        if source == .null { return try constant(.null, type: target) }
        if source.isExactNumeric, target.isExactNumeric, let constant = operand as? ConstantExpression {
            return try self.constant(LiteralConversion.convert(constant.literal, to: target) ?? .null, type: target)
        }
        if source == .text { return try TextCast(operand, to: target, arena: arena) }
        if target == .text {
            if case .entity = source { throw EngineError(.unsupported, [source.name, target.name]) }
            return try FormatCast(operand, arena: arena)
        }
        let isKnown =
            switch (source, target) {
            case (.int64, .decimal), (.decimal, .decimal), (.decimal, .int64), (.double, .int64), (.double, .decimal),
                (.int64, .double), (.decimal, .double), (.bool, .int64), (.int64, .bool), (.date, .timestamp), (.timestamp, .date):
                true
            default: false
            }
        guard isKnown else { throw EngineError(.unsupported, [source.name, target.name]) }
        return try NumberCast(operand, to: target, arena: arena)
    }
}

/// Casts between numbers, truth values, dates and timestamps.
final class NumberCast: VectorExpression {
    let type: LogicalType
    private let operand: any VectorExpression
    private let buffer: VectorBuffer
    private let range: ClosedRange<Int128>

    init(_ operand: any VectorExpression, to type: LogicalType, arena: ConfidentialArena) throws(EngineError) {
        self.type = type
        self.operand = operand
        buffer = try VectorBuffer(type, arena: arena)
        range = ExactMath.range(of: type)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector { buffer.widened(try evaluateNarrow(batch)) }

    func evaluateNarrow(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operand.evaluateNarrow(batch)
        let count = batch.count
        if let narrow = narrow(vector) { return narrow }
        Validity.merge(vector.validity, nil, into: buffer.validity, count)
        switch (vector.type, type) {
        case (.double, .double), (.bool, .bool): return vector
        case (.double, _): castDoubles(vector, count)
        case (_, .double): castToDoubles(vector, count)
        case (.bool, _): for row in 0..<count { store(Int128(vector.bool[row] & 1), row) }
        case (_, .bool): for row in 0..<count { buffer.bool[row] = vector.int64[row] != 0 ? 1 : 0 }
        case (.date, _):
            for row in 0..<count { store(Int128(vector.int64[row]) * Int128(CivilTimestamp.microsecondsPerDay), row) }
        case (.timestamp, _): for row in 0..<count { buffer.int64[row] = CivilTimestamp.split(vector.int64[row]).days }
        default: rescale(vector, count)
        }
        return buffer.vector(count, hasValidity: true)
    }

    /// Exact numbers whose bounds prove that they fit in 64 bits, at their own scale without a copy.
    private func narrow(_ vector: ColumnVector) -> ColumnVector? {
        guard vector.type.isExactNumeric, type.isExactNumeric, let narrowed = type.narrowed, let known = ValueBounds.known(vector)
        else { return nil }
        return narrow(vector, known, narrowed) ?? narrow(vector, ValueBounds.measured(vector), narrowed)
    }

    private func narrow(_ vector: ColumnVector, _ known: ClosedRange<Int64>, _ narrowed: LogicalType) -> ColumnVector? {
        let shift = type.scale - vector.type.scale
        guard abs(shift) <= 18 else { return nil }
        let factor = ExactMath.power(shift), divisor = ExactMath.power(-shift)
        guard let scaled = ValueBounds.product(ValueBounds.wide(known), factor...factor) else { return nil }
        let low = ExactDecimal.divideRounded(scaled.lowerBound, by: divisor), high = ExactDecimal.divideRounded(scaled.upperBound, by: divisor)
        guard let bounds = ValueBounds.fitting(low...high, range) else { return nil }
        if shift == 0 {
            return ColumnVector(
                type: narrowed, count: vector.count, values: vector.values, validity: vector.validity, bounds: bounds, arena: vector.arena)
        }
        let values = UnsafePointer(vector.int64), out = buffer.int64
        if shift > 0 {
            NarrowLoops.scale(values, by: Int64(factor), out, vector.count)
        } else {
            let divisor = Int64(divisor)
            for row in 0..<vector.count { out[row] = NarrowLoops.rounded(values[row], dividedBy: divisor) }
        }
        if let validity = vector.validity { buffer.validity.update(from: validity, count: vector.count) }
        return buffer.narrowVector(vector.count, hasValidity: vector.validity != nil, bounds: bounds)
    }

    private func rescale(_ vector: ColumnVector, _ count: Int) {
        let shift = type.scale - vector.type.scale
        let factor = ExactMath.power(shift), divisor = ExactMath.power(-shift)
        let isWide = vector.type.physical == .int128
        for row in 0..<count {
            let units = isWide ? vector.int128[row] : Int128(vector.int64[row])
            store(ExactMath.rescale(units, times: factor, dividedBy: divisor), row)
        }
    }

    private func castDoubles(_ vector: ColumnVector, _ count: Int) {
        for row in 0..<count {
            let value = vector.double[row]
            store(type == .int64 ? ExactMath.int64(value).map { Int128($0) } : DoubleDigits.units(value, scale: type.scale), row)
        }
    }

    private func castToDoubles(_ vector: ColumnVector, _ count: Int) {
        let out = buffer.double, scale = vector.type.scale
        if vector.type.physical == .int64 {
            // The same two roundings as of 128 bits.
            let values = vector.int64, unit = scale == 0 ? 1 : Double(ExactMath.power(scale))
            for row in 0..<count { out[row] = Double(values[row]) / unit }
        } else {
            let values = vector.int128
            for row in 0..<count { out[row] = ExactMath.double(values[row], scale: scale) }
        }
    }

    @inline(__always)
    private func store(_ value: Int128?, _ row: Int) {
        guard let value, range.contains(value) else {
            buffer.validity[row] = 0
            return
        }
        if type.physical == .int128 { buffer.int128[row] = value } else { buffer.int64[row] = Int64(truncatingIfNeeded: value) }
    }
}

/// Text to anything else, read once for each entry of a dictionary.
final class TextCast: VectorExpression {
    let type: LogicalType
    private let operand: any VectorExpression
    private let buffer: VectorBuffer
    private let range: ClosedRange<Int128>
    private var dictionary: TextDictionary?
    private let wide: ArenaArray<Int128>
    private let doubles: ArenaArray<Double>
    private let isValid: ArenaArray<UInt8>

    init(_ operand: any VectorExpression, to type: LogicalType, arena: ConfidentialArena) throws(EngineError) {
        if case .entity = type { throw EngineError(.unsupported, [operand.type.name, type.name]) }
        self.type = type
        self.operand = operand
        buffer = try VectorBuffer(type, arena: arena)
        range = ExactMath.range(of: type)
        wide = try ArenaArray(arena: arena)
        doubles = try ArenaArray(arena: arena)
        isValid = try ArenaArray(arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operand.evaluate(batch)
        guard let next = vector.dictionary else { throw EngineError(.malformedPlan, ["dictionary"]) }
        if dictionary !== next { try read(next) }
        for row in 0..<batch.count {
            guard !vector.isNull(row) else {
                buffer.validity[row] = 0
                continue
            }
            let code = Int(vector.codes[row])
            buffer.validity[row] = isValid.base[code]
            switch type.physical {
            case .bool: buffer.bool[row] = UInt8(truncatingIfNeeded: wide.base[code])
            case .int64: buffer.int64[row] = Int64(truncatingIfNeeded: wide.base[code])
            case .int128: buffer.int128[row] = wide.base[code]
            case .double: buffer.double[row] = doubles.base[code]
            case .codes, .entity: buffer.validity[row] = 0
            }
        }
        return buffer.vector(batch.count, hasValidity: true)
    }

    private func read(_ next: TextDictionary) throws(EngineError) {
        try wide.reserve(next.count)
        try doubles.reserve(next.count)
        try isValid.reserve(next.count)
        for code in 0..<next.count {
            let text = next.entry(UInt32(code))
            if type == .double {
                let value = TextParsing.double(text)
                doubles.base[code] = value ?? 0
                isValid.base[code] = value == nil ? 0 : 1
            } else {
                let value = exact(text)
                wide.base[code] = value ?? 0
                isValid.base[code] = value == nil ? 0 : 1
            }
        }
        dictionary = next
    }

    private func exact(_ text: UnsafeRawBufferPointer) -> Int128? {
        switch type {
        case .bool: return TextParsing.bool(text).map { $0 ? 1 : 0 }
        case .int64: return TextParsing.int64(text).map { Int128($0) }
        case .date: return TextParsing.date(text).map { Int128($0) }
        case .timestamp: return TextParsing.timestamp(text).map { Int128($0) }
        case .decimal:
            guard let (units, scale) = TextParsing.decimal(text), let moved = ExactDecimal.rescale(units, from: scale, to: type.scale)
            else { return nil }
            return range.contains(moved) ? moved : nil
        case .double, .text, .entity, .null: return nil
        }
    }
}

/// Anything else to text.
final class FormatCast: VectorExpression {
    let type = LogicalType.text
    private let operand: any VectorExpression
    private let formatting: TextFormatting
    private let texts: RowTexts

    init(_ operand: any VectorExpression, arena: ConfidentialArena) throws(EngineError) {
        self.operand = operand
        formatting = try TextFormatting(arena: arena)
        texts = try RowTexts(arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operand.evaluate(batch)
        texts.begin()
        for row in 0..<batch.count { try texts.set(row, vector.isNull(row) ? nil : formatting.text(vector, row)) }
        return texts.vector(batch.count)
    }
}

/// A text column made row by row: the texts of one batch get a dictionary of their own.
final class RowTexts {
    private let buffer: VectorBuffer
    private let pool: TextPool

    init(arena: ConfidentialArena) throws(EngineError) {
        buffer = try VectorBuffer(.text, arena: arena)
        pool = try TextPool(arena: arena)
    }

    func begin() { pool.clear() }

    func set(_ row: Int, _ text: UnsafeRawBufferPointer?) throws(EngineError) {
        if let text { buffer.codes[row] = try pool.intern(text) }
        buffer.validity[row] = text == nil ? 0 : 1
    }

    func vector(_ count: Int) -> ColumnVector { buffer.vector(count, hasValidity: true, dictionary: pool.dictionary()) }
}
