// SPDX-License-Identifier: Apache-2.0

import Tabular

extension RowBatch {
    /// Moves these of the rows from `base` on together, without gaps. `kept` ascends.
    func compact(_ kept: UnsafePointer<UInt32>, count rows: Int, at base: Int) {
        for column in layout.physical.indices {
            let target = validity(column) + base
            for row in 0..<rows { target[row] = target[Int(kept[row])] }
            let stride = layout.physical[column].strideBytes
            let start = values(column) + base * stride
            for row in 0..<rows where kept[row] != UInt32(truncatingIfNeeded: row) {
                (start + row * stride).copyMemory(from: start + Int(kept[row]) * stride, byteCount: stride)
            }
        }
    }
}
