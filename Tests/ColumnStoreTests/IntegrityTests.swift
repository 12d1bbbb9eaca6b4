// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import CryptoSuites
import Tabular
import Testing

/// Every change of a stored byte, and every file in another place, is detected.
@Suite struct IntegrityTests {
    private static let csv = "id,person,cost\na,P1,1.50\nb,P2,\nc,,3.25\nd,P1,4.00\n"

    private static func readAll(_ load: Load) throws {
        _ = try load.rows()
        let table = try load.open()
        for file in load.openedFiles { _ = try table.boundsOfBlocks(file.column) }
    }

    @Test func everySingleByteCounts() throws {
        let load = try Workbench().load(Plans.visits(), Self.csv)
        try Self.readAll(load)
        for (planned, file) in zip(load.plan.files, load.outputs) where planned.kind != .directory {
            let original = file.bytes
            for place in original.indices {
                var changed = original
                changed[place] ^= 1 << UInt8(place % 8)
                file.write(changed)
                #expect(throws: StoreError.self, "\(planned.kind) \(planned.name) byte \(place)") { try Self.readAll(load) }
            }
            file.write(original)
        }
        try Self.readAll(load)
    }

    @Test func everyByteOfADirectoryCounts() throws {
        let bench = try Workbench()
        let load = try bench.load(Plans.visits(), Self.csv)
        let file = load.file(.directory, "person")
        let original = file.bytes
        let input = try load.directory("person")
        defer { withExtendedLifetime(load) {} }
        for place in original.indices {
            var changed = original
            changed[place] ^= 0x10
            file.write(changed)
            let honest = input
            // Also with the digest of the changed file: the seal itself must notice.
            let recomputed = DirectoryInput(version: 1, digest: SHA256.hash(changed), descriptor: file.descriptor)
            for input in [honest, recomputed] {
                #expect(throws: StoreError.self, "byte \(place)") {
                    try bench.load(Plans.visits(2), Array(Self.csv.utf8), directories: ["person": input])
                }
            }
        }
        for cut in [1, 16, original.count - 64] {
            let shorter = Array(original.dropLast(cut))
            file.write(shorter)
            let input = DirectoryInput(version: 1, digest: SHA256.hash(shorter), descriptor: file.descriptor)
            #expect(throws: StoreError.self) { try bench.load(Plans.visits(2), Array(Self.csv.utf8), directories: ["person": input]) }
        }
    }

    @Test func truncatedAndLongerFilesAreRefused() throws {
        let load = try Workbench().load(Plans.visits(), Self.csv)
        for file in load.outputs.dropLast(2) {
            let original = file.bytes
            for changed in [Array(original.dropLast()), original + [0], Array(original.prefix(64)), []] {
                file.write(changed)
                #expect(throws: StoreError(.fileAltered)) { try load.open() }
            }
            file.write(original)
        }
    }

    @Test func blocksOfOneColumnCannotBeSwapped() throws {
        let csv = "v,w\n" + (0..<131_072).map { "\($0 &* 2_654_435_761 % 1_000_003),1\n" }.joined()
        let load = try Workbench().load(Plans.one(.int64), csv)
        let file = load.file(.column, "v")
        var bytes = file.bytes
        let sealed = 16 + 65_536 * 4 + 16
        let first = Array(bytes[64..<64 + sealed])
        bytes.replaceSubrange(64..<64 + sealed, with: bytes[64 + sealed..<64 + 2 * sealed])
        bytes.replaceSubrange(64 + sealed..<64 + 2 * sealed, with: first)
        file.write(bytes)
        #expect(throws: StoreError(.blockAltered)) { try load.rows() }
        do { _ = try load.rows() } catch let error as StoreError { #expect(error.arguments == ["visit", "v", "0"]) }
    }

    @Test func columnsAndVersionsCannotBeSwapped() throws {
        let bench = try Workbench()
        let first = try bench.load(Plans.visits(1), Self.csv)
        let second = try bench.load(Plans.visits(2), Self.csv)
        // The file of version 1 in the place of version 2's, under either key.
        defer { withExtendedLifetime((first, second)) {} }
        let name = "费用"
        for key in [first.versionKey, second.versionKey] {
            let swapped = OpenedFile(
                column: .column(name), descriptor: first.file(.column, name).descriptor, key: ColumnKeys.column(key, name))
            #expect(throws: StoreError.self) { try second.open(files: [swapped]) }
        }
        // Another column's file under the column's name.
        let other = OpenedFile(
            column: .column(name), descriptor: first.file(.entity, "person").descriptor, key: ColumnKeys.entity(first.versionKey, "person"))
        #expect(throws: StoreError.self) { try first.open(files: [other]) }
        #expect(throws: StoreError(.wrongVersion)) { try first.open(identity: Workbench.identity(2)) }
        #expect(throws: StoreError(.manifestAltered)) { try first.open(digest: second.report?.manifestDigest) }
    }

    @Test func anotherLoadOfTheSameVersionIsNoSubstitute() throws {
        let bench = try Workbench()
        let first = try bench.load(Plans.visits(), Self.csv)
        let second = try bench.load(Plans.visits(), Self.csv)
        defer { withExtendedLifetime(first) {} }
        let file = OpenedFile(
            column: .column("编号"), descriptor: first.file(.column, "编号").descriptor, key: ColumnKeys.column(first.versionKey, "编号"))
        #expect(first.file(.column, "编号").bytes.count == second.file(.column, "编号").bytes.count)
        #expect(throws: StoreError(.fileAltered)) { try second.open(files: [file]) }
    }

    @Test func keysOpenOnlyTheirOwn() throws {
        let load = try Workbench().load(Plans.visits(), Self.csv)
        let wrong = OpenedFile(
            column: .column("编号"), descriptor: load.file(.column, "编号").descriptor, key: ColumnKeys.column(load.versionKey, "费用"))
        #expect(throws: StoreError(.wrongKey)) { try load.open(files: [wrong]) }
        defer { withExtendedLifetime(load) {} }
        let right = load.openedFiles.filter { $0.column == .column("编号") }
        let table = try load.open(files: right)
        let arena = ConfidentialArena(limitBytes: 1 << 26)
        #expect(throws: Never.self) { try table.makeReader(columns: [.column("编号")], arena: arena) }
        #expect(throws: StoreError(.fileMissing)) { try table.makeReader(columns: [.column("费用")], arena: arena) }
        #expect(throws: StoreError(.columnUnknown)) { try table.makeReader(columns: [.column("none")], arena: arena) }
        #expect(throws: StoreError(.fileMissing)) { try table.boundsOfBlocks(.column("费用")) }
    }

    @Test func readerNeedsMemory() throws {
        let load = try Workbench().load(Plans.visits(), Self.csv)
        #expect(throws: StoreError(.outOfMemory)) {
            try load.open().makeReader(columns: [.column("编号")], arena: ConfidentialArena(limitBytes: 16))
        }
    }
}
