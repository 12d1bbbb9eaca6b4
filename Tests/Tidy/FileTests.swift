// SPDX-License-Identifier: Apache-2.0

import Testing

/// What every file must look like.
@Suite struct FileTests {
    @Test func licenceStandsFirst() {
        for file in SourceTree.swift + SourceTree.files(in: "Sources", endings: [".c", ".h"]) {
            #expect(file.lines.first?.contains("SPDX-License-Identifier: Apache-2.0") == true, "\(file)")
        }
    }

    @Test func filesAreShort() {
        for file in SourceTree.swift {
            #expect(file.lines.count <= 401, "\(file) has \(file.lines.count - 1) lines, 400 is the most")
        }
    }

    @Test func nothingIsForcedInSources() {
        for file in SourceTree.sources {
            let code = SwiftCode.of(file.text)
            for (number, line) in code.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                #expect(!Self.forces(line), "\(file):\(number + 1) forces a value")
                #expect(!Self.ends(line), "\(file):\(number + 1) ends the process")
            }
        }
    }

    @Test(arguments: ["value!", "list[0]!.name", "call()!", "try! read()", "x as! Int", "var x: Int!", "\" (a!) \""])
    func forcingIsSeen(code: Substring) { #expect(Self.forces(code)) }

    @Test(arguments: ["a != b", "!isEmpty", "if !(a), [!b]", "a !== b", "(!x)", "#if !os(Linux)", "x!=y"])
    func otherMarksAreNot(code: Substring) { #expect(!Self.forces(code)) }

    @Test func stringsAndCommentsAreBlanked() {
        #expect(SwiftCode.of("let a = \"b!\" // c!") == "let a = \"\" ")
        #expect(SwiftCode.of("/* a! /* b! */ */x") == "x")
        #expect(SwiftCode.of("\"x \\(y!) z!\"").contains("y!"))
        #expect(!SwiftCode.of("#\"a\" b!\"#").contains("!"))
        #expect(!SwiftCode.of("\"\"\"\n a! \"b\" c!\n\"\"\"").contains("!"))
    }

    /// An exclamation mark directly behind a name, a closing bracket or a literal, and not part of `!=`.
    private static func forces(_ line: Substring) -> Bool {
        let bytes = Array(line.utf8)
        for place in bytes.indices.dropFirst() where bytes[place] == 0x21 {
            let before = bytes[place - 1]
            let isBehindValue =
                (0x30...0x39).contains(before) || (0x41...0x5A).contains(before) || (0x61...0x7A).contains(before) || before >= 0x80
                || [0x5F, 0x29, 0x5D, 0x7D, 0x22, 0x3F, 0x60, 0x3E].contains(before)
            let isComparison = place + 1 < bytes.count && bytes[place + 1] == 0x3D
            if isBehindValue && !isComparison { return true }
        }
        return line.contains("unsafelyUnwrapped")
    }

    private static func ends(_ line: Substring) -> Bool {
        line.contains("fatalError(") || line.contains("abort()")
    }
}
