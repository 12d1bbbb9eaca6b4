// SPDX-License-Identifier: Apache-2.0

/// Which characters may stand where.
enum CharacterClass {
    /// Whether a name may begin with it: ASCII letter, underscore, or a letter of any script.
    static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return isLetter(scalar) || scalar == "_" }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
            return true
        default:
            return false
        }
    }

    /// Whether a name may go on with it.
    static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return isLetter(scalar) || isDigit(scalar) || scalar == "_" || scalar == "$" }
        if beginsName(scalar) { return true }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .decimalNumber: return true
        default: return false
        }
    }

    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value)
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
    }

    /// Control characters, and marks that change the direction of text and so could hide what a statement says.
    static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        if isSpace(scalar) { return false }
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: return true
        case 0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: return true
        default: return false
        }
    }

    /// Whether a message may show the character as it is.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
        default: return true
        }
    }

    /// The ASCII mark that was probably meant by a full-width one.
    static func halfWidth(of scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\u{3000}": return "space"
        case "。": return "."
        case "、": return ","
        case "“", "”", "「", "」": return "\""
        case "‘", "’": return "'"
        case "《", "〈": return "<"
        case "》", "〉": return ">"
        case "【": return "["
        case "】": return "]"
        case "—", "–", "−": return "-"
        case "×": return "*"
        case "÷": return "/"
        case "≤": return "<="
        case "≥": return ">="
        case "≠": return "<>"
        default: break
        }
        guard (0xFF01...0xFF5E).contains(scalar.value), !beginsName(scalar),
            let plain = Unicode.Scalar(scalar.value - 0xFEE0)
        else { return nil }
        return String(Character(plain))
    }

    /// Columns that a terminal gives to a character (after Unicode Standard Annex 11).
    static func columns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default:
            return 1
        }
    }

    /// A code point as U+XXXX.
    static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// The name with ASCII letters in lower case, as PostgreSQL folds unquoted names.
    static func folded(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var result = String.UnicodeScalarView()
        for scalar in scalars {
            let isUpper = (0x41...0x5A).contains(scalar.value)
            result.append(isUpper ? Unicode.Scalar(UInt8(scalar.value + 0x20)) : scalar)
        }
        return String(result)
    }
}
