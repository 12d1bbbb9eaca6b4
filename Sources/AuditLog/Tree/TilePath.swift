// SPDX-License-Identifier: Apache-2.0

/// The name of a tile or an entry bundle below a log's directory (C2SP tlog-tiles).
public struct TilePath: Hashable, Sendable {
    /// Hashes of a full tile, entries of a full bundle.
    public static let fullWidth = 256

    public enum Kind: Hashable, Sendable {
        /// Hashes of that level; each stands for 256^level entries.
        case tile(level: Int)
        case entries
    }

    public let kind: Kind
    public let index: UInt64
    /// 1 to 256; below 256 the tile is partial.
    public let width: Int

    public init(_ kind: Kind, index: UInt64, width: Int = fullWidth) {
        self.kind = kind
        self.index = index
        self.width = width
    }

    public var isFull: Bool { width == Self.fullWidth }

    /// The same tile once it is full.
    public var full: TilePath { TilePath(kind, index: index) }

    /// Where partial forms of the tile lie.
    var partialDirectory: String { full.text + ".p" }

    public var text: String {
        let folder =
            switch kind {
            case .tile(let level): "tile/\(level)"
            case .entries: "tile/entries"
            }
        return "\(folder)/\(Self.groups(index))" + (isFull ? "" : ".p/\(width)")
    }

    /// Reads a name; nil unless it is exactly what ``text`` would print.
    public init?(parsing path: String) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, parts.removeFirst() == "tile" else { return nil }
        let folder = parts.removeFirst()
        if folder == "entries" {
            kind = .entries
        } else {
            guard let level = Decimal.parse(folder.utf8), level <= 63 else { return nil }
            kind = .tile(level: Int(level))
        }
        if parts.count >= 2, parts[parts.count - 2].hasSuffix(".p") {
            guard let value = Decimal.parse(parts.removeLast().utf8), (1..<UInt64(Self.fullWidth)).contains(value)
            else { return nil }
            width = Int(value)
            parts[parts.count - 1].removeLast(2)
        } else {
            width = Self.fullWidth
        }
        let digits = parts.map { $0.hasPrefix("x") ? String($0.dropFirst()) : $0 }.joined()
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(digits) else { return nil }
        index = number
        guard text == path else { return nil }
    }

    /// Three digits at a time, all groups but the last marked with an x.
    private static func groups(_ index: UInt64) -> String {
        var rest = index
        var text = ""
        repeat {
            let group = String(rest % 1_000)
            let padded = String(repeating: "0", count: 3 - group.utf8.count) + group
            text = text.isEmpty ? padded : "x\(padded)/\(text)"
            rest /= 1_000
        } while rest > 0
        return text
    }

    /// Every tile and bundle of a tree of that size: full ones first, then the partial one, level by level.
    ///
    /// For sizes that fit in memory; used by tests and the verifier's bookkeeping.
    package static func all(size: UInt64) -> [TilePath] {
        guard size > 0 else { return [] }
        var paths = layer(.entries, count: size)
        var level = 0
        var count = size
        while count > 0 {
            paths += layer(.tile(level: level), count: count)
            level += 1
            count >>= 8
        }
        return paths
    }

    private static func layer(_ kind: Kind, count: UInt64) -> [TilePath] {
        let full = count / UInt64(fullWidth)
        let rest = Int(count % UInt64(fullWidth))
        let partial = rest > 0 ? [TilePath(kind, index: full, width: rest)] : []
        return (0..<full).map { TilePath(kind, index: $0) } + partial
    }
}
