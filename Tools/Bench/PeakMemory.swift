// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Largest resident size of this process since it began its program. Not from getrusage(2): that counts what the parent held when it
/// started the child.
struct PeakMemory {
    /// Opened before a process confines itself, since afterwards it opens nothing; what is read is written by the kernel when asked.
    let descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC)

    /// In KiB; nil where the kernel does not tell.
    var kibibytes: Int? {
        let text = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer -> String? in
            let count = pread(descriptor, buffer.baseAddress, buffer.count, 0)
            return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
        }
        let line = text?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.dropFirst(6).drop { $0 == " " || $0 == "\t" }.prefix { $0.isNumber }) }
    }
}
