// SPDX-License-Identifier: Apache-2.0

import Testing

/// Both READMEs show the same commands, and the folders they point to exist.
@Suite struct ReadmeTests {
    @Test func commandsAreTheSame() throws {
        let english = try commands(of: "README.md")
        #expect(english.count > 20)
        #expect(english == (try commands(of: "README.zh-CN.md")))
    }

    @Test(arguments: ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "Documentation/Modules.md"])
    func linksLeadSomewhere(page: String) throws {
        let folder = page.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        for piece in try SourceTree.text(of: page).split(separator: "](").dropFirst() {
            let target = piece.prefix { $0 != ")" }
            guard !target.hasPrefix("http") else { continue }
            let path = target.hasPrefix("../") ? String(target.dropFirst(3)) : folder + target
            #expect(SourceTree.exists(path), "\(page) points to \(target)")
        }
    }

    /// The first three words of each line in code blocks, without remarks.
    private func commands(of page: String) throws -> [String] {
        try SourceTree.text(of: page).components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.flatMap { block in
            block.element.split(separator: "\n").map { $0.split(separator: " ").prefix(3).prefix { $0 != "#" }.joined(separator: " ") }
        }
    }
}

extension String {
    /// Pieces between occurrences of `separator`, empty ones included.
    fileprivate func components(separatedBy separator: String) -> [Substring] { split(separator: separator, omittingEmptySubsequences: false) }
}
