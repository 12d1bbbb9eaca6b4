// SPDX-License-Identifier: Apache-2.0

import Testing

/// The code is meant for x86-64 and aarch64 alike. `Tools/portability` compiles it for the other one; here stands what it cannot see, above
/// all the types that only x86-64's standard library has.
@Suite struct PortabilityTests {
    @Test func nothingNamesAnArchitecture() {
        let words = ["#if arch", "_mm_", "__asm", "x86_64", "immintrin", "__NR_", "Float80", "CLongDouble", "long double"]
        let files = SourceTree.sources + SourceTree.files(in: "Sources", endings: [".c", ".h"])
        #expect(files.contains { $0.path.hasSuffix(".c") })
        for file in files {
            for word in words { #expect(!file.text.contains(word), "\(file.path): \(word)") }
        }
    }

    /// C's `char` is signed on x86-64 and unsigned on aarch64, and Swift's `CChar` may follow it.
    @Test func noCharIsTakenForSigned() {
        for file in SourceTree.swift where !file.path.hasSuffix("PortabilityTests.swift") {
            for line in file.lines where line.contains("CChar") { #expect(!line.contains("Int8("), "\(file.path): \(line)") }
            #expect(!file.text.contains("UInt8(bitPattern: $0)"), "\(file.path)")
        }
    }
}
