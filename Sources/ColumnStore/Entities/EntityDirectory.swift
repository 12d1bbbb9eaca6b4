// SPDX-License-Identifier: Apache-2.0

import CryptoSuites

/// A directory version to extend: what the log says of it, and its open file.
public struct DirectoryInput: Sendable {
    public let version: Int64
    public let digest: Digest
    public let descriptor: Int32

    public init(version: Int64, digest: Digest, descriptor: Int32) {
        self.version = version
        self.digest = digest
        self.descriptor = descriptor
    }
}

/// The numbering of one entity type: canonical identifiers in the order in which they were first seen, so that the place of an
/// identifier is its entity number. Append-only; each load writes the next version. Only loading ever opens it.
final class EntityDirectory {
    let type: String
    let version: Int64
    private let suite: String
    let interner: ByteInterner
    private let entitiesMaximum: Int

    private static let blockEntries = 65_536
    private static let prefixBytes = 4

    /// An empty directory, or the one that is to be extended.
    ///
    /// Throws `store.directory-altered` (digest, length or a block differs), `store.wrong-key`, `store.format-unknown`.
    init(
        type: String, suite: String, input: DirectoryInput?, key: SecretKey, hasher: SeededHash, entitiesMaximum: Int
    ) throws(StoreError) {
        self.entitiesMaximum = entitiesMaximum
        self.type = type
        self.suite = suite
        version = (input?.version ?? 0) + 1
        interner = try ByteInterner(hasher)
        if let input { try read(input, key) }
    }

    var count: Int { interner.count }
    var capacityBytes: Int { interner.capacityBytes }

    /// The number of a canonical identifier, the next free one if it is new. Throws `store.limit-exceeded`.
    func number(of identifier: UnsafeRawBufferPointer) throws(StoreError) -> UInt32 {
        try number(of: identifier, tag: interner.tag(identifier))
    }

    /// As `number(of:)`, with the tag that `interner` gave for the identifier.
    @inline(__always)
    func number(of identifier: UnsafeRawBufferPointer, tag: UInt32) throws(StoreError) -> UInt32 {
        guard let number = try interner.intern(identifier, tag: tag, limit: entitiesMaximum) else {
            throw StoreError(.limitExceeded, [type, String(entitiesMaximum)])
        }
        return number
    }

    /// Seals all identifiers as the next version and returns digest and length.
    func write(to descriptor: Int32, key: SecretKey, random: RandomBytes) throws(StoreError) -> (digest: Digest, byteCount: Int) {
        let writer = try SealedFileWriter(
            descriptor, name: type, magic: SealedFile.directoryMagic, key: key, context: Self.context(suite, type, version),
            random: random)
        let memory = try GrowingMemory(bytes: 4096)
        var first = 0
        var index = 0
        repeat {
            let entries = min(Self.blockEntries, count - first)
            try encode(first, entries, into: memory)
            let prefix = withUnsafeBytes(of: UInt32(memory.count).littleEndian) { [UInt8]($0) }
            try writer.writePlain(prefix)
            try memory.reserve(Tag.byteCount)
            first += entries
            let place = SealedFile.Place(role: .data, index: index, rows: 0, isLast: first == count)
            try writer.write(memory.start, count: memory.count, place: place)
            index += 1
        } while first < count
        return (writer.finish(), writer.byteCount)
    }

    /// Number of identifiers (4 bytes), the length of each (2 bytes), their bytes.
    private func encode(_ first: Int, _ entries: Int, into memory: GrowingMemory) throws(StoreError) {
        memory.count = 0
        try memory.reserve(4 + entries * (2 + Limits.identifierBytes) + Tag.byteCount)
        memory.start.put(UInt32(entries).littleEndian, at: 0)
        var place = 4 + entries * 2
        for entry in 0..<entries {
            let text = interner.heap.entry(UInt32(first + entry))
            memory.start.put(UInt16(text.count).littleEndian, at: 4 + entry * 2)
            if let start = text.baseAddress { (memory.start + place).copyMemory(from: start, byteCount: text.count) }
            place += text.count
        }
        memory.count = place
    }

    private static func context(_ suite: String, _ type: String, _ version: Int64) -> [UInt8] {
        TableIdentity(suite: suite, unit: "", table: "", version: version).context("yunei/entity-directory@v1", [type])
    }

    private var altered: StoreError { StoreError(.directoryAltered, [type]) }

    private func read(_ input: DirectoryInput, _ key: SecretKey) throws(StoreError) {
        guard let length = Descriptor.length(input.descriptor) else { throw StoreError(.readFailed, [type]) }
        guard try Self.digest(input.descriptor, length, type) == input.digest else { throw altered }
        let context = Self.context(suite, type, input.version)
        let keys: BlockKeys
        switch SealedFileOpener.readHeader(input.descriptor, magic: SealedFile.directoryMagic, key: key, context: context) {
        case .keys(let found): keys = found
        case .malformed: throw altered
        case .unknownVersion: throw StoreError(.formatUnknown, [type])
        case .wrongKey: throw StoreError(.wrongKey, [type, ""])
        }
        let opener = SealedFileOpener(descriptor: input.descriptor, keys: keys)
        let memory = try GrowingMemory(bytes: 4096)
        var offset = SealedFile.headerBytes
        var index = 0
        repeat {
            offset = try readBlock(opener, memory, index, offset, length)
            index += 1
        } while offset < length
    }

    private func readBlock(
        _ opener: SealedFileOpener, _ memory: GrowingMemory, _ index: Int, _ offset: Int, _ length: Int
    ) throws(StoreError) -> Int {
        memory.count = 0
        guard Descriptor.read(opener.descriptor, into: memory.start, count: Self.prefixBytes, at: offset) else { throw altered }
        let byteCount = Int(UInt32(littleEndian: UnsafeRawPointer(memory.start).get(UInt32.self, at: 0)))
        let end = offset + Self.prefixBytes + byteCount + Tag.byteCount
        guard byteCount >= 4, end <= length else { throw altered }
        try memory.reserve(byteCount + Tag.byteCount)
        let place = SealedFile.Place(role: .data, index: index, rows: 0, isLast: end == length)
        guard opener.open(into: memory.start, count: byteCount, at: offset + Self.prefixBytes, place: place) else { throw altered }
        let bytes = UnsafeRawPointer(memory.start)
        let entries = Int(UInt32(littleEndian: bytes.get(UInt32.self, at: 0)))
        var start = 4 + entries * 2
        guard entries <= Self.blockEntries, start <= byteCount else { throw altered }
        for entry in 0..<entries {
            let count = Int(UInt16(littleEndian: bytes.get(UInt16.self, at: 4 + entry * 2)))
            guard start + count <= byteCount else { throw altered }
            let before = interner.count
            let number = try number(of: UnsafeRawBufferPointer(start: bytes + start, count: count))
            guard Int(number) == before else { throw altered }
            start += count
        }
        guard start == byteCount else { throw altered }
        return end
    }

    private static func digest(_ descriptor: Int32, _ length: Int, _ name: String) throws(StoreError) -> Digest {
        let memory = try GrowingMemory(bytes: 1 << 20)
        var hash = SHA256()
        var offset = 0
        while offset < length {
            let count = min(memory.capacityBytes, length - offset)
            guard Descriptor.read(descriptor, into: memory.start, count: count, at: offset) else { throw StoreError(.readFailed, [name]) }
            hash.update(UnsafeRawBufferPointer(start: memory.start, count: count))
            offset += count
        }
        return hash.finish()
    }
}
