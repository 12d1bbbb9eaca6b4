// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Glibc
import Synchronization
import Tabular

/// Digests of open files.
enum FileDigest {
    /// As `of(_:)` for each file, on several threads.
    static func of(each descriptors: [Int32], threads: Int) throws(ControlError) -> [Digest] {
        let digests = Mutex([Digest?](repeating: nil, count: descriptors.count))
        try Workers.run(threads, each: descriptors.count) { (position) throws(ControlError) in
            let digest = try of(descriptors[position])
            digests.withLock { $0[position] = digest }
        }
        return digests.withLock { $0.compactMap { $0 } }
    }

    /// SHA-256 from the start to the end, whatever the position.
    static func of(_ descriptor: Int32) throws(ControlError) -> Digest {
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var offset: off_t = 0
        while true {
            let count = pread(descriptor, &buffer, buffer.count, offset)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw ControlError(.fileUnreadable, "staging", String(cString: strerror(errno))) }
            if count == 0 { return hash.finish() }
            buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[0..<count])) }
            offset += off_t(count)
        }
    }
}
