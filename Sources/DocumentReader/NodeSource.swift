// SPDX-License-Identifier: Apache-2.0

import PolicyCheck
import Yams

/// From bytes to the one root node of a file.
enum NodeSource {
    static func root(of yaml: [UInt8], fileName: String) throws(DocumentError) -> Node {
        let start = Place(file: fileName, line: 1, column: 1)
        guard yaml.count <= Limits.documentBytes else { throw DocumentError(.tooLarge, start, String(Limits.documentBytes)) }
        let content = yaml.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(yaml.dropFirst(3)) : yaml
        guard let text = String(validating: content, as: UTF8.self) else { throw DocumentError(.notUTF8, start) }
        try refuseTabs(content, fileName)
        try refuseDepth(content, start)
        do {
            let parser = try Parser(yaml: text, resolver: Resolver.basic, encoding: .utf8)
            guard let root = try parser.nextRoot() else { throw DocumentError(.empty, start) }
            try withExtendedLifetime(parser) { try NodeConverter(file: fileName).refuseDecorations(below: root) }
            if let second = try parser.nextRoot() {
                throw DocumentError(
                    .severalDocuments, Place(file: fileName, line: second.mark?.line ?? 1, column: second.mark?.column ?? 1))
            }
            return root
        } catch let error as DocumentError {
            throw error
        } catch let error as YamlError {
            throw documentError(error, text, fileName)
        } catch {
            throw DocumentError(.malformed, start)
        }
    }

    private static func documentError(_ error: YamlError, _ text: String, _ fileName: String) -> DocumentError {
        let start = Place(file: fileName, line: 1, column: 1)
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            if let place = fullWidthColon(in: text, near: mark.line, fileName) { return DocumentError(.fullWidth, place, "：", ":") }
            let place = Place(file: fileName, line: mark.line, column: mark.column)
            return DocumentError(problem.contains("alias") ? .alias : .malformed, place)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let place = Place(file: fileName, line: context.mark.line, column: context.mark.column)
            return DocumentError(.duplicateKey, place, duplicates.sorted().first ?? "-")
        case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return DocumentError(.malformed, start)
        }
    }

    /// A `：` that stands where a colon is missing: on the line where the parser stopped, or the one before.
    private static func fullWidthColon(in text: String, near line: Int, _ fileName: String) -> Place? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for number in [line - 1, line] where lines.indices.contains(number - 1) {
            let scalars = Array(lines[number - 1].unicodeScalars)
            guard let index = scalars.firstIndex(of: "："), !scalars[..<index].contains(":") else { continue }
            return Place(file: fileName, line: number, column: index + 1)
        }
        return nil
    }

    /// Tabs in the indentation mean nothing in YAML and look like blanks.
    private static func refuseTabs(_ bytes: [UInt8], _ fileName: String) throws(DocumentError) {
        var line = 1
        var column = 1
        var isIndentation = true
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                column = 0
                isIndentation = true
            case UInt8(ascii: "\t") where isIndentation: throw DocumentError(.tab, Place(file: fileName, line: line, column: column))
            case UInt8(ascii: " "): break
            default: isIndentation = false
            }
            column += 1
        }
    }

    /// Brackets or list marks nested without end would nest the parser's calls.
    private static func refuseDepth(_ bytes: [UInt8], _ start: Place) throws(DocumentError) {
        var depth = 0
        var marks = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            case UInt8(ascii: "-"), UInt8(ascii: "?"): marks += 1
            case UInt8(ascii: " "): break
            default: marks = 0
            }
            if depth > Limits.openBrackets || marks > Limits.openBrackets { throw DocumentError(.tooDeep, start) }
        }
    }
}
