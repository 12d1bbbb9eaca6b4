// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Writes values as text into a reused buffer, without making a Swift String of a cell.
final class TextFormatting {
    private let buffer: UnsafeMutablePointer<UInt8>

    init(arena: ConfidentialArena) throws(EngineError) {
        buffer = try arena.take(UInt8.self, ValueText.bytesMaximum)
    }

    /// The text of one row's value; nil where it has none. Valid until the next call.
    func text(_ vector: ColumnVector, _ row: Int) -> UnsafeRawBufferPointer? {
        var out = TextScratch(buffer, capacity: ValueText.bytesMaximum)
        switch vector.type {
        case .bool: ValueText.write(vector.bool[row] & 1 != 0, to: &out)
        case .int64: ValueText.write(Int128(vector.int64[row]), scale: 0, to: &out)
        case .decimal(_, let scale):
            ValueText.write(vector.type.physical == .int128 ? vector.int128[row] : Int128(vector.int64[row]), scale: scale, to: &out)
        case .double: ValueText.write(vector.double[row], to: &out)
        case .date:
            guard ValueText.write(date: vector.int64[row], to: &out) else { return nil }
        case .timestamp:
            guard ValueText.write(timestamp: vector.int64[row], to: &out) else { return nil }
        case .text: return vector.dictionary?.entry(vector.codes[row])
        case .entity, .null: return nil
        }
        return out.text
    }
}
