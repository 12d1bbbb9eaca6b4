// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reading whole small files that a person or the domain names.
public enum InputFile {
    /// The bytes of a file. Throws `file.unreadable` or `file.too-large` with the path.
    public static func read(_ path: String, limitBytes: Int) throws(ControlError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ControlError(.fileUnreadable, path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, name: path, limitBytes: limitBytes)
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
