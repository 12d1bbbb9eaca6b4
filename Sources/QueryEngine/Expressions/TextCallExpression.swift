// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// A text function. Where all arguments but one text are constants, it is applied once to each entry of that text's dictionary;
/// else row by row. A result longer than `EngineLimits.computedTextBytes` is NULL.
final class TextCallExpression: VectorExpression {
    let type: LogicalType
    private let operands: [any VectorExpression]
    private let call: TextCall
    private let buffer: VectorBuffer
    private let pool: TextPool
    private let room: ArenaArray<UInt8>
    private var arguments: [TextArgument]
    /// The one argument that is no constant.
    private let varying: Int?
    private var source: TextDictionary?
    private var dictionary: TextDictionary?
    /// For each entry, and behind them for NULL: the result's code, number and whether there is one.
    private let codes: ArenaArray<UInt32>
    private let numbers: ArenaArray<Int64>
    private let isValid: ArenaArray<UInt8>

    init(
        _ function: ScalarFunction, _ operands: [any VectorExpression], type: LogicalType, arena: ConfidentialArena
    ) throws(EngineError) {
        guard let call = TextCall(function), operands.allSatisfy({ $0.type == .text || $0.type == .int64 }), operands.count <= Self.operandsMaximum(function),
            operands.count >= Self.operandsMinimum(function)
        else { throw EngineError(.malformedPlan, [function.rawValue]) }
        self.call = call
        self.type = type
        self.operands = operands
        buffer = try VectorBuffer(type, arena: arena)
        pool = try TextPool(arena: arena)
        room = try ArenaArray(capacity: 256, arena: arena)
        codes = try ArenaArray(arena: arena)
        numbers = try ArenaArray(arena: arena)
        isValid = try ArenaArray(arena: arena)
        arguments = Array(repeating: TextArgument(), count: operands.count)
        let free = operands.indices.filter { !(operands[$0] is ConstantExpression) }
        varying = free.count == 1 && operands[free[0]].type == .text ? free[0] : nil
    }

    private static func operandsMinimum(_ function: ScalarFunction) -> Int {
        switch function {
        case .length, .lower, .upper, .reverse, .concat: 1
        case .replace, .padLeft, .padRight, .like, .likeInsensitive: 3
        default: 2
        }
    }

    private static func operandsMaximum(_ function: ScalarFunction) -> Int {
        switch function {
        case .concat: .max
        case .length, .lower, .upper, .reverse: 1
        case .substring, .replace, .padLeft, .padRight, .like, .likeInsensitive: 3
        default: 2
        }
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        var vectors: [ColumnVector] = []
        for operand in operands { vectors.append(try operand.evaluate(batch)) }
        if let varying { return try look(vectors, varying, batch.count) }
        pool.clear()
        for row in 0..<batch.count {
            for position in vectors.indices { arguments[position] = Self.argument(vectors[position], row) }
            let result = try apply()
            buffer.validity[row] = result.isValid ? 1 : 0
            switch type.physical {
            case .bool: buffer.bool[row] = UInt8(truncatingIfNeeded: result.number)
            case .codes: buffer.codes[row] = result.code
            case .int64, .int128, .double, .entity: buffer.int64[row] = result.number
            }
        }
        return buffer.vector(batch.count, hasValidity: true, dictionary: type == .text ? pool.dictionary() : nil)
    }

    // MARK: By dictionary

    private func look(_ vectors: [ColumnVector], _ varying: Int, _ count: Int) throws(EngineError) -> ColumnVector {
        let vector = vectors[varying]
        guard let next = vector.dictionary else { throw EngineError(.malformedPlan, ["dictionary"]) }
        if source !== next { try decide(next, vectors, varying) }
        let sourceCodes = vector.codes, results = isValid.base, valid = buffer.validity
        let absent = next.count
        switch type.physical {
        case .bool:
            for row in 0..<count {
                let entry = vector.isNull(row) ? absent : Int(sourceCodes[row])
                valid[row] = results[entry]
                buffer.bool[row] = UInt8(truncatingIfNeeded: numbers.base[entry])
            }
        case .codes:
            for row in 0..<count {
                let entry = vector.isNull(row) ? absent : Int(sourceCodes[row])
                valid[row] = results[entry]
                buffer.codes[row] = codes.base[entry]
            }
        case .int64, .int128, .double, .entity:
            for row in 0..<count {
                let entry = vector.isNull(row) ? absent : Int(sourceCodes[row])
                valid[row] = results[entry]
                buffer.int64[row] = numbers.base[entry]
            }
        }
        return buffer.vector(count, hasValidity: true, dictionary: dictionary)
    }

    private func decide(_ next: TextDictionary, _ vectors: [ColumnVector], _ varying: Int) throws(EngineError) {
        pool.clear()
        try codes.reserve(next.count + 1)
        try numbers.reserve(next.count + 1)
        try isValid.reserve(next.count + 1)
        for position in vectors.indices where position != varying { arguments[position] = Self.argument(vectors[position], 0) }
        source = nil
        if try decideLike(next, varying) {
            source = next
            dictionary = nil
            return
        }
        for code in 0...next.count {
            arguments[varying] = code == next.count ? TextArgument(isNull: true) : TextArgument(text: next.entry(UInt32(code)))
            let result = try apply()
            codes.base[code] = result.code
            numbers.base[code] = result.number
            isValid.base[code] = result.isValid ? 1 : 0
        }
        source = next
        dictionary = type == .text ? pool.dictionary() : nil
    }

    /// LIKE with a constant pattern is decided for all entries in one loop.
    private func decideLike(_ next: TextDictionary, _ varying: Int) throws(EngineError) -> Bool {
        guard varying == 0, arguments.count == 3, !arguments[1].isNull, !arguments[2].isNull,
            call.matchAll(next.count, offsets: next.offsets, bytes: next.bytes, arguments[1].text, arguments[2].text, into: numbers.base)
        else { return false }
        isValid.base.update(repeating: 1, count: next.count)
        numbers.base[next.count] = 0
        isValid.base[next.count] = 0
        return true
    }

    // MARK: One row

    @inline(__always)
    private static func argument(_ vector: ColumnVector, _ row: Int) -> TextArgument {
        if vector.isNull(row) { return TextArgument(isNull: true) }
        if let dictionary = vector.dictionary { return TextArgument(text: dictionary.entry(vector.codes[row])) }
        return TextArgument(number: vector.int64[row])
    }

    private func apply() throws(EngineError) -> (code: UInt32, number: Int64, isValid: Bool) {
        while true {
            var scratch = TextScratch(room.base, capacity: min(room.capacity, EngineLimits.computedTextBytes))
            switch call.apply(arguments, &scratch) {
            case .null: return (0, 0, false)
            case .number(let number): return (0, number, true)
            case .text(let text): return (try pool.intern(text), 0, true)
            case .needsRoom:
                guard room.capacity < EngineLimits.computedTextBytes else { return (0, 0, false) }
                try room.reserve(room.capacity * 2)
            }
        }
    }
}
