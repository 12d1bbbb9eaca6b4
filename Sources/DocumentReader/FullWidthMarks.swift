// SPDX-License-Identifier: Apache-2.0

/// Finds `：` and `，` where YAML needs `:` and `,`. Within quotes, comments and block texts they are ordinary characters.
enum FullWidthMarks {
    static func check(_ text: String, fileName: String) throws(DocumentError) {
        var blockIndentation: Int?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let indentation = line.prefix { $0 == " " }.count
            if let block = blockIndentation {
                if indentation > block || line.allSatisfy({ $0 == " " || $0 == "\r" }) { continue }
                blockIndentation = nil
            }
            if line.hasSuffix("|") || line.hasSuffix(">") || line.hasSuffix("|-") || line.hasSuffix(">-") { blockIndentation = indentation }
            if let column = markColumn(line) {
                throw NodePlace(fileName: fileName, line: number + 1, column: column).error(.fullWidthMark)
            }
        }
    }

    private static func markColumn(_ line: Substring) -> Int? {
        var quote: Character?
        var previous: Character = " "
        for (position, character) in line.enumerated() {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                if previous == " " || "[{,:".contains(previous) { quote = character }
            } else if character == "#", previous == " " {
                return nil
            } else if character == "：" || character == "，" {
                return position + 1
            }
            previous = character
        }
        return nil
    }
}
