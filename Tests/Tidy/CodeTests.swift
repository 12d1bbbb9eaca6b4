// SPDX-License-Identifier: Apache-2.0

import Testing
import WireContract

/// Every stable code has its message in both languages.
@Suite struct CodeTests {
    @Test func everyCodeHasAText() {
        var seen = 0
        var missing: Set<String> = []
        for file in SourceTree.sources where !file.path.contains("/Texts/") {
            for code in codes(in: file) {
                seen += 1
                if !Texts.contains(code) { missing.insert(code) }
            }
        }
        #expect(missing.sorted() == [])
        #expect(seen > 50)
    }

    @Test func noCodeStandsInTwoTables() {
        var owners: Set<String> = []
        for table in Texts.tables {
            for code in table.keys { #expect(owners.insert(code).inserted, "\(code) has two texts") }
        }
    }

    @Test func bothLanguagesHaveTheSamePlaces() {
        for (code, text) in Texts.tables.flatMap({ $0 }) {
            #expect(!text.zh.isEmpty && !text.en.isEmpty, "\(code)")
            #expect(Texts.placeholders(text.zh) == Texts.placeholders(text.en), "\(code)")
        }
    }

    /// Raw values of the cases of enums whose name ends in `Code`.
    private func codes(in file: SourceTree.File) -> [String] {
        var found: [String] = []
        var depth = 0
        var isInside = false
        for line in file.lines {
            let words = line.split { !$0.isLetter && $0 != "." && $0 != "\"" && $0 != "=" }
            if !isInside, let place = words.firstIndex(of: "enum"), place + 1 < words.count, words[place + 1].hasSuffix("Code") {
                isInside = true
                depth = 0
            }
            guard isInside else { continue }
            found += quotedCodes(in: line)
            depth += line.filter { $0 == "{" }.count - line.filter { $0 == "}" }.count
            if depth <= 0 { isInside = false }
        }
        return found
    }

    /// Literals such as `"sql.unexpected-token"` that stand behind an equals sign.
    private func quotedCodes(in line: Substring) -> [String] {
        guard line.trimmingSpaces().hasPrefix("case ") || line.contains("{ case ") else { return [] }
        let pieces = line.split(separator: "\"", omittingEmptySubsequences: false)
        return pieces.indices.filter { $0 % 2 == 1 && pieces[$0 - 1].trimmingSpaces().hasSuffix("=") }.map { String(pieces[$0]) }
            .filter { $0.contains(".") }
    }
}
