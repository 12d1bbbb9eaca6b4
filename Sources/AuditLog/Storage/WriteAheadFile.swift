// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import DurableFiles

/// Acknowledged entries that are not published yet: one record per append, each flushed before it is acknowledged.
///
/// Layout in Documentation/Formats/audit-log.md. Numbers are big-endian.
struct WriteAheadFile: Sendable {
    struct Record {
        let first: UInt64
        let entries: [[UInt8]]
    }

    private static let magic: [UInt8] = Array("YNWL".utf8) + [1, 0, 0, 0]
    static let headerBytes = 40
    private static let recordHeaderBytes = 32
    private static let sectorBytes = 512

    private let file: AppendFile
    private let originDigest: Digest

    static func create(_ path: String, origin: String, files: DurableFiles) throws {
        try files.create(magic + SHA256.hash(Array(origin.utf8)).bytes, at: path)
    }

    init(_ path: String, origin: String, files: DurableFiles) throws {
        guard files.exists(path) else { throw AuditError(.fileMissing, [path]) }
        file = try AppendFile(path, files: files)
        originDigest = SHA256.hash(Array(origin.utf8))
        let header = try file.read(offset: 0, count: Self.headerBytes)
        guard header.count == Self.headerBytes, header.starts(with: Self.magic.prefix(4)) else {
            throw AuditError(.pendingDamaged, [path, "0"])
        }
        guard header.starts(with: Self.magic) else { throw AuditError(.formatUnknown, [path]) }
        guard header[8...].elementsEqual(originDigest.bytes) else { throw AuditError(.originMismatch, [origin]) }
    }

    var byteCount: Int { file.byteCount }

    func append(first: UInt64, entries: [[UInt8]]) throws {
        let payload = EntryBundle.bytes(entries)
        let fields = Self.fields(first: first, count: entries.count, payloadBytes: payload.count)
        try file.append(fields + headerSum(fields) + payload + payloadSum(fields, payload[...]))
    }

    /// Forgets all records; they are published.
    func reset() throws {
        if file.byteCount > Self.headerBytes { try file.truncate(toBytes: Self.headerBytes) }
    }

    /// All records. A last one that was never flushed whole, and so never acknowledged, is cut off.
    ///
    /// Throws `log.pending-damaged` when an acknowledged record is altered.
    func recover() throws -> [Record] {
        let bytes = try file.read(offset: 0, count: file.byteCount)
        var records: [Record] = []
        var place = Self.headerBytes
        while place < bytes.count {
            guard let (record, next) = parse(bytes, at: place) else {
                guard Self.looksTorn(bytes, at: place) else {
                    throw AuditError(.pendingDamaged, [file.path, String(place)])
                }
                try file.truncate(toBytes: place)
                break
            }
            records.append(record)
            place = next
        }
        return records
    }

    private func parse(_ bytes: [UInt8], at place: Int) -> (Record, next: Int)? {
        let payloadStart = place + Self.recordHeaderBytes
        guard payloadStart <= bytes.count else { return nil }
        let fields = Array(bytes[place..<(place + 16)])
        guard bytes[(place + 16)..<payloadStart].elementsEqual(headerSum(fields)) else { return nil }
        let count = Self.number(fields[8..<12])
        let payloadEnd = payloadStart + Int(Self.number(fields[12..<16]))
        guard payloadEnd + 32 <= bytes.count else { return nil }
        let payload = bytes[payloadStart..<payloadEnd]
        guard bytes[payloadEnd..<(payloadEnd + 32)].elementsEqual(payloadSum(fields, payload)),
            let entries = EntryBundle.parse(Array(payload)), entries.count == count
        else { return nil }
        return (Record(first: Self.number(fields[0..<8]), entries: entries), payloadEnd + 32)
    }

    /// Whether the bytes from here on are what an interrupted write leaves: a beginning, or sectors never written.
    ///
    /// A record that is whole and has another checksum was altered after it was acknowledged.
    private static func looksTorn(_ bytes: [UInt8], at place: Int) -> Bool {
        guard let end = claimedEnd(bytes, at: place), end <= bytes.count else { return true }
        var start = place
        while start < bytes.count {
            let next = min((start / sectorBytes + 1) * sectorBytes, bytes.count)
            // A few zeros prove nothing: only whole sectors, or a whole record, count as never written.
            if (next - start == sectorBytes || next - start == bytes.count - place)
                && bytes[start..<next].allSatisfy({ $0 == 0 })
            {
                return true
            }
            start = next
        }
        return false
    }

    /// Where the record says it ends; nil when not even its header is there.
    private static func claimedEnd(_ bytes: [UInt8], at place: Int) -> Int? {
        guard place + recordHeaderBytes <= bytes.count else { return nil }
        return place + recordHeaderBytes + Int(number(bytes[(place + 12)..<(place + 16)])) + 32
    }

    private func headerSum(_ fields: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(Array("record".utf8) + originDigest.bytes + fields).bytes.prefix(16))
    }

    private func payloadSum(_ fields: [UInt8], _ payload: ArraySlice<UInt8>) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(originDigest)
        hasher.update(fields)
        payload.withUnsafeBytes { hasher.update($0) }
        return hasher.finish().bytes
    }

    private static func fields(first: UInt64, count: Int, payloadBytes: Int) -> [UInt8] {
        withUnsafeBytes(of: first.bigEndian) { Array($0) }
            + withUnsafeBytes(of: UInt32(count).bigEndian) { Array($0) }
            + withUnsafeBytes(of: UInt32(payloadBytes).bigEndian) { Array($0) }
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
