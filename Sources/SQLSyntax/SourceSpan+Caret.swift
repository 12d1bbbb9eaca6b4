// SPDX-License-Identifier: Apache-2.0

extension SourceSpan {
    /// The line of the text that holds this place and, below it, carets under the place.
    ///
    /// Wide characters (Chinese, full-width) take two columns in a terminal, so they get two columns of padding and
    /// two carets. Control and invisible characters are shown as U+FFFD. Long lines are cut around the place.
    public func caret(in text: String) -> String {
        let scalars = Self.scalars(ofLine: line, in: text)
        let start = min(max(column - 1, 0), scalars.count)
        let end = min(start + max(length, 1), scalars.count)
        let isShort = scalars.count <= Limits.caretLineCharacters
        let windowStart = isShort ? 0 : max(0, start - Limits.caretLineCharacters / 2)
        let windowEnd = min(scalars.count, windowStart + Limits.caretLineCharacters)

        var shown = windowStart > 0 ? "…" : ""
        var padding = windowStart > 0 ? " " : ""
        var marks = ""
        for index in windowStart..<windowEnd {
            let scalar = scalars[index]
            shown.unicodeScalars.append(CharacterClass.isPrintable(scalar) || scalar == "\t" ? scalar : "\u{FFFD}")
            let width = CharacterClass.columns(of: scalar)
            if index < start {
                padding += scalar == "\t" ? "\t" : String(repeating: " ", count: width)
            } else if index < end {
                marks += String(repeating: "^", count: width)
            }
        }
        if windowEnd < scalars.count { shown += "…" }
        return shown + "\n" + padding + (marks.isEmpty ? "^" : marks)
    }

    /// The scalars of one line, without its line break.
    private static func scalars(ofLine wanted: Int, in text: String) -> [Unicode.Scalar] {
        var line = 1
        var result: [Unicode.Scalar] = []
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if scalar == "\n" && previous == "\r" {
                previous = scalar
                continue
            }
            previous = scalar
            if scalar == "\n" || scalar == "\r" {
                if line == wanted { break }
                line += 1
            } else if line == wanted {
                result.append(scalar)
            }
        }
        return result
    }
}
