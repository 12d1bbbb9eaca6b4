// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import PolicyCheck

extension Domain {
    /// Invented rows of a registered table, loaded or not. Throws `table.unknown` and `table.sample-rows`.
    public func sample(table: String, rows: Int, seed: UInt64) throws -> SyntheticTable {
        try SyntheticTable(try policies(), table: table, rows: rows, seed: seed)
    }

    /// Writes a sample as a CSV file, in place of what is there.
    public func write(_ sample: SyntheticTable, to path: String) throws {
        try OutputFile.requirePlace(path)
        try files.write(Array(sample.csv.utf8), to: path, mode: 0o640)
    }
}
