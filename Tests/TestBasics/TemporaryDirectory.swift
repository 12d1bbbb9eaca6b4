// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A directory for one test, removed with the object. In memory where possible: crash tests flush thousands of times.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init(inMemory: Bool = true) throws {
        let memory = inMemory && FileManager.default.isWritableFile(atPath: "/dev/shm")
        path = (memory ? "/dev/shm" : FileManager.default.temporaryDirectory.path) + "/yunei-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}
