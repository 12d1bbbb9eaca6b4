// SPDX-License-Identifier: Apache-2.0

/// How many values of a column are of a kind, in classes that tell nothing of a single value.
public enum KindShare: String, Sendable, Hashable, CaseIterable {
    /// Fewer than a fifth, or fewer than `Limits.fewestValues`.
    case none
    /// From a fifth.
    case some
    /// From four fifths.
    case most
}

/// What was recognised in a column: coarse classes, never a count or a value.
public struct RecognisedColumn: Sendable, Hashable {
    /// Item name.
    public let column: String
    public let kind: ValueKind
    public let share: KindShare

    public init(column: String, kind: ValueKind, share: KindShare) {
        self.column = column
        self.kind = kind
        self.share = share
    }
}

/// Looks at some values of a column as they pass and remembers how many were of which kind.
///
/// Which rows are looked at follows from their numbers alone: all at first, then every second, fourth, … row, so that about a thousand
/// are added each time the file doubles. In the end the rows that are multiples of the widest step count: an even sample of the file,
/// however it was cut into chunks.
public final class KindSample {
    /// For each power of two that divides a row's number: values, then values of each kind.
    private var counts: [UInt32]
    private var lastRow: Int64 = 0
    /// Which of 256 places names fell into.
    private var variety = SIMD4<UInt64>()

    private static let levels = 42
    private static let width = 1 + ValueKind.allCases.count

    public init() { counts = Array(repeating: 0, count: Self.levels * Self.width) }

    /// The first row from `row` that is looked at.
    public static func next(from row: Int64) -> Int64 {
        let step = step(row)
        return (row + step - 1) & ~(step - 1)
    }

    private static func step(_ row: Int64) -> Int64 {
        guard row >= Limits.denseRows else { return 1 }
        return 2 << (Limits.denseRows.leadingZeroBitCount - row.leadingZeroBitCount)
    }

    /// Looks at the value of a row that `next` gave. Rows come in order; NULL is not a value.
    public func add(_ text: UnsafeRawBufferPointer, row: Int64) {
        lastRow = row
        guard text.count > 0 else { return }
        let kinds = ValueKinds(recognising: text)
        let level = row == 0 ? Self.levels - 1 : min(row.trailingZeroBitCount, Self.levels - 1)
        let base = level * Self.width
        counts[base] &+= 1
        var rest = kinds.rawValue
        while rest != 0 {
            counts[base + 1 + rest.trailingZeroBitCount] &+= 1
            rest &= rest &- 1
        }
        if kinds.contains(.personalName) { mark(text) }
    }

    private func mark(_ text: Bytes) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        // The last bytes have hardly reached the upper bits yet.
        hash = (hash ^ hash >> 29) &* 0x9E37_79B9_7F4A_7C15
        variety[Int(hash >> 62)] |= 1 << (hash >> 56 & 63)
    }

    /// How many values of the sample are of a kind; nil when there were too few values to say anything.
    public func share(_ kind: ValueKind) -> KindShare? {
        let (values, matches) = (total(0), total(1 + kind.rawValue))
        guard values >= Limits.fewestValues else { return nil }
        if kind == .personalName, (0..<4).reduce(0, { $0 + variety[$1].nonzeroBitCount }) < Limits.nameVariety { return KindShare.none }
        guard matches >= Limits.fewestValues, matches * 5 >= values else { return KindShare.none }
        return matches * 5 >= values * 4 ? .most : .some
    }

    /// The kind that most values have, unless none has a share worth telling.
    public var likeliest: (kind: ValueKind, share: KindShare)? {
        var best: (kind: ValueKind, share: KindShare, matches: Int)?
        for kind in ValueKind.allCases {
            guard let share = share(kind), share != .none else { continue }
            let matches = total(1 + kind.rawValue)
            if matches > best?.matches ?? 0 { best = (kind, share, matches) }
        }
        return best.map { ($0.kind, $0.share) }
    }

    private func total(_ place: Int) -> Int {
        let widest = min(Self.step(lastRow).trailingZeroBitCount, Self.levels - 1)
        return (widest..<Self.levels).reduce(0) { $0 + Int(counts[$1 * Self.width + place]) }
    }
}
