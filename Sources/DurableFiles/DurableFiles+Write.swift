// SPDX-License-Identifier: Apache-2.0
import Glibc

extension DurableFiles {
    /// Puts a whole file in place, replacing an earlier one: after a crash the old or the new content is there,
    /// never a mixture, and once this returns the new one.
    public func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws(DurableError) {
        try place(bytes, at: path, mode: mode)
        try flushDirectory(Self.directory(of: path))
    }

    /// Several files as by ``write(_:to:mode:)``, each atomic for itself, with one flush per directory at the end.
    public func write(_ files: [(path: String, bytes: [UInt8])], mode: mode_t = 0o600) throws(DurableError) {
        var directories: [String] = []
        for (path, bytes) in files {
            try place(bytes, at: path, mode: mode)
            let directory = Self.directory(of: path)
            if !directories.contains(directory) { directories.append(directory) }
        }
        for directory in directories { try flushDirectory(directory) }
    }

    /// Puts a file in place that must not exist yet: `file.exists` otherwise, and the old one stays.
    public func create(_ bytes: [UInt8], at path: String, mode: mode_t = 0o600) throws(DurableError) {
        let temporary = Self.temporaryName(for: path)
        try fill(temporary, bytes, mode: mode, for: path)
        do throws(DurableError) {
            try take(.link, path) { Glibc.link(temporary, path) }
        } catch {
            tidy { unlink(temporary) }
            throw error
        }
        unlink(temporary)
        try flushDirectory(Self.directory(of: path))
    }

    /// Gives a flushed name to a file without one (``openUnnamed(in:)``), such as another process filled.
    ///
    /// Throws `file.exists` when the name is taken.
    public func link(_ descriptor: Int32, to path: String) throws(DurableError) {
        try take(.flush, path) { fsync(descriptor) }
        try take(.link, path) {
            linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW)
        }
        try flushDirectory(Self.directory(of: path))
    }

    /// Moves a file within the file system, replacing what is there.
    public func rename(_ path: String, to newPath: String) throws(DurableError) {
        try take(.rename, newPath) { Glibc.rename(path, newPath) }
        try flushDirectory(Self.directory(of: newPath))
        if Self.directory(of: path) != Self.directory(of: newPath) { try flushDirectory(Self.directory(of: path)) }
    }

    /// Makes a directory and, where missing, those above it. One that exists is left as it is.
    public func makeDirectory(_ path: String, mode: mode_t = 0o700) throws(DurableError) {
        if isDirectory(path) { return }
        let parent = Self.directory(of: path)
        if !isDirectory(parent) { try makeDirectory(parent, mode: mode) }
        do throws(DurableError) {
            try take(.makeDirectory, path) { mkdir(path, mode) }
        } catch {
            // Another process may have been first.
            guard error.code == .exists else { throw error }
            guard isDirectory(path) else { throw DurableError(.wrongKind, [path]) }
        }
        try flushDirectory(parent)
    }

    /// Removes a file, or an empty directory.
    public func remove(_ path: String) throws(DurableError) {
        let directory = isDirectory(path)
        try take(.remove, path) { directory ? rmdir(path) : unlink(path) }
        try flushDirectory(Self.directory(of: path))
    }

    /// Removes a directory of plain files that nobody needs any more, without flushing: a crash may bring it back.
    public func discard(directory path: String) {
        guard let names = try? names(in: path) else { return }
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// Cuts a file to a length and flushes it.
    public func truncate(_ path: String, toBytes length: Int) throws(DurableError) {
        let descriptor = try Self.open(path, O_WRONLY)
        defer { close(descriptor) }
        try take(.truncate, path) { ftruncate(descriptor, off_t(length)) }
        try take(.flush, path) { fsync(descriptor) }
    }

    /// Flushes the names in a directory.
    public func flushDirectory(_ path: String) throws(DurableError) {
        let descriptor = try Self.open(path, O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        try take(.flushDirectory, path) { fsync(descriptor) }
    }

    private func place(_ bytes: [UInt8], at path: String, mode: mode_t) throws(DurableError) {
        let temporary = Self.temporaryName(for: path)
        try fill(temporary, bytes, mode: mode, for: path)
        do throws(DurableError) {
            try take(.rename, path) { Glibc.rename(temporary, path) }
        } catch {
            tidy { unlink(temporary) }
            throw error
        }
    }

    /// A new, flushed temporary file; removed again when that fails. Errors name the file it is for.
    private func fill(
        _ temporary: String, _ bytes: [UInt8], mode: mode_t, for path: String
    ) throws(DurableError) {
        var descriptor: Int32 = -1
        try take(.createFile, path) {
            descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
            return descriptor
        }
        defer { close(descriptor) }
        do throws(DurableError) {
            try bytes.withBytes { bytes throws(DurableError) in try writeAll(bytes, to: descriptor, path: path) }
            try take(.flush, path) { fsync(descriptor) }
        } catch {
            tidy { unlink(temporary) }
            throw error
        }
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` that keeps the type of what is thrown.
    func withBytes<E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
        try withUnsafeBufferPointer { buffer throws(E) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}
