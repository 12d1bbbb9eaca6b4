// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Tabular

/// One column file that was checked against the manifest and its key.
struct StoredFile: Sendable {
    let entry: Manifest.File
    let table: String
    let descriptor: Int32
    let keys: BlockKeys
    /// Where each data block begins, and behind them the dictionary and the zones.
    let offsets: [Int]

    init(_ entry: Manifest.File, _ file: OpenedFile, of manifest: Manifest) throws(StoreError) {
        self.entry = entry
        table = manifest.identity.table
        descriptor = file.descriptor
        let name = entry.column.name
        guard let length = Descriptor.length(file.descriptor) else { throw StoreError(.readFailed, [name]) }
        guard length == entry.byteCount else { throw StoreError(.fileAltered, [table, name]) }
        let context = Self.context(manifest.identity, entry.column, entry.type)
        switch SealedFileOpener.readHeader(file.descriptor, magic: SealedFile.columnMagic, key: file.key, context: context) {
        case .keys(let keys): self.keys = keys
        case .malformed: throw StoreError(.fileAltered, [table, name])
        case .unknownVersion: throw StoreError(.formatUnknown, [name])
        case .wrongKey: throw StoreError(.wrongKey, [table, name])
        }
        guard CryptoSuites.equalInConstantTime(keys.commitment, entry.commitment) else { throw StoreError(.fileAltered, [table, name]) }
        var offsets = [SealedFile.headerBytes]
        for bytes in entry.blockBytes + [entry.dictionaryBytes].compactMap({ $0 }) {
            offsets.append((offsets.last ?? 0) + bytes + Tag.byteCount)
        }
        self.offsets = offsets
    }

    static func context(_ identity: TableIdentity, _ column: StoredColumn, _ type: LogicalType) -> [UInt8] {
        identity.context("yunei/column-file@v1", [column.kindName, column.name, type.name])
    }

    func altered(_ block: String) -> StoreError { StoreError(.blockAltered, [table, entry.column.name, block]) }

    func readDictionary(byteCount: Int, _ arena: ConfidentialArena) throws(StoreError) -> TextDictionary {
        guard let memory = arena.allocate(bytes: byteCount + Tag.byteCount) else { throw StoreError(.outOfMemory) }
        let opener = SealedFileOpener(descriptor: descriptor, keys: keys)
        let place = SealedFile.Place(role: .dictionary, index: 0, rows: 0, isLast: true)
        guard opener.open(into: memory, count: byteCount, at: offsets[entry.blockBytes.count], place: place), byteCount >= 8 else {
            throw altered("dictionary")
        }
        let count = Int(UInt32(littleEndian: UnsafeRawPointer(memory).get(UInt32.self, at: 0)))
        let bytesStart = 4 + (count + 1) * 4
        guard count <= Limits.dictionaryEntries, bytesStart <= byteCount else { throw altered("dictionary") }
        let offsets = memory.array(UInt32.self, at: 4)
        guard offsets[0] == 0, (0..<count).allSatisfy({ offsets[$0] <= offsets[$0 + 1] }),
            bytesStart + Int(offsets[count]) == byteCount
        else { throw altered("dictionary") }
        return TextDictionary(
            count: count, offsets: UnsafePointer(offsets), bytes: UnsafePointer(memory.array(UInt8.self, at: bytesStart)), isLasting: true,
            arena: arena)
    }

    func readZones(blockCount: Int) throws(StoreError) -> [Zone] {
        guard entry.zonesBytes == blockCount * Zone.byteCount else { throw altered("zones") }
        let memory = try GrowingMemory(bytes: entry.zonesBytes + Tag.byteCount)
        let opener = SealedFileOpener(descriptor: descriptor, keys: keys)
        let place = SealedFile.Place(role: .zones, index: 0, rows: blockCount, isLast: true)
        guard opener.open(into: memory.start, count: entry.zonesBytes, at: offsets.last ?? 0, place: place) else {
            throw altered("zones")
        }
        return (0..<blockCount).map { Zone(reading: UnsafeRawPointer(memory.start + $0 * Zone.byteCount)) }
    }
}

extension Zone {
    /// NULL count (4 bytes), 1 when there are bounds (4 bytes), least and greatest (16 bytes each).
    init(reading memory: UnsafeRawPointer) {
        nullCount = Int(UInt32(littleEndian: memory.get(UInt32.self, at: 0)))
        let hasBounds = UInt32(littleEndian: memory.get(UInt32.self, at: 4)) == 1
        bounds = hasBounds ? (memory.get(Int128.self, at: 8), memory.get(Int128.self, at: 24)) : nil
    }

    func write(to memory: UnsafeMutableRawPointer) {
        memory.put(UInt32(nullCount).littleEndian, at: 0)
        memory.put(UInt32(bounds == nil ? 0 : 1).littleEndian, at: 4)
        (memory + 8).copyBytes(bounds?.least ?? 0)
        (memory + 24).copyBytes(bounds?.greatest ?? 0)
    }
}

extension UnsafeMutableRawPointer {
    /// Stores at any alignment.
    func copyBytes<T: BitwiseCopyable>(_ value: T) {
        withUnsafeBytes(of: value) { bytes in
            if let start = bytes.baseAddress { copyMemory(from: start, byteCount: bytes.count) }
        }
    }
}
