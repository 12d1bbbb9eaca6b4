// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A text file written in large pieces.
final class CSVFile {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var failed = false
    private static let pieceBytes = 1 << 20

    /// Nil when the file cannot be created; `errno` says why.
    init?(creating path: String) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return nil }
        buffer.reserveCapacity(Self.pieceBytes + 4096)
    }

    func append(_ text: StaticString) {
        buffer.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func append(_ bytes: [UInt8]) { buffer.append(contentsOf: bytes) }

    /// Decimal digits, with leading zeros up to `width`.
    func append(_ number: Int, width: Int = 1) {
        var digits = (UInt64(0), UInt64(0), UInt64(0))
        withUnsafeMutableBytes(of: &digits) { place in
            var rest = number
            var start = place.count
            repeat {
                start -= 1
                place[start] = UInt8(truncatingIfNeeded: 48 + rest % 10)
                rest /= 10
            } while rest > 0 || place.count - start < width
            buffer.append(contentsOf: place[start...])
        }
    }

    /// A person's number, which belongs to nobody: two letters and nine digits, every person another one. The multiplier is a unit
    /// modulo the prime, so that the numbers differ and do not stand in order.
    func append(person: Int, seed: UInt64) {
        append("YZ")
        append((person * 48_271 + Int(seed % 1000)) % 999_999_937, width: 9)
    }

    func comma() { buffer.append(0x2C) }

    func endLine() {
        buffer.append(0x0A)
        if buffer.count >= Self.pieceBytes { flush() }
    }

    /// False when any write failed.
    func close() -> Bool {
        flush()
        return Glibc.close(descriptor) == 0 && !failed
    }

    private func flush() {
        var start = 0
        while start < buffer.count && !failed {
            let written = buffer.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: start), $0.count - start) }
            if written > 0 { start += written } else if errno != EINTR { failed = true }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
