// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CryptoSuites
import Foundation

/// A log in a temporary directory, so that reference values meet the code that writes and proves, not a copy of it.
final class ScratchLog {
    private let folder: URL
    let log: AuditLog

    init() throws {
        let memory = URL(fileURLWithPath: "/dev/shm")
        let parent =
            FileManager.default.isWritableFile(atPath: memory.path) ? memory : FileManager.default.temporaryDirectory
        folder = parent.appendingPathComponent("yunei-vectors-\(UUID().uuidString)")
        log = try AuditLog.create(
            directory: folder.path + "/audit", stateDirectory: folder.path + "/state", origin: "vectors.example/log",
            key: SigningKey.random())
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Grows to a size with entries from a rule, publishes and gives the root.
    func root(size: UInt64, entry: (UInt64) -> [UInt8]) throws -> Digest {
        while log.size < size {
            let end = min(size, log.size + 10_000)
            _ = try log.append((log.size..<end).map(entry))
        }
        return try Checkpoint(opening: try log.currentCheckpoint, key: log.verifierKey).root
    }

    /// Nil when the log has no such file.
    func resource(_ path: String) -> [UInt8]? {
        (try? Data(contentsOf: folder.appendingPathComponent("audit/\(path)"))).map { [UInt8]($0) }
    }
}
