// SPDX-License-Identifier: Apache-2.0

/// Swift text with comments removed and the contents of string literals blanked, code inside interpolations kept.
/// Rough: it knows no regular-expression literals, which the project does not use.
struct SwiftCode {
    private let input: [UInt8]
    private var position = 0
    private var output: [UInt8] = []

    static func of(_ text: String) -> String {
        var scan = SwiftCode(input: Array(text.utf8))
        scan.code(untilParenthesis: false)
        return String(decoding: scan.output, as: UTF8.self)
    }

    private init(input: [UInt8]) { self.input = input }

    private func byte(_ offset: Int = 0) -> UInt8 { position + offset < input.count ? input[position + offset] : 0 }

    private func sees(_ text: StaticString) -> Bool {
        (0..<text.utf8CodeUnitCount).allSatisfy { byte($0) == text.utf8Start[$0] }
    }

    /// Copies code; ends behind the parenthesis that closes an interpolation when asked to.
    private mutating func code(untilParenthesis: Bool) {
        var depth = 0
        while position < input.count {
            if sees("//") {
                while position < input.count, byte() != 0x0A { position += 1 }
            } else if sees("/*") {
                blockComment()
            } else if byte() == 0x22 {
                string(pounds: 0)
            } else if byte() == 0x23, let pounds = poundsBeforeQuote() {
                position += pounds
                string(pounds: pounds)
            } else {
                if byte() == 0x28 { depth += 1 }
                if byte() == 0x29 {
                    if untilParenthesis, depth == 0 { return }
                    depth -= 1
                }
                output.append(byte())
                position += 1
            }
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if sees("/*") { depth += 1; position += 2 } else if sees("*/") { depth -= 1; position += 2 } else {
                if byte() == 0x0A { output.append(0x0A) }
                position += 1
            }
        } while depth > 0 && position < input.count
    }

    private func poundsBeforeQuote() -> Int? {
        var count = 0
        while byte(count) == 0x23 { count += 1 }
        return byte(count) == 0x22 ? count : nil
    }

    private mutating func string(pounds: Int) {
        let quotes = sees("\"\"\"") ? 3 : 1
        position += quotes
        output.append(0x22)
        while position < input.count {
            if closes(quotes: quotes, pounds: pounds) {
                position += quotes + pounds
                break
            }
            if byte() == 0x5C, (0..<pounds).allSatisfy({ byte(1 + $0) == 0x23 }) {
                position += 1 + pounds
                if byte() == 0x28 {
                    position += 1
                    output += [0x20, 0x28]
                    code(untilParenthesis: true)
                    output += [0x29, 0x20]
                }
                position += 1
            } else {
                if byte() == 0x0A { output.append(0x0A) }
                position += 1
            }
        }
        output.append(0x22)
    }

    private func closes(quotes: Int, pounds: Int) -> Bool {
        (0..<quotes).allSatisfy { byte($0) == 0x22 } && (0..<pounds).allSatisfy { byte(quotes + $0) == 0x23 }
    }
}
