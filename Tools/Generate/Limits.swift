// SPDX-License-Identifier: Apache-2.0

/// Sizes above which the generator refuses.
enum Limits {
    static let hospitals = 1_000
    static let rows = 100_000_000
    /// Person numbers have nine digits.
    static let persons = 100_000_000
}
