// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Synchronization

/// Room for rows of one job that do not fit memory: one sealed file that only this process can read. Its key is made here, never leaves
/// this object and goes with it. Each chunk is sealed with a number of its own, so none can stand for another.
///
/// Documentation/Formats/spill-file.md is the layout.
public final class SealedSpill: Sendable {
    /// Bytes behind the content of a chunk.
    public static let sealBytes = Tag.byteCount
    static let magic = Array("YNSR".utf8)
    static let name = "spill"

    private let descriptor: Int32
    private let keys: BlockKeys
    private let limitBytes: Int
    private let next: Mutex<(number: Int, offset: Int)>

    /// A chunk's place.
    public struct Place: Sendable {
        public let number: Int
        public let offset: Int
        public let byteCount: Int
        public let rows: Int

        public init(number: Int, offset: Int, byteCount: Int, rows: Int) {
            self.number = number
            self.offset = offset
            self.byteCount = byteCount
            self.rows = rows
        }
    }

    /// Begins an empty file. Throws `store.spill-no-space` or `store.spill-failed`.
    public convenience init(_ descriptor: Int32) throws(StoreError) { try self.init(descriptor, ceilings: Limits.Ceilings()) }

    package init(_ descriptor: Int32, ceilings: Limits.Ceilings) throws(StoreError) {
        self.descriptor = descriptor
        limitBytes = ceilings.spillBytes
        do {
            let writer = try SealedFileWriter(
                descriptor, name: Self.name, magic: Self.magic, key: SecretKey.random(), context: Self.magic, random: .system,
                isDigested: false)
            keys = writer.keys
            next = Mutex((0, writer.byteCount))
        } catch { throw Self.told(error) }
    }

    /// For one thread.
    public func makeChannel() -> Channel { Channel(self) }

    private func take(_ byteCount: Int, _ rows: Int) -> Place? {
        let limit = limitBytes
        return next.withLock { next in
            let (end, overflow) = next.offset.addingReportingOverflow(byteCount + Self.sealBytes)
            guard !overflow, end <= limit else { return nil }
            defer { next = (next.number + 1, end) }
            return Place(number: next.number, offset: next.offset, byteCount: byteCount, rows: rows)
        }
    }

    private static func told(_ error: StoreError) -> StoreError { StoreError(error.code == .noSpace ? .spillNoSpace : .spillFailed) }

    /// Seals and opens chunks, for one thread.
    public final class Channel {
        private let file: SealedSpill
        private let sealing: SealingContext
        private let opener: SealedFileOpener

        fileprivate init(_ file: SealedSpill) {
            self.file = file
            sealing = file.keys.makeContext()
            opener = SealedFileOpener(descriptor: file.descriptor, keys: file.keys)
        }

        /// Seals `count` bytes in place and writes them; there is room for `sealBytes` behind them. Nil when the file would become longer
        /// than `Limits.spillBytes`. Throws `store.spill-no-space` when the disk is full, `store.spill-failed`.
        public func write(_ memory: UnsafeMutableRawPointer, count: Int, rows: Int) throws(StoreError) -> Place? {
            guard let place = file.take(count, rows) else { return nil }
            let bound = SealedSpill.bound(place)
            do throws(CryptoError) {
                let tag = try sealing.seal(
                    UnsafeRawBufferPointer(start: memory, count: count), into: UnsafeMutableRawBufferPointer(start: memory, count: count),
                    nonce: file.keys.nonce(block: bound.nonceNumber), associated: bound.associated(byteCount: count))
                tag.withUnsafeBytes { bytes in
                    if let from = bytes.baseAddress { (memory + count).copyMemory(from: from, byteCount: bytes.count) }
                }
            } catch { throw StoreError(.spillFailed) }
            do throws(StoreError) {
                try Descriptor.write(
                    file.descriptor, memory, count: count + SealedSpill.sealBytes, at: place.offset, name: SealedSpill.name)
            } catch { throw SealedSpill.told(error) }
            return place
        }

        /// Reads `byteCount` + `sealBytes` bytes and opens them in place. Throws `store.spill-altered` when they are not what was sealed
        /// for this place.
        public func read(_ place: Place, into memory: UnsafeMutableRawPointer) throws(StoreError) {
            guard opener.open(into: memory, count: place.byteCount, at: place.offset, place: SealedSpill.bound(place)) else {
                throw StoreError(.spillAltered)
            }
        }
    }

    private static func bound(_ place: Place) -> SealedFile.Place {
        SealedFile.Place(role: .data, index: place.number, rows: place.rows, isLast: false)
    }
}
