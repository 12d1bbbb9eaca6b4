// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// A file that grows at its end, flushed at every append. For one writer at a time.
public final class AppendFile: Sendable {
    public let path: String
    private let files: DurableFiles
    private let descriptor: Int32
    private let length: Mutex<Int>

    /// Opens the file, or makes an empty one whose name is flushed.
    public init(_ path: String, files: DurableFiles) throws(DurableError) {
        self.path = path
        self.files = files
        if !files.exists(path) { try files.create([], at: path) }
        descriptor = try DurableFiles.open(path, O_RDWR)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw DurableError(errno: number, path: path)
        }
        length = Mutex(Int(status.st_size))
    }

    deinit { close(descriptor) }

    public var byteCount: Int { length.withLock { $0 } }

    /// Adds bytes at the end and flushes them (fdatasync): once this returns they survive.
    ///
    /// When writing fails, what was written of them is cut off again if possible; when flushing fails, nobody knows.
    public func append(_ bytes: [UInt8]) throws(DurableError) {
        let start = byteCount
        do throws(DurableError) {
            try bytes.withBytes { bytes throws(DurableError) in
                lseek(descriptor, off_t(start), SEEK_SET)
                try files.writeAll(bytes, to: descriptor, path: path)
            }
        } catch {
            files.tidy { ftruncate(descriptor, off_t(start)) }
            throw error
        }
        try files.take(.flush, path) { fdatasync(descriptor) }
        length.withLock { $0 = start + bytes.count }
    }

    /// Cuts the file to a length and flushes it.
    public func truncate(toBytes count: Int) throws(DurableError) {
        try files.take(.truncate, path) { ftruncate(descriptor, off_t(count)) }
        try files.take(.flush, path) { fdatasync(descriptor) }
        length.withLock { $0 = count }
    }

    /// Bytes from a place; fewer at the end of the file.
    public func read(offset: Int, count: Int) throws(DurableError) -> [UInt8] {
        try DurableFiles.read(descriptor, offset: offset, count: min(count, max(0, byteCount - offset)), path: path)
    }
}
