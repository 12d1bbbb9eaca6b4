// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Glibc
import Testing

/// Short secrets share locked pages between guard pages; none sees what another left.
@Suite struct SecretSlotsTests {
    private static func address(_ key: SecretKey) -> UInt { key.withBytes { UInt(bitPattern: $0.baseAddress) } }

    /// In processes of their own, since in this one other tests make keys.
    @Test func releasedKeysAreOverwritten() async {
        await #expect(processExitsWith: .success) {
            var keys = (0..<1000).map { SecretKey.random(from: RandomBytes(seed: UInt64($0))) }
            #expect(Set(keys.map(\.id)).count == 1000)
            let places = Set(keys.map(Self.address))
            #expect(places.count == 1000)
            keys = []
            for place in places {
                let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: place), count: SecretKey.byteCount)
                #expect(bytes.allSatisfy { $0 == 0 })
            }
            // The next ones lie in the same slots.
            keys = (0..<1000).map { SecretKey.random(from: RandomBytes(seed: UInt64($0))) }
            #expect(Set(keys.map(Self.address)) == places)
        }
    }

    @Test func pagesAreLockedAndGuarded() async {
        await #expect(processExitsWith: .success) {
            let keys = (0..<300).map { _ in SecretKey.random() }
            #expect(CryptoSuites.keysAreLocked)
            let maps = Self.mappings()
            for key in keys {
                let place = Self.address(key)
                guard let own = maps.firstIndex(where: { $0.range.contains(place) }), own > 0, own + 1 < maps.count else { exit(3) }
                #expect(maps[own].flags.contains("lo") && maps[own].flags.contains("dd"))
                for (neighbour, isTouching) in [
                    (maps[own - 1], maps[own - 1].range.upperBound == maps[own].range.lowerBound),
                    (maps[own + 1], maps[own + 1].range.lowerBound == maps[own].range.upperBound),
                ] { #expect(isTouching && !neighbour.flags.contains("rd") && !neighbour.flags.contains("wr")) }
            }
        }
    }

    /// At the largest slot and above: keys one after the other, as they go to another process.
    @Test(arguments: [1, 2, 3, 7, 8, 9, 100]) func longerSecretsKeepTheirBytes(count: Int) throws {
        let keys = (0..<count).map { SecretKey.random(from: RandomBytes(seed: UInt64(40 + $0))) }
        let buffers = (0..<70).map { _ in LockedBuffer(concatenating: keys) }
        for buffer in buffers { #expect(try buffer.keys().map(\.id) == keys.map(\.id)) }
    }

    @Test func threadsDoNotShareSlots() async {
        let parent = SecretKey.random(from: RandomBytes(seed: 3))
        let expected = (0..<50).map { parent.derive("k", [UInt8($0)]).id }
        let wrong = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<40).count { _ in (0..<50).map { parent.derive("k", [UInt8($0)]) }.map(\.id) != expected }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }

    private static func mappings() -> [(range: Range<UInt>, flags: [Substring])] {
        let descriptor = open("/proc/self/smaps", O_RDONLY)
        defer { close(descriptor) }
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        var found: [(range: Range<UInt>, flags: [Substring])] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            let ends = words.first?.split(separator: "-").compactMap { UInt($0, radix: 16) } ?? []
            if ends.count == 2 { found.append((ends[0]..<ends[1], [])) }
            if line.hasPrefix("VmFlags:"), !found.isEmpty { found[found.count - 1].flags = Array(words.dropFirst()) }
        }
        return found
    }
}
