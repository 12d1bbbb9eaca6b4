// SPDX-License-Identifier: Apache-2.0

/// The limits of this module.
public enum Limits {
    /// Longest value that is looked at, in bytes of UTF-8; a longer one is of no kind.
    public static let valueBytes = 192
    /// Rows of a file that are all looked at. Of those behind them every second is, and with each doubling half as many again.
    public static let denseRows = 1_024
    /// Fewest values of a kind that are told of, and fewest values from which anything is said of a column.
    public static let fewestValues = 10
    /// Of 256 places, how many different names must fill for a column to be one of names; a few words that repeat are none.
    public static let nameVariety = 24
}
