// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Memory of released cells. What was computed can always be shown: how much that is, `Limits.releasedCells` bounds.
struct ReleaseMemory {
    let arena: ConfidentialArena
    private static let slackBytes = 16 << 20

    /// Pages that the engine has left over, so that none need be made, where they surely do for `bytes`; else others.
    init(_ budget: MemoryBudget, atMost bytes: Int) {
        let free = budget.limitBytes - budget.usedBytes
        // Of the pieces from which small allocations are cut, up to half may stay unused.
        let isEnough = bytes < free / 2 && bytes * 2 + Self.slackBytes <= free
        arena = ConfidentialArena(budget: isEnough ? budget : MemoryBudget(limitBytes: .max / 2))
    }

    private init(arena: ConfidentialArena) { self.arena = arena }

    /// Memory for intermediate steps, which ends with what is returned.
    func scratch() -> ReleaseMemory { ReleaseMemory(arena: ConfidentialArena(budget: arena.budget)) }

    /// Zeroed memory. Where the system refuses, the result is too large to be shown.
    func take<T: BitwiseCopyable>(_ type: T.Type, _ count: Int) throws(DisclosureError) -> UnsafeMutablePointer<T> {
        guard let memory = arena.allocate(type, count: count) else {
            throw DisclosureError(.tooManyCells, [String(Limits.releasedCells)])
        }
        return memory
    }

    /// A bound for what a release of so many groups takes, intermediate steps included.
    static func bytes(groups: Int, keys: [ColumnVector], aggregates: Int) -> Int {
        let texts = keys.reduce(0) { $0 + ($1.dictionary.map { $0.count * 16 + Int($0.offsets[$0.count]) } ?? 0) }
        let (cells, overflow) = groups.multipliedReportingOverflow(by: keys.count * 48 + aggregates * 32 + 64)
        return overflow || cells > .max / 4 ? .max / 4 : cells + texts
    }

    /// The values of these rows. `sharesTexts`: they may come with texts that no row has; else only what is released is copied.
    func gather(
        _ source: ColumnVector, _ rows: UnsafePointer<UInt32>, _ count: Int, sharesTexts: Bool
    ) throws(DisclosureError) -> ColumnVector {
        let values = UnsafeMutableRawPointer(try take(UInt8.self, count * source.type.physical.strideBytes))
        var validity: UnsafeMutablePointer<UInt8>?
        if let known = source.validity {
            let copy = try take(UInt8.self, count)
            Self.copy(known, copy, rows, count)
            validity = copy
        }
        switch source.type.physical {
        case .bool: Self.copy(source.bool, values.assumingMemoryBound(to: UInt8.self), rows, count)
        case .int64: Self.copy(source.int64, values.assumingMemoryBound(to: Int64.self), rows, count)
        case .int128: Self.copy(source.int128, values.assumingMemoryBound(to: Int128.self), rows, count)
        case .double: Self.copy(source.double, values.assumingMemoryBound(to: Double.self), rows, count)
        case .codes, .entity: Self.copy(source.codes, values.assumingMemoryBound(to: UInt32.self), rows, count)
        }
        let gathered = ColumnVector(
            type: source.type, count: count, values: values, validity: validity, dictionary: source.dictionary, bounds: source.bounds, arena: arena)
        guard let dictionary = source.dictionary, !sharesTexts else { return gathered }
        return ColumnVector(
            type: source.type, count: count, values: values, validity: validity, dictionary: try own(dictionary, gathered), arena: arena)
    }

    private static func copy<T: BitwiseCopyable>(
        _ source: UnsafeMutablePointer<T>, _ target: UnsafeMutablePointer<T>, _ rows: UnsafePointer<UInt32>, _ count: Int
    ) {
        for row in 0..<count { target[row] = source[Int(rows[row])] }
    }

    /// A dictionary of the texts that the vector has, in the order in which it has them; its codes become those of the new one.
    private func own(_ dictionary: TextDictionary, _ vector: ColumnVector) throws(DisclosureError) -> TextDictionary {
        let scratch = scratch(), codes = vector.codes
        defer { withExtendedLifetime(scratch) {} }
        // New code + 1.
        let numbers = try scratch.take(UInt32.self, dictionary.count), used = try scratch.take(UInt32.self, min(dictionary.count, vector.count))
        var count = 0, byteCount = 0
        for row in 0..<vector.count {
            guard !vector.isNull(row) else {
                codes[row] = 0
                continue
            }
            let code = Int(codes[row])
            if numbers[code] == 0 {
                used[count] = codes[row]
                count += 1
                numbers[code] = UInt32(truncatingIfNeeded: count)
                byteCount += dictionary.entry(codes[row]).count
            }
            codes[row] = numbers[code] - 1
        }
        let offsets = try take(UInt32.self, count + 1), bytes = try take(UInt8.self, byteCount)
        for place in 0..<count {
            let text = dictionary.entry(used[place]), start = Int(offsets[place])
            if let source = text.baseAddress { UnsafeMutableRawPointer(bytes + start).copyMemory(from: source, byteCount: text.count) }
            offsets[place + 1] = UInt32(truncatingIfNeeded: start + text.count)
        }
        return TextDictionary(count: count, offsets: UnsafePointer(offsets), bytes: UnsafePointer(bytes), isLasting: true, arena: arena)
    }

    /// Open rows that came in several pieces, each with texts of its own.
    func join(_ pieces: [ColumnVector], _ count: Int) throws(DisclosureError) -> ColumnVector {
        let type = pieces[0].type, stride = type.physical.strideBytes
        let values = UnsafeMutableRawPointer(try take(UInt8.self, count * stride)), validity = try take(UInt8.self, count)
        var row = 0
        for piece in pieces {
            (values + row * stride).copyMemory(from: piece.values, byteCount: piece.count * stride)
            if let known = piece.validity {
                (validity + row).update(from: known, count: piece.count)
            } else {
                (validity + row).update(repeating: 1, count: piece.count)
            }
            row += piece.count
        }
        let dictionary = type.physical == .codes ? try joinTexts(pieces, values.assumingMemoryBound(to: UInt32.self), validity) : nil
        return ColumnVector(type: type, count: count, values: values, validity: validity, dictionary: dictionary, arena: arena)
    }

    private func joinTexts(
        _ pieces: [ColumnVector], _ codes: UnsafeMutablePointer<UInt32>, _ validity: UnsafePointer<UInt8>
    ) throws(DisclosureError) -> TextDictionary {
        var numbers: [[UInt8]: UInt32] = [:], texts: [[UInt8]] = [], row = 0
        for piece in pieces {
            for place in 0..<piece.count {
                defer { row += 1 }
                guard let dictionary = piece.dictionary, validity[row] != 0 else {
                    codes[row] = 0
                    continue
                }
                let text = Array(dictionary.entry(piece.codes[place]))
                if let known = numbers[text] {
                    codes[row] = known
                } else {
                    codes[row] = UInt32(truncatingIfNeeded: texts.count)
                    numbers[text] = codes[row]
                    texts.append(text)
                }
            }
        }
        let offsets = try take(UInt32.self, texts.count + 1), bytes = try take(UInt8.self, texts.reduce(0) { $0 + $1.count })
        for (place, text) in texts.enumerated() {
            let start = Int(offsets[place])
            for (position, byte) in text.enumerated() { bytes[start + position] = byte }
            offsets[place + 1] = UInt32(truncatingIfNeeded: start + text.count)
        }
        return TextDictionary(count: texts.count, offsets: UnsafePointer(offsets), bytes: UnsafePointer(bytes), isLasting: true, arena: arena)
    }
}
