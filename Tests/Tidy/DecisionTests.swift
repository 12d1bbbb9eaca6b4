// SPDX-License-Identifier: Apache-2.0

import Testing

/// Dependencies and decisions go together.
@Suite struct DecisionTests {
    @Test func everyPackageIsExactAndHasAPage() throws {
        let lines = try SourceTree.text(of: "Package.swift").split(separator: "\n").filter { $0.contains(".package(url:") }
        let pages = SourceTree.files(in: "Documentation/Decisions", endings: [".md"])
        #expect(!lines.isEmpty)
        for line in lines {
            #expect(line.contains("exact:"), "\(line)")
            let address = line.split(separator: "\"")[1]
            #expect(pages.contains { $0.text.contains(address) }, "no decision names \(address)")
        }
    }

    @Test func decisionsAreNumberedWithoutGaps() {
        let numbers = SourceTree.files(in: "Documentation/Decisions", endings: [".md"]).compactMap { file in
            file.path.split(separator: "/").last.flatMap { Int($0.prefix(4)) }
        }
        #expect(numbers.sorted() == Array(1...max(1, numbers.count)))
    }
}
