// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import Testing

@Suite struct KeyTests {
    let key = SecretKey.random(from: RandomBytes(seed: 11))

    func hex(_ key: SecretKey) -> String { key.withBytes { Hexadecimal.encode($0) } }

    @Test func initialisingTwiceIsFine() throws {
        try CryptoSuites.initialise()
        try CryptoSuites.initialise()
    }

    @Test func suites() throws {
        #expect(try Suite.named("international") == .international)
        #expect(throws: CryptoError(.suiteUnavailable)) { try Suite.named("shangmi") }
        #expect(throws: CryptoError(.suiteUnknown)) { try Suite.named("rot13") }
    }

    /// In a process of its own: in this one other tests lock rows, and an ordinary user may not lock much.
    @Test func keysAreLocked() async {
        await #expect(processExitsWith: .success) {
            let key = SecretKey.random(from: RandomBytes(seed: 11))
            let keys = (0..<20).map { key.derive("k", [UInt8($0)]) }
            #expect(Set(keys.map { $0.id }).count == 20)
            #expect(CryptoSuites.keysAreLocked)
        }
    }

    @Test func derivationSeparatesLabelAndContext() {
        #expect(hex(key.derive("a", [98])) == hex(key.derive("a", [98])))
        #expect(hex(key.derive("a", [98])) != hex(key.derive("ab", [])))
        #expect(hex(key.derive("a")) != hex(key.derive("b")))
        #expect(hex(key.derive("a", [0])) != hex(key.derive("a", [0, 0])))
    }

    /// Labels are constants of the program, so a longer one is a mistake of ours and ends the process.
    @Test func labelsAtTheLimitAndOver() async {
        let longest = String(repeating: "a", count: CryptoSuites.Limits.labelBytes)
        #expect(hex(key.derive(longest)) != hex(key.derive(String(longest.dropLast()))))
        await #expect(processExitsWith: .failure) {
            _ = SecretKey.random().derive(String(repeating: "a", count: CryptoSuites.Limits.labelBytes + 1))
        }
        await #expect(processExitsWith: .success) {
            _ = SecretKey.random().derive(String(repeating: "a", count: CryptoSuites.Limits.labelBytes))
        }
    }

    @Test func keyIDIsStableAndPrintable() throws {
        #expect(key.id == key.id)
        #expect(key.id.description.count == 16)
        #expect(KeyID(bytes: key.id.bytes) == key.id)
        #expect(KeyID(bytes: [1]) == nil)
    }

    @Test func keyLength() {
        for (count, accepted) in [(31, false), (32, true), (33, false)] {
            let bytes = [UInt8](repeating: 1, count: count)
            let made = try? bytes.withUnsafeBytes { try SecretKey(copying: $0) }
            #expect((made != nil) == accepted)
        }
    }

    @Test func randomSources() {
        #expect(RandomBytes(seed: 5).bytes(count: 16) == RandomBytes(seed: 5).bytes(count: 16))
        #expect(RandomBytes(seed: 5).bytes(count: 16) != RandomBytes(seed: 6).bytes(count: 16))
        #expect(RandomBytes.system.bytes(count: 16) != RandomBytes.system.bytes(count: 16))
        #expect(hex(.random()) != hex(.random()))
    }

    @Test func wrapping() throws {
        let parent = SecretKey.random(from: RandomBytes(seed: 12))
        let wrapped = try key.wrap(under: parent, context: [1, 2], random: RandomBytes(seed: 13))
        #expect(wrapped.count == SecretKey.wrappedByteCount)
        #expect(hex(try .unwrap(wrapped, under: parent, context: [1, 2])) == hex(key))
        #expect(throws: CryptoError(.commitmentMismatch)) { try SecretKey.unwrap(wrapped, under: parent, context: [1]) }
        #expect(throws: CryptoError(.commitmentMismatch)) { try SecretKey.unwrap(wrapped, under: key, context: [1, 2]) }
        for index in wrapped.indices {
            var altered = wrapped
            altered[index] ^= 4
            #expect(throws: CryptoError.self) { try SecretKey.unwrap(altered, under: parent, context: [1, 2]) }
        }
        #expect(throws: CryptoError(.malformed)) {
            try SecretKey.unwrap(Array(wrapped.dropLast()), under: parent, context: [1, 2])
        }
        var newer = wrapped
        newer[4] = 2
        #expect(throws: CryptoError(.versionUnknown)) { try SecretKey.unwrap(newer, under: parent, context: [1, 2]) }
    }

    /// A wrapped key and a sealed key written by version 1; later versions must still open them.
    @Test func goldenForms() throws {
        let parent = try (0..<32).map { UInt8($0) }.withUnsafeBytes { try SecretKey(copying: $0) }
        let child = try (32..<64).map { UInt8($0) }.withUnsafeBytes { try SecretKey(copying: $0) }
        let wrapped = try child.wrap(under: parent, context: Array("golden".utf8), random: RandomBytes(seed: 1))
        #expect(Hexadecimal.encode(wrapped) == Self.goldenWrapped)
        let sealed = try PassphraseSeal.seal(
            child, passphrase: Array("口令".utf8), context: Array("golden".utf8), strength: .light,
            random: RandomBytes(seed: 1))
        #expect(Hexadecimal.encode(sealed) == Self.goldenSealed)
    }

    static let goldenWrapped =
        "594e574b01c1675e0bb980a575a89661fec08aa83b63f1ee08469ccdac6e0b3b079742f192aa11de52aa629021d4a207"
        + "12431485d7298eba55aab9aa71e0973c3ec744375bc238bd707c390084c50a5b81c6cc0faf077ef08201bf3661f9743a"
        + "a700a69cc5caff7fe30875f5cb"
    static let goldenSealed =
        "594e534b01010000000100002000c1675e0bb980a575a89661fec08aa83b63f1ee08469ccdac9ff735ab278a84ba6d1c"
        + "170cf5c1183cfd8af82c30991cc2d10b2f4354790193d04053f3fc86d3e62f4b657bd5a920c528085795924f02e52a43"
        + "9845cc1a4e6071454449a0f1a88625391568a032e2f9ac8ac7139150d8288dc8e017f13c3825"
}
