// SPDX-License-Identifier: Apache-2.0

/// Rows of one block that are asked for.
public enum BlockRows {
    /// Neighbours.
    case range(Range<Int>)
    /// Chosen rows, ascending. The memory is valid during the call only.
    case chosen(UnsafePointer<UInt32>, count: Int)

    @inlinable public var count: Int {
        switch self {
        case .range(let range): range.count
        case .chosen(_, let count): count
        }
    }
}
