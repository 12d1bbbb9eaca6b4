// SPDX-License-Identifier: Apache-2.0
import Glibc

extension DurableFiles {
    /// Longest file that ``read(_:limitBytes:)`` takes unless told otherwise.
    public static let readLimitBytes = 64 << 20

    /// A whole file. Throws `file.missing`, `file.too-large` and the like.
    public func read(_ path: String, limitBytes: Int = readLimitBytes) throws(DurableError) -> [UInt8] {
        let descriptor = try Self.open(path, O_RDONLY)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DurableError(errno: errno, path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw DurableError(.wrongKind, [path]) }
        guard status.st_size <= limitBytes else { throw DurableError(.tooLarge, [path, String(limitBytes)]) }
        return try Self.read(descriptor, offset: 0, count: Int(status.st_size), path: path)
    }

    /// A whole file, or nil when there is none.
    public func readIfPresent(_ path: String, limitBytes: Int = readLimitBytes) throws(DurableError) -> [UInt8]? {
        do throws(DurableError) {
            return try read(path, limitBytes: limitBytes)
        } catch {
            if error.code == .missing { return nil }
            throw error
        }
    }

    public func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    public func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Names in a directory, sorted, without `.` and `..`.
    public func names(in path: String) throws(DurableError) -> [String] {
        guard let stream = opendir(path) else { throw DurableError(errno: errno, path: path) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Opens for reading; the caller closes.
    public func openForReading(_ path: String) throws(DurableError) -> Int32 { try Self.open(path, O_RDONLY) }

    /// A file without a name in a directory's file system, read and write; the caller closes.
    public func openUnnamed(in directory: String) throws(DurableError) -> Int32 {
        try Self.open(directory, O_RDWR | Self.unnamedFile)
    }

    /// Removes temporary files that a crash left in a directory. For the holder of its lock only.
    public func removeTemporaries(in directory: String) throws(DurableError) {
        for name in try names(in: directory) where name.hasPrefix(".") && name.hasSuffix(".tmp") {
            unlink("\(directory)/\(name)")
        }
    }

    /// O_TMPFILE, whose header definition is not visible to Swift; O_DIRECTORY differs between processors.
    private static let unnamedFile: Int32 = 0o20_000_000 | O_DIRECTORY

    static func open(_ path: String, _ flags: Int32) throws(DurableError) -> Int32 {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, mode_t(0o600))
        guard descriptor >= 0 else { throw DurableError(errno: errno, path: path) }
        return descriptor
    }

    static func read(_ descriptor: Int32, offset: Int, count: Int, path: String) throws(DurableError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { return }
                done += got
            }
        }
        guard failure == 0 else { throw DurableError(errno: failure, path: path) }
        return bytes
    }
}
