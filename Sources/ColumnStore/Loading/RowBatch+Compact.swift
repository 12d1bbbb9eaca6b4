// SPDX-License-Identifier: Apache-2.0

import Tabular

extension RowBatch {
    /// Moves these of the rows behind those that are counted together, without gaps. `kept` ascends.
    func compact(_ kept: UnsafePointer<UInt32>, count rows: Int, columns: [Int]) {
        for column in columns {
            let target = validity(column) + count
            for row in 0..<rows { target[row] = target[Int(kept[row])] }
            let stride = layout.physical[column].strideBytes
            let start = values(column) + count * stride
            for row in 0..<rows where kept[row] != UInt32(truncatingIfNeeded: row) {
                (start + row * stride).copyMemory(from: start + Int(kept[row]) * stride, byteCount: stride)
            }
        }
    }
}
