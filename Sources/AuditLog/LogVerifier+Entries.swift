// SPDX-License-Identifier: Apache-2.0
import DurableFiles

extension LogVerifier {
    /// The first `size` entries of a directory, read from its bundles without a key. Whether they are the log's is what `verify` tells.
    public static func entries(directory: String, size: UInt64, files: DurableFiles = DurableFiles()) throws -> [[UInt8]] {
        let reader = TreeReader(directory: directory, size: size, files: files)
        var entries: [[UInt8]] = []
        for path in bundlePaths(size) { entries += try reader.bundle(path) }
        return entries
    }
}
