// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import CryptoSuites
import Glibc
import Testing

/// Rows that a job puts aside: they come back as they were or not at all.
@Suite struct SealedSpillTests {
    private static let canary = Array("CANARY-PERSON-7731".utf8)

    /// Memory for one chunk.
    private final class Room {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 4_096, alignment: 64)
        deinit { memory.deallocate() }

        func write(_ content: [UInt8], _ channel: SealedSpill.Channel, rows: Int = 3) throws -> SealedSpill.Place? {
            memory.copyMemory(from: content, byteCount: content.count)
            return try channel.write(memory, count: content.count, rows: rows)
        }

        func read(_ place: SealedSpill.Place, _ channel: SealedSpill.Channel) throws -> [UInt8] {
            try channel.read(place, into: memory)
            return [UInt8](UnsafeRawBufferPointer(start: memory, count: place.byteCount))
        }
    }

    private static func content(_ number: Int) -> [UInt8] { canary + [UInt8](repeating: UInt8(number), count: 100 + number) }

    /// A file of four chunks of two channels.
    private static func written(_ file: NamelessFile, _ room: Room) throws -> (SealedSpill, [SealedSpill.Place]) {
        let spill = try SealedSpill(file.descriptor)
        let channels = [spill.makeChannel(), spill.makeChannel()]
        var places: [SealedSpill.Place] = []
        for number in 0..<4 { places.append(try #require(try room.write(content(number), channels[number % 2]))) }
        return (spill, places)
    }

    @Test func comesBackAsItWas() throws {
        let file = NamelessFile(), room = Room()
        let (spill, places) = try Self.written(file, room)
        let channel = spill.makeChannel()
        for (number, place) in places.enumerated().reversed() { #expect(try room.read(place, channel) == Self.content(number)) }
        let nothing = try #require(try room.write([], channel, rows: 7))
        #expect(try room.read(nothing, channel) == [])
    }

    @Test func holdsNoPlaintextAndNoKeyTwice() throws {
        let (one, other) = (NamelessFile(), NamelessFile()), room = Room()
        _ = try Self.written(one, room)
        _ = try Self.written(other, room)
        #expect(one.bytes.count == 64 + (0..<4).reduce(0) { $0 + Self.content($1).count + SealedSpill.sealBytes })
        #expect(one.bytes.starts(with: Array("YNSR".utf8) + [1, 0, 0, 0]))
        #expect(!one.bytes.contains(Self.canary))
        #expect(one.bytes[64...] != other.bytes[64...])
        // Sealing happens in place: what was read from is spoiled.
        #expect(![UInt8](UnsafeRawBufferPointer(start: room.memory, count: 200)).contains(Self.canary))
    }

    @Test func everyAlteredByteIsNoticed() throws {
        let file = NamelessFile(), room = Room()
        let (spill, places) = try Self.written(file, room)
        let channel = spill.makeChannel(), bytes = file.bytes
        for offset in places[1].offset..<(places[1].offset + places[1].byteCount + SealedSpill.sealBytes) {
            var altered = bytes
            altered[offset] ^= 1
            file.write(altered)
            #expect(throws: StoreError(.spillAltered)) { try room.read(places[1], channel) }
        }
        file.write(bytes)
        #expect(try room.read(places[1], channel) == Self.content(1))
    }

    @Test func shortenedAndExchangedChunksAreNoticed() throws {
        let file = NamelessFile(), room = Room()
        let (spill, places) = try Self.written(file, room)
        let channel = spill.makeChannel(), bytes = file.bytes
        file.write(Array(bytes.dropLast()))
        #expect(throws: StoreError(.spillAltered)) { try room.read(places[3], channel) }
        // Chunks of equal length under each other's number, count of rows, or place.
        let twin = try #require(try room.write(Self.content(3), channel))
        file.write(bytes + file.bytes.suffix(twin.byteCount + SealedSpill.sealBytes))
        func place(_ number: Int, _ offset: Int, rows: Int = 3) -> SealedSpill.Place {
            SealedSpill.Place(number: number, offset: offset, byteCount: twin.byteCount, rows: rows)
        }
        #expect(try room.read(place(3, places[3].offset), channel) == Self.content(3))
        #expect(throws: StoreError(.spillAltered)) { try room.read(place(3, twin.offset), channel) }
        #expect(throws: StoreError(.spillAltered)) { try room.read(place(4, places[3].offset), channel) }
        #expect(throws: StoreError(.spillAltered)) { try room.read(place(3, places[3].offset, rows: 4), channel) }
        // Another process's file in its stead.
        let other = NamelessFile()
        _ = try Self.written(other, room)
        file.write(other.bytes)
        #expect(throws: StoreError(.spillAltered)) { try room.read(places[3], channel) }
    }

    @Test func asLongAsTheLimitAndNoLonger() throws {
        let room = Room()
        var ceilings = Limits.Ceilings()
        #expect(ceilings.spillBytes == Limits.spillBytes)
        ceilings.spillBytes = 64 + 100 + SealedSpill.sealBytes
        let file = NamelessFile()
        let channel = try SealedSpill(file.descriptor, ceilings: ceilings).makeChannel()
        #expect(try room.write([UInt8](repeating: 1, count: 101), channel) == nil)
        let place = try #require(try room.write([UInt8](repeating: 1, count: 100), channel))
        #expect(try room.write([], channel) == nil)
        #expect(try room.read(place, channel) == [UInt8](repeating: 1, count: 100))
    }

    @Test func fullDisksAndBrokenOnes() throws {
        let full = open("/dev/full", O_RDWR), closed = open("/dev/null", O_RDONLY)
        defer {
            close(full)
            close(closed)
        }
        #expect(throws: StoreError(.spillNoSpace)) { try SealedSpill(full) }
        #expect(throws: StoreError(.spillFailed)) { try SealedSpill(closed) }
        // Full after a while.
        let file = NamelessFile(), room = Room()
        let channel = try SealedSpill(file.descriptor).makeChannel()
        #expect(dup2(full, file.descriptor) == file.descriptor)
        #expect(throws: StoreError(.spillNoSpace)) { try room.write([1], channel) }
    }
}
