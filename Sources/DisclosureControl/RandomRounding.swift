// SPDX-License-Identifier: Apache-2.0

/// Unbiased random rounding to a base: with residual r, up with probability r/base, down with the rest, so that the
/// expected value is the true one. The draw is a function of the cell, never fresh: fresh draws would average out.
public enum RandomRounding {
    /// Probabilities of rounding down and up. Nil unless 0 ≤ residual < base.
    public static func probabilities(residual: Int64, base: Int64) -> (down: ExactFraction, up: ExactFraction)? {
        guard base > 0, (0..<base).contains(residual),
            let down = ExactFraction(Int128(residual == 0 ? base : base - residual), over: Int128(base)),
            let up = ExactFraction(Int128(residual), over: Int128(base))
        else { return nil }
        return (down, up)
    }

    /// Whether the cell of this key goes up: key/2^64 < residual/base. The key must come from a keyed hash over the cell.
    /// False for arguments without probabilities.
    public static func isRoundedUp(residual: Int64, base: Int64, cellKey: UInt64) -> Bool {
        guard base > 0, (0..<base).contains(residual) else { return false }
        return UInt128(cellKey) * UInt128(base) < UInt128(residual) << 64
    }
}
