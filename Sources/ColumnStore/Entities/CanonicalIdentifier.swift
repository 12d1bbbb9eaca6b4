// SPDX-License-Identifier: Apache-2.0

import CUnistring
import Glibc
import LocalKnowledge

/// Brings identifiers to the one form under which an entity is known (Documentation/Formats/entity-directory.md).
///
/// Both kinds: Unicode NFKC (full-width digits become plain ones), white space at both ends removed, empty means NULL.
/// `key`: leading zeros and case are kept. `residentID`: a final x becomes X; 15 digits with an existing date become 18, century 19,
/// with the check character of ISO 7064 MOD 11-2. Whatever is then no valid number stays a key of its own and is counted as suspicious.
/// Characters that merely look alike (O and 0) stay different: joining two persons would be worse than not joining one.
final class CanonicalIdentifier {
    private let kind: IdentifierKind
    private let buffer: GrowingMemory
    private(set) var suspiciousCount: Int64 = 0

    private static let bufferBytes = 8_192

    init(_ kind: IdentifierKind) throws(StoreError) {
        self.kind = kind
        buffer = try GrowingMemory(bytes: Self.bufferBytes)
    }

    /// The canonical form of valid UTF-8, within the text itself or in memory that is good until the next call; empty for white space
    /// only, nil when too long.
    func canonical(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard text.count <= Limits.identifierFieldBytes, let normal = normalized(text) else { return nil }
        let trimmed = Self.trimmed(normal)
        guard trimmed.count <= Limits.identifierBytes else { return nil }
        switch kind {
        case .key: return trimmed
        case .residentID: return residentNumber(trimmed)
        }
    }

    /// Whether `count` has anything to do.
    var judges: Bool { kind == .residentID }

    /// Counts the identifier of a row that is kept, once its form is known.
    func count(_ canonical: UnsafeRawBufferPointer) {
        if kind == .residentID, !ResidentNumber.isValid(canonical) { suspiciousCount += 1 }
    }

    /// The text itself when all is ASCII, else normalised in `buffer`.
    private func normalized(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let start = text.baseAddress else { return text }
        if Self.isASCII(text) { return text }
        var length = Self.bufferBytes
        let source = start.assumingMemoryBound(to: UInt8.self)
        guard let result = unistring_normalize_nfkc(source, text.count, buffer.start.array(UInt8.self), &length) else { return nil }
        guard result == buffer.start.array(UInt8.self) else {
            // Longer than the buffer, so the library allocated: wiped and refused.
            explicit_bzero(result, length)
            free(result)
            return nil
        }
        return UnsafeRawBufferPointer(start: buffer.start, count: length)
    }

    private static func isASCII(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let start = text.baseAddress else { return true }
        var bits: UInt64 = 0
        var place = 0
        while place + 8 <= text.count {
            bits |= start.get(UInt64.self, at: place)
            place += 8
        }
        while place < text.count {
            bits |= UInt64(start.get(UInt8.self, at: place))
            place += 1
        }
        return bits & 0x8080_8080_8080_8080 == 0
    }

    private static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var (from, to) = (0, text.count)
        while from < to, isSpace(text[from]) { from += 1 }
        while to > from, isSpace(text[to - 1]) { to -= 1 }
        return UnsafeRawBufferPointer(rebasing: text[from..<to])
    }

    private func residentNumber(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let source = text.baseAddress else { return text }
        // Behind the normalised text, so that both fit.
        let target = buffer.start + Self.bufferBytes - 64
        if text.count == 18 {
            guard text[17] == UInt8(ascii: "x") else { return text }
            target.copyMemory(from: source, byteCount: 18)
            target.put(UInt8(ascii: "X"), at: 17)
            return UnsafeRawBufferPointer(start: target, count: 18)
        }
        guard text.count == 15, ResidentNumber.areDigits(text) else { return text }
        target.copyMemory(from: source, byteCount: 6)
        target.put(UInt8(ascii: "1"), at: 6)
        target.put(UInt8(ascii: "9"), at: 7)
        (target + 8).copyMemory(from: source + 6, byteCount: 9)
        let number = UnsafeRawBufferPointer(start: target, count: 18)
        guard ResidentNumber.hasDate(number) else { return text }
        target.put(ResidentNumber.checkCharacter(number), at: 17)
        return number
    }
}
