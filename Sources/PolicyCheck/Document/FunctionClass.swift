// SPDX-License-Identifier: Apache-2.0

/// Classes of scalar functions that a column may allow; which functions are in each stands in Documentation/Effects.md.
public enum FunctionClass: String, Sendable, Hashable, CaseIterable {
    /// Other spellings: case, blanks and padding, texts put together.
    case text
    /// Shifts of a date by a constant, and its distance from one.
    case date
    /// Arithmetic with constants, rounding, size and sign.
    case number

    public var chinese: String {
        switch self {
        case .text: "文本"
        case .date: "日期"
        case .number: "数值"
        }
    }
}
