// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Glibc
import Tabular

/// The bytes that column files and entity directories share: a header, then sealed blocks that are bound to their place.
///
/// Header, 64 bytes: magic (4), format version (1), three zero bytes, salt (24), commitment (32). A sealed block is its
/// ciphertext followed by its tag. Associated data of a block: role, index, plaintext length, row count, last flag.
enum SealedFile {
    static let headerBytes = 64
    static let formatVersion: UInt8 = 1
    static let columnMagic = Array("YNCL".utf8)
    static let directoryMagic = Array("YNED".utf8)

    /// What a block is for. Each role has its own range of block numbers, so that no nonce repeats.
    enum Role: UInt8 {
        case data = 0
        case dictionary = 1
        case zones = 2
    }

    /// Where a sealed block belongs.
    struct Place {
        let role: Role
        let index: Int
        let rows: Int
        let isLast: Bool

        var nonceNumber: UInt64 { UInt64(role.rawValue) << 56 | UInt64(index) }

        func associated(byteCount: Int) -> [UInt8] {
            var bytes: [UInt8] = [role.rawValue, isLast ? 1 : 0]
            for number in [index, byteCount, rows] {
                withUnsafeBytes(of: UInt64(number).bigEndian) { bytes.append(contentsOf: $0) }
            }
            return bytes
        }
    }

    static func header(_ magic: [UInt8], salt: [UInt8], commitment: [UInt8]) -> [UInt8] {
        magic + [formatVersion, 0, 0, 0] + salt + commitment
    }
}

/// Writes one sealed file front to back and digests it on the way.
final class SealedFileWriter {
    let name: String
    let commitment: [UInt8]
    let keys: BlockKeys
    private let descriptor: Int32
    private let sealing: SealingContext
    private let isDigested: Bool
    private var hash = SHA256()
    private(set) var byteCount = 0

    init(
        _ descriptor: Int32, name: String, magic: [UInt8], key: SecretKey, context: [UInt8], random: RandomBytes,
        isDigested: Bool = true
    ) throws(StoreError) {
        self.descriptor = descriptor
        self.isDigested = isDigested
        self.name = name
        let salt = BlockKeys.salt(from: random)
        do { keys = try BlockKeys.derive(inputKey: key, salt: salt, context: context) } catch { throw StoreError(.cryptography, [name]) }
        commitment = keys.commitment
        sealing = keys.makeContext()
        let header = SealedFile.header(magic, salt: salt, commitment: commitment)
        try Descriptor.write(descriptor, header, at: 0, name: name)
        hash.update(header)
        byteCount = header.count
    }

    /// Bytes in front of a block that are not sealed but bound as associated data by the caller.
    func writePlain(_ bytes: [UInt8]) throws(StoreError) {
        try Descriptor.write(descriptor, bytes, at: byteCount, name: name)
        hash.update(bytes)
        byteCount += bytes.count
    }

    /// Seals `memory` in place: it holds `count` plaintext bytes and room for the tag behind them.
    func write(_ memory: UnsafeMutableRawPointer, count: Int, place: SealedFile.Place) throws(StoreError) {
        let plain = UnsafeRawBufferPointer(start: memory, count: count)
        let output = UnsafeMutableRawBufferPointer(start: memory, count: count)
        do throws(CryptoError) {
            let tag = try sealing.seal(
                plain, into: output, nonce: keys.nonce(block: place.nonceNumber), associated: place.associated(byteCount: count))
            tag.withUnsafeBytes { bytes in
                if let from = bytes.baseAddress { (memory + count).copyMemory(from: from, byteCount: bytes.count) }
            }
        } catch { throw StoreError(.cryptography, [name]) }
        let sealedCount = count + Tag.byteCount
        try Descriptor.write(descriptor, memory, count: sealedCount, at: byteCount, name: name)
        if isDigested { hash.update(UnsafeRawBufferPointer(start: memory, count: sealedCount)) }
        byteCount += sealedCount
    }

    /// Digest of the whole file; nothing may be written afterwards.
    func finish() -> Digest { hash.finish() }
}

/// Opens blocks of one sealed file. For one thread; `BlockKeys` are shared.
struct SealedFileOpener {
    let descriptor: Int32
    let keys: BlockKeys
    private let sealing: SealingContext

    init(descriptor: Int32, keys: BlockKeys) {
        self.descriptor = descriptor
        self.keys = keys
        sealing = keys.makeContext()
    }

    /// Reads `count` + tag bytes into `memory` and opens them in place; false when they are not what was sealed for this place.
    func open(into memory: UnsafeMutableRawPointer, count: Int, at offset: Int, place: SealedFile.Place) -> Bool {
        let started = PhaseClock.now()
        defer { PhaseClock.add(.decrypt, since: started) }
        guard Descriptor.read(descriptor, into: memory, count: count + Tag.byteCount, at: offset),
            let tag = Tag(bytes: UnsafeRawBufferPointer(start: memory + count, count: Tag.byteCount))
        else { return false }
        do throws(CryptoError) {
            try sealing.open(
                UnsafeRawBufferPointer(start: memory, count: count), tag: tag,
                into: UnsafeMutableRawBufferPointer(start: memory, count: count),
                nonce: keys.nonce(block: place.nonceNumber), associated: place.associated(byteCount: count))
            return true
        } catch { return false }
    }

    /// Reads and checks a header. Nil when it is not one of this kind; `wrongKey` when key or place differ.
    enum HeaderResult {
        case keys(BlockKeys)
        case malformed
        case unknownVersion
        case wrongKey
    }

    static func readHeader(_ descriptor: Int32, magic: [UInt8], key: SecretKey, context: [UInt8]) -> HeaderResult {
        var header = [UInt8](repeating: 0, count: SealedFile.headerBytes)
        let isRead = header.withUnsafeMutableBytes { memory in
            memory.baseAddress.map { Descriptor.read(descriptor, into: $0, count: SealedFile.headerBytes, at: 0) } ?? false
        }
        guard isRead, header.starts(with: magic) else { return .malformed }
        guard header[4] == SealedFile.formatVersion else { return .unknownVersion }
        guard header[5...7].allSatisfy({ $0 == 0 }) else { return .malformed }
        guard let keys = try? BlockKeys.derive(inputKey: key, salt: Array(header[8..<32]), context: context) else { return .malformed }
        return CryptoSuites.equalInConstantTime(keys.commitment, Array(header[32..<64])) ? .keys(keys) : .wrongKey
    }
}
