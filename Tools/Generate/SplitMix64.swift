// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The generator of Steele, Lea and Flood (2014): small, fast, the same on every machine. Not for keys.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// At least 0, less than `bound`. The bias of one part in 2^64/bound does not matter here.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// True once in `count` times.
    mutating func onceIn(_ count: Int) -> Bool { below(count) == 0 }

    /// At least 0, less than 1, in steps of 2^-53.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
