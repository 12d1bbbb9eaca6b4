// SPDX-License-Identifier: Apache-2.0
import Glibc

/// An exclusive lock on a file, held while the object lives; the kernel releases it when the process ends.
public final class FileLock: Sendable {
    private let descriptor: Int32
    /// How often a held lock is tried again.
    private static let attempts = 20
    /// Pause between two attempts.
    private static let pauseMicroseconds: UInt32 = 10_000

    /// Throws `file.locked` when another process holds it, after a moment of patience: a child that its last holder was just starting
    /// keeps a copy until it runs its program.
    public init(_ path: String, files: DurableFiles) throws(DurableError) {
        descriptor = try DurableFiles.open(path, O_RDWR | O_CREAT)
        for attempt in 0...Self.attempts {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            let number = errno
            guard number == EWOULDBLOCK, attempt < Self.attempts else {
                close(descriptor)
                throw DurableError(errno: number, path: path)
            }
            usleep(Self.pauseMicroseconds)
        }
    }

    deinit { close(descriptor) }
}
