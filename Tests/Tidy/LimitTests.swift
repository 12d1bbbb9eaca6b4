// SPDX-License-Identifier: Apache-2.0

import Testing

/// Every limit is named by a test of its module or of a whole program. That the test stands at its edge is for people to see.
@Suite struct LimitTests {
    @Test func everyLimitIsNamedByATest() {
        let tests = SourceTree.swift.filter { $0.path.hasPrefix("Tests/") && !$0.path.hasPrefix("Tests/Tidy/") }
            .map { (file: $0, paths: NamedLimit.paths($0.text)) }
        let unnamed = NamedLimit.all.filter { limit in !tests.contains { limit.isNamed(by: $0.file, paths: $0.paths) } }
        #expect(NamedLimit.all.count > 80)
        #expect(unnamed.map(\.description) == [])
    }

    @Test func limitsAreSeen() {
        func names(_ code: String) -> [String] { NamedLimit.declared(in: SwiftCode.of(code), module: "M").map(\.description) }
        #expect(names("public enum Limits { public static let a = 1 << 3; static let b: [Int] = { [2] }() }") == ["M.Limits.a", "M.Limits.b"])
        #expect(names("extension M {\n enum Limits {\n static let a = 1\n }\n static let c = 2\n}") == ["M.Limits.a"])
        #expect(names("extension EngineLimits { static var a: Int { 1 } }") == ["M.EngineLimits.a"])
        #expect(names("enum Limits { struct Ceilings { static let a = 1 } /* static let b = 1 */ }") == [])
        #expect(names("enum Other { static let a = 1 }") == [])
    }

    @Test(arguments: [
        ("Limits.a + 1", true), ("\"\\(M.Limits.a)\"", true), ("ceilings.a = 3", true), ("(Limits.a)", true),
        ("Limits.ab", false), ("// Limits.a", false), ("\"Limits.a\"", false), ("N.Limits.a", false), ("x.a", false), ("a", false),
    ])
    func mentionsAreSeen(code: String, isMention: Bool) {
        let limit = NamedLimit(module: "M", type: "Limits", name: "a")
        func isNamed(_ path: String) -> Bool { limit.isNamed(by: .init(path: path, text: code), paths: NamedLimit.paths(code)) }
        #expect(isNamed("Tests/MTests/LimitTests.swift") == isMention)
        // Elsewhere `Limits` may be another module's.
        #expect(isNamed("Tests/EndToEnd/LimitTests.swift") == (isMention && code.contains("M.")))
    }
}
