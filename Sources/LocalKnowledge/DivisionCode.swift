// SPDX-License-Identifier: Apache-2.0

/// A code of an administrative division: province 2, city 2, county 2 digits (GB/T 2260), then town 3 and village 3 (statistical codes). Told
/// from its structure and the provinces; which cities and counties there are is not known here.
public struct DivisionCode: Sendable, Hashable {
    /// How far down a division lies; the raw value is the number of digits that say it.
    public enum Level: Int, Sendable, Hashable, CaseIterable, Comparable {
        case province = 2
        case city = 4
        case county = 6
        case town = 9
        case village = 12

        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// All 12 digits; those below its level are 0.
    public let value: Int
    public let level: Level

    /// Reads 6, 9 or 12 digits. Nil for anything else, for no province, and where a part below an empty part is not empty. Towns of
    /// cities without counties (东莞) are divisions all the same.
    public init?(_ text: UnsafeRawBufferPointer) {
        guard text.count == 6 || text.count == 9 || text.count == 12, Digits.are(text) else { return nil }
        let value = Digits.value(text, 0..<text.count)
        self.init(value: text.count == 6 ? value * 1_000_000 : text.count == 9 ? value * 1_000 : value)
    }

    private init?(value: Int) {
        let (province, city, county) = (value / 10_000_000_000, value / 100_000_000 % 100, value / 1_000_000 % 100)
        let (town, village) = (value / 1_000 % 1_000, value % 1_000)
        guard Division.isProvince(province), city <= 70 || city == 90, city > 0 || county + town + village == 0,
            town > 0 || village == 0
        else { return nil }
        self.value = value
        level = village > 0 ? .village : town > 0 ? .town : county > 0 ? .county : city > 0 ? .city : .province
    }

    /// The division of a higher level that it lies in, or itself; nil for a lower level.
    public func ancestor(_ level: Level) -> DivisionCode? {
        guard level <= self.level else { return nil }
        var unit = 1
        for _ in level.rawValue..<12 { unit *= 10 }
        return DivisionCode(value: value / unit * unit)
    }

    /// Whether another division lies in it, or is it.
    public func contains(_ other: DivisionCode) -> Bool { other.ancestor(level)?.value == value }
}

enum Division {
    /// First two digits of a province, autonomous region, municipality or special administrative region.
    static func isProvince(_ number: Int) -> Bool {
        switch number {
        case 11...15, 21...23, 31...37, 41...46, 50...54, 61...65, 71, 81, 82, 83: true
        default: false
        }
    }
}
