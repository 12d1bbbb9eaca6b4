// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import DurableFiles

/// Acknowledged entries that are not published yet: one record per append, each flushed before it is acknowledged.
///
/// Layout in Documentation/Formats/audit-log.md. Records fill whole sectors and no sector of a record without zeros in
/// its entries is all zero, so that an interrupted write can be told from an alteration.
struct WriteAheadFile: Sendable {
    struct Record {
        let first: UInt64
        let entries: [[UInt8]]
    }

    private static let magic: [UInt8] = Array("YNWL".utf8) + [1, 0, 0, 0]
    private static let sectorBytes = 512
    /// Fields, their checksum, the payload's checksum.
    private static let recordHeaderBytes = 64
    private static let filler: UInt8 = 0xFF

    private let file: AppendFile
    private let originDigest: Digest

    static func create(_ path: String, origin: String, files: DurableFiles) throws {
        try files.create(header(SHA256.hash(Array(origin.utf8))), at: path)
    }

    init(_ path: String, origin: String, files: DurableFiles) throws {
        guard files.exists(path) else { throw AuditError(.fileMissing, [path]) }
        file = try AppendFile(path, files: files)
        originDigest = SHA256.hash(Array(origin.utf8))
        let found = try file.read(offset: 0, count: Self.sectorBytes)
        guard found.count == Self.sectorBytes, found.starts(with: Self.magic.prefix(4)) else {
            throw AuditError(.pendingDamaged, [path, "0"])
        }
        guard found.starts(with: Self.magic) else { throw AuditError(.formatUnknown, [path]) }
        guard found == Self.header(originDigest) else { throw AuditError(.originMismatch, [origin]) }
    }

    var byteCount: Int { file.byteCount }

    func append(first: UInt64, entries: [[UInt8]]) throws {
        let payload = EntryBundle.bytes(entries)
        let fields = Self.fields(first: first, count: entries.count, payloadBytes: payload.count)
        try file.append(Self.padded(fields + headerSum(fields) + payloadSum(fields, payload[...]) + payload))
    }

    /// Forgets all records; they are published.
    func reset() throws {
        if file.byteCount > Self.sectorBytes { try file.truncate(toBytes: Self.sectorBytes) }
    }

    /// All records. A last one that was never flushed whole, and so never acknowledged, is cut off.
    ///
    /// Throws `log.pending-damaged` when an acknowledged record is altered.
    func recover() throws -> [Record] {
        let bytes = try file.read(offset: 0, count: file.byteCount)
        var records: [Record] = []
        var place = Self.sectorBytes
        while place < bytes.count {
            guard let (record, next) = parse(bytes, at: place) else {
                guard looksTorn(bytes, at: place) else {
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
        guard let fields = fields(bytes, at: place) else { return nil }
        let payloadStart = place + Self.recordHeaderBytes
        let payloadEnd = Self.payloadEnd(fields, at: place)
        let next = Self.sectorEnd(payloadEnd)
        guard next <= bytes.count, bytes[payloadEnd..<next].allSatisfy({ $0 == Self.filler }) else { return nil }
        let payload = bytes[payloadStart..<payloadEnd]
        guard bytes[(place + 32)..<payloadStart].elementsEqual(payloadSum(fields, payload)),
            let entries = EntryBundle.parse(Array(payload)), entries.count == Self.number(fields[8..<12])
        else { return nil }
        return (Record(first: Self.number(fields[0..<8]), entries: entries), next)
    }

    /// The fields of a record whose header is whole and unaltered.
    private func fields(_ bytes: [UInt8], at place: Int) -> [UInt8]? {
        guard place + Self.recordHeaderBytes <= bytes.count else { return nil }
        let fields = Array(bytes[place..<(place + 16)])
        return bytes[(place + 16)..<(place + 32)].elementsEqual(headerSum(fields)) ? fields : nil
    }

    /// Whether the bytes from here on are what an interrupted write leaves: a beginning, or sectors never written.
    ///
    /// A record that is all there and has another checksum was altered after it was acknowledged.
    private func looksTorn(_ bytes: [UInt8], at place: Int) -> Bool {
        if bytes.count - place < Self.sectorBytes { return true }
        if let fields = fields(bytes, at: place), Self.sectorEnd(Self.payloadEnd(fields, at: place)) > bytes.count {
            return true
        }
        return stride(from: place, to: bytes.count, by: Self.sectorBytes).contains { start in
            bytes[start..<min(start + Self.sectorBytes, bytes.count)].allSatisfy { $0 == 0 }
        }
    }

    private static func payloadEnd(_ fields: [UInt8], at place: Int) -> Int {
        place + recordHeaderBytes + Int(number(fields[12..<16]))
    }

    private static func sectorEnd(_ place: Int) -> Int { (place + sectorBytes - 1) / sectorBytes * sectorBytes }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: filler, count: sectorEnd(bytes.count) - bytes.count)
    }

    private static func header(_ originDigest: Digest) -> [UInt8] { padded(magic + originDigest.bytes) }

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
