// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Room for one text that is being made, in memory of its owner. When it is too small the maker says so and starts again with more.
package struct TextScratch {
    package let base: UnsafeMutablePointer<UInt8>
    package let capacity: Int
    package private(set) var count = 0
    package private(set) var isTooSmall = false

    package init(_ base: UnsafeMutablePointer<UInt8>, capacity: Int) {
        self.base = base
        self.capacity = capacity
    }

    /// What has been written.
    package var text: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        guard count < capacity else {
            isTooSmall = true
            return
        }
        base[count] = byte
        count += 1
    }

    mutating func put(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        guard bytes.count <= capacity - count else {
            isTooSmall = true
            return
        }
        memcpy(base + count, source, bytes.count)
        count += bytes.count
    }

    /// Says that the room cannot suffice.
    mutating func giveUp() { isTooSmall = true }

    mutating func put(_ text: StaticString) { text.withUTF8Buffer { put(UnsafeRawBufferPointer($0)) } }
}

/// One argument of a text function in one row. The text is only meant for text arguments, the number for int64 ones.
package struct TextArgument {
    package var text: UnsafeRawBufferPointer
    package var number: Int64
    package var isNull: Bool

    package init(text: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0), number: Int64 = 0, isNull: Bool = false) {
        self.text = text
        self.number = number
        self.isNull = isNull
    }
}

/// What a text function yields.
package enum TextResult {
    case null
    /// Part of an argument or of the scratch.
    case text(UnsafeRawBufferPointer)
    /// int64, or bool as 0 and 1.
    case number(Int64)
    /// The scratch was too small.
    case needsRoom
}
