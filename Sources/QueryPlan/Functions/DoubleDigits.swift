// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Doubles as exact numbers.
package enum DoubleDigits {
    /// Units of a scale, halves away from zero, from the 15 decimal digits that a double surely has, as PostgreSQL casts: so 1.005 is
    /// 1.01 and not what lies a little below it. Nil beyond 38 digits.
    package static func units(_ value: Double, scale: Int) -> Int128? {
        guard value.isFinite else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
            guard let base = text.baseAddress else { return nil }
            _ = withVaList([value.magnitude]) { vsnprintf(base, 32, "%.14e", $0) }
            // d.dddddddddddddde±xx
            var digits = Int128(base[0] - 48)
            for position in 2..<16 { digits = digits * 10 + Int128(base[position] - 48) }
            let exponent = Int(strtol(base + 17, nil, 10)) - 14
            let move = exponent + scale
            guard move > -39 else { return 0 }
            let units = move >= 0 ? ExactDecimal.rescale(digits, from: 0, to: move) : ExactDecimal.rescale(digits, from: -move, to: 0)
            return units.map { value < 0 ? -$0 : $0 }
        }
    }
}
