// SPDX-License-Identifier: Apache-2.0
import Glibc

/// An exclusive lock on a file, held while the object lives; the kernel releases it when the process ends.
public final class FileLock: Sendable {
    private let descriptor: Int32

    /// Throws `file.locked` at once when another process holds it.
    public init(_ path: String, files: DurableFiles) throws(DurableError) {
        descriptor = try DurableFiles.open(path, O_RDWR | O_CREAT)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            throw DurableError(errno: number, path: path)
        }
    }

    deinit { close(descriptor) }
}
