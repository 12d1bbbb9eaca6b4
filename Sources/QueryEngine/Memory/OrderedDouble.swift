// SPDX-License-Identifier: Apache-2.0

/// Doubles as integers in the same order; both zeros are one.
enum OrderedDouble {
    static func key(_ value: Double) -> Int64 {
        let bits = Int64(bitPattern: (value + 0).bitPattern)
        return bits < 0 ? bits ^ Int64.max : bits
    }

    static func value(_ key: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: key < 0 ? key ^ Int64.max : key))
    }
}
