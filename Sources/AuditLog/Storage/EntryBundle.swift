// SPDX-License-Identifier: Apache-2.0

/// Up to 256 entries, each behind its length in two bytes, big-endian (C2SP tlog-tiles).
enum EntryBundle {
    static let longestBytes = 256 * (2 + AuditLog.Limits.entryBytes)

    static func bytes(_ entries: some Sequence<[UInt8]>) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
            bytes.append(UInt8(truncatingIfNeeded: entry.count))
            bytes.append(contentsOf: entry)
        }
        return bytes
    }

    /// Nil when the bytes do not end with an entry.
    static func parse(_ bytes: [UInt8]) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var place = 0
        while place < bytes.count {
            guard bytes.count - place >= 2 else { return nil }
            let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
            place += 2
            guard bytes.count - place >= length else { return nil }
            entries.append(Array(bytes[place..<(place + length)]))
            place += length
        }
        return entries
    }
}
