// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Released cells of one column. Where a cell is withheld, its value was never written and reads as NULL.
public struct ReleasedColumn: Sendable {
    package let vector: ColumnVector
    /// Nil when no cell is withheld.
    package let withheld: WithheldFlags?

    package init(vector: ColumnVector, withheld: WithheldFlags? = nil) {
        self.vector = vector
        self.withheld = withheld
    }

    package func isWithheld(_ row: Int) -> Bool { withheld.map { $0.flags[row] != 0 } ?? false }

    /// One cell as a Swift value.
    package func cell(at row: Int) -> ReleasedCell { isWithheld(row) ? .withheld : .value(vector.literal(at: row)) }
}

/// One byte for each row, 1 = withheld.
package struct WithheldFlags: @unchecked Sendable {
    package let flags: UnsafePointer<UInt8>
    /// Keeps the memory alive.
    private let arena: ConfidentialArena

    package init(_ flags: UnsafePointer<UInt8>, arena: ConfidentialArena) {
        self.flags = flags
        self.arena = arena
    }

    /// Those from a row on.
    package func slice(from row: Int) -> WithheldFlags { WithheldFlags(flags + row, arena: arena) }
}

extension ColumnVector {
    /// One value on its way out. Entity numbers have no literal form and are NULL; results with such columns are refused before.
    package func literal(at row: Int) -> Literal {
        if isNull(row) { return .null }
        switch type {
        case .bool: return .bool(bool[row] & 1 != 0)
        case .int64: return .int64(int64[row])
        case .decimal(_, let scale):
            return .decimal(units: type.physical == .int128 ? int128[row] : Int128(int64[row]), scale: scale)
        case .double: return .double(double[row])
        case .date: return .date(days: int64[row])
        case .timestamp: return .timestamp(microseconds: int64[row])
        case .text:
            guard let dictionary else { return .null }
            return .text(String(decoding: dictionary.entry(codes[row]), as: UTF8.self))
        case .entity, .null: return .null
        }
    }
}
