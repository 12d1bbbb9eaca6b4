// SPDX-License-Identifier: Apache-2.0

import Tabular

extension ColumnVector {
    /// One value on its way out. Entity numbers have no literal form and are NULL; results with such columns are refused before.
    func literal(at row: Int) -> Literal {
        if isNull(row) { return .null }
        switch type {
        case .bool: return .bool(bool[row] != 0)
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
