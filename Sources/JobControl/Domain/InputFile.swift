// SPDX-License-Identifier: Apache-2.0

import Glibc
import WireContract

/// Reading whole small files that a person or the domain names.
public enum InputFile {
    /// The bytes of a file. Throws `file.unreadable` or `file.too-large` with the path.
    public static func read(_ path: String, limitBytes: Int) throws(ControlError) -> [UInt8] {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ControlError(.fileUnreadable, path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, name: path, limitBytes: limitBytes)
    }

    /// Opens a regular file for an executor to read. Throws `input.unreadable` with the path.
    static func open(_ path: String) throws(ControlError) -> OwnedDescriptor {
        // Opening a pipe would wait for its other end.
        let number = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { throw ControlError(.fileUnreadable, path, String(cString: strerror(errno))) }
        let descriptor = OwnedDescriptor(number)
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ControlError(.fileUnreadable, path, "no regular file")
        }
        // The system reads further ahead; whoever gets the descriptor profits.
        posix_fadvise(number, 0, 0, POSIX_FADV_SEQUENTIAL)
        return descriptor
    }

    /// The bytes of an open file from its start.
    static func read(descriptor: Int32, name: String, limitBytes: Int) throws(ControlError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw ControlError(.fileUnreadable, name, String(cString: strerror(errno))) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[0..<count])
            guard bytes.count <= limitBytes else { throw ControlError(.fileTooLarge, name, String(limitBytes)) }
        }
    }
}

/// Places where a person wants a file to be written, looked at before work begins that would be in vain.
public enum OutputFile {
    /// Throws `output.unwritable` when no file can be made or replaced at the path.
    public static func requirePlace(_ path: String) throws(ControlError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw ControlError(.outputUnwritable, path, String(cString: strerror(EISDIR)))
        }
        let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard access(directory, W_OK | X_OK) == 0 else {
            throw ControlError(.outputUnwritable, path, String(cString: strerror(errno)))
        }
    }
}
