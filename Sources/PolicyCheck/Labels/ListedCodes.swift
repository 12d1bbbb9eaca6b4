// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension ColumnPolicy {
    /// Codes that may be picked, without those whose rows are left out; nil where all may.
    var listedCodes: [String]? {
        restrictions.codes?.filter { code in !excludedRows.contains { $0.covers(code) } }
    }
}

/// Codes by their bytes, as the engine compares them.
struct ListedCodes {
    private let texts: Set<[UInt8]>
    private let numbers: Set<Int64>

    init(_ codes: [String], _ type: LogicalType) {
        texts = type == .text ? Set(codes.map { Array($0.utf8) }) : []
        numbers = type == .int64 ? Set(codes.compactMap { ScalarForm.integer($0) }) : []
    }

    func contains(_ literal: Literal) -> Bool {
        switch literal {
        case .text(let text): return texts.contains(Array(text.utf8))
        case .int64(let value): return numbers.contains(value)
        case .decimal(let units, let scale):
            guard let power = ExactDecimal.power(scale), units % power == 0, let value = Int64(exactly: units / power) else { return false }
            return numbers.contains(value)
        case .null, .bool, .double, .date, .timestamp: return false
        }
    }
}

extension RowExclusion {
    /// Whether rows with a code are left out.
    func covers(_ code: String) -> Bool {
        var start = String.UnicodeScalarView()
        start.append(contentsOf: code.unicodeScalars.prefix(length))
        let text = String(start)
        return !text.utf8.lexicographicallyPrecedes(lower.utf8) && !upper.utf8.lexicographicallyPrecedes(text.utf8)
    }
}
