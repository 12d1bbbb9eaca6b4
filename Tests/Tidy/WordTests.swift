// SPDX-License-Identifier: Apache-2.0

import Testing

/// Words that must not stand in the project. They are put together here, so that this file does not contain them either.
@Suite struct WordTests {
    private static let endings = [
        ".swift", ".c", ".h", ".md", ".yaml", ".modulemap", ".profile", ".case", ".json", "setup", "test", "demo", "bench", "run", "vectors",
        "portability", "fresh-machine",
    ]
    private static let folders = ["Sources", "Tests", "Tools", "Policies", "Sandbox", "Documentation", ".ci"]

    private static let everywhere: [(word: String, why: String)] = [
        ("py" + "pi.org", "names a package registry"), ("python" + "hosted", "names a package registry"),
        ("crates" + ".io", "names a package registry"), ("npm" + "js.", "names a package registry"),
        ("deb.debian" + ".org", "names a package registry"), ("proxy.golang" + ".org", "names a package registry"),
        ("/ro" + "ot/", "is a path of one machine"), ("/ho" + "me/", "is a path of one machine"), ("/wo" + "rk/", "is a path of one machine"),
        ("/Us" + "ers/", "is a path of one machine"), ("BEGIN PRIVATE" + " KEY", "is a private key"),
    ]
    private static let inCode = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "X" + "XX"]

    @Test func forbiddenWordsAreAbsent() throws {
        var files = Self.folders.flatMap { SourceTree.files(in: $0, endings: Self.endings) }
        for name in SourceTree.children(of: ".") where name.hasSuffix(".md") || name == "Package.swift" {
            files.append(SourceTree.File(path: name, text: try SourceTree.text(of: name)))
        }
        #expect(files.count > 50)
        for file in files {
            for (word, why) in Self.everywhere { #expect(!file.text.contains(word), "\(file): '\(word)' \(why)") }
        }
    }

    @Test func nothingIsLeftForLater() {
        for file in SourceTree.swift {
            for line in file.lines.enumerated() {
                let words = line.element.split { !$0.isLetter }
                #expect(!Self.inCode.contains { words.contains(Substring($0)) }, "\(file):\(line.offset + 1)")
            }
        }
    }
}
