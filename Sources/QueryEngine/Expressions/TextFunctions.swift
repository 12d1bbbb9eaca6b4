// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Text functions of one text.
enum TextChange {
    case lower
    case upper
    /// Code points, from 1; no count: to the end.
    case substring(from: Int64, count: Int64?)
}

/// A text function with constant arguments, applied once to each entry of a dictionary.
final class TextMapping: VectorExpression {
    let type = LogicalType.text
    private let operand: any VectorExpression
    private let change: TextChange
    private let buffer: VectorBuffer
    private let pool: TextPool
    private let map: ArenaArray<UInt32>
    private let scratch: ArenaArray<UInt8>
    private var source: TextDictionary?
    private var dictionary: TextDictionary?

    init(_ operand: any VectorExpression, _ change: TextChange, arena: ConfidentialArena) throws(EngineError) {
        self.operand = operand
        self.change = change
        buffer = try VectorBuffer(.text, arena: arena)
        pool = try TextPool(arena: arena)
        map = try ArenaArray(arena: arena)
        scratch = try ArenaArray(capacity: 256, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operand.evaluate(batch)
        guard let next = vector.dictionary else { throw EngineError(.malformedPlan, ["dictionary"]) }
        if source !== next { try apply(next) }
        let map = map.base, codes = vector.codes, out = buffer.codes
        if let count = negativeCount, count { return nullVector(batch.count) }
        for row in 0..<batch.count where !vector.isNull(row) { out[row] = map[Int(codes[row])] }
        if let validity = vector.validity { buffer.validity.update(from: validity, count: batch.count) }
        return buffer.vector(batch.count, hasValidity: vector.validity != nil, dictionary: dictionary)
    }

    /// A negative count has no result.
    private var negativeCount: Bool? {
        if case .substring(_, let count?) = change { count < 0 } else { nil }
    }

    private func nullVector(_ count: Int) -> ColumnVector {
        buffer.validity.update(repeating: 0, count: count)
        return buffer.vector(count, hasValidity: true, dictionary: dictionary)
    }

    private func apply(_ next: TextDictionary) throws(EngineError) {
        pool.clear()
        try map.reserve(next.count)
        for code in 0..<next.count {
            let text = next.entry(UInt32(code))
            switch change {
            case .substring(let from, let count): map.base[code] = try pool.intern(CodePoints.substring(text, from: from, count: count))
            case .lower: map.base[code] = try pool.intern(try CodePoints.changeCase(text, isUpper: false, into: scratch))
            case .upper: map.base[code] = try pool.intern(try CodePoints.changeCase(text, isUpper: true, into: scratch))
            }
        }
        source = next
        dictionary = pool.dictionary()
    }
}

/// Substring with computed places.
final class SubstringExpression: VectorExpression {
    let type = LogicalType.text
    private let operand: any VectorExpression
    private let places: [any VectorExpression]
    private let texts: RowTexts

    init(_ operand: any VectorExpression, _ places: [any VectorExpression], arena: ConfidentialArena) throws(EngineError) {
        self.operand = operand
        self.places = places
        texts = try RowTexts(arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let vector = try operand.evaluate(batch)
        var numbers: [ColumnVector] = []
        for place in places { numbers.append(try place.evaluate(batch)) }
        guard let dictionary = vector.dictionary else { throw EngineError(.malformedPlan, ["dictionary"]) }
        texts.begin()
        for row in 0..<batch.count {
            let count = numbers.count > 1 ? numbers[1].int64[row] : nil
            if vector.isNull(row) || numbers.contains(where: { $0.isNull(row) }) || (count ?? 0) < 0 {
                try texts.set(row, nil)
            } else {
                let text = dictionary.entry(vector.codes[row])
                try texts.set(row, CodePoints.substring(text, from: numbers[0].int64[row], count: count))
            }
        }
        return texts.vector(batch.count)
    }
}

/// Text by code points of UTF-8.
enum CodePoints {
    /// Positions from 1; those before the text count but yield nothing, as in SQL. `count` is not negative.
    static func substring(_ text: UnsafeRawBufferPointer, from: Int64, count: Int64?) -> UnsafeRawBufferPointer {
        var end = Int64.max
        if let count {
            let (sum, overflow) = from.addingReportingOverflow(count)
            if !overflow { end = sum }
        }
        var start = text.count, stop = text.count
        var point: Int64 = 0
        for position in 0..<text.count where text[position] & 0xC0 != 0x80 {
            point += 1
            if point >= from, start == text.count { start = position }
            if point >= end {
                stop = position
                break
            }
        }
        if stop < start { start = stop }
        return UnsafeRawBufferPointer(rebasing: text[start..<stop])
    }

    /// Simple case mapping, one code point for one, as PostgreSQL does.
    static func changeCase(
        _ text: UnsafeRawBufferPointer, isUpper: Bool, into out: ArenaArray<UInt8>
    ) throws(EngineError) -> UnsafeRawBufferPointer {
        var count = 0
        // A mapped code point may need one byte more than its source has; four is the most any needs.
        try out.reserve(text.count * 4)
        var decoder = Unicode.UTF8()
        var bytes = text.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&bytes) {
            for byte in UTF8.encode(mapped(scalar, isUpper: isUpper)) ?? UTF8.encodedReplacementCharacter {
                out.base[count] = byte
                count += 1
            }
        }
        return UnsafeRawBufferPointer(start: out.base, count: count)
    }

    private static func mapped(_ scalar: Unicode.Scalar, isUpper: Bool) -> Unicode.Scalar {
        if scalar.isASCII {
            let value = UInt8(truncatingIfNeeded: scalar.value)
            let isLetter = isUpper ? (97...122).contains(value) : (65...90).contains(value)
            return isLetter ? Unicode.Scalar(value ^ 0x20) : scalar
        }
        let mapping = isUpper ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
        var scalars = mapping.unicodeScalars.makeIterator()
        guard let first = scalars.next(), scalars.next() == nil else { return scalar }
        return first
    }
}
