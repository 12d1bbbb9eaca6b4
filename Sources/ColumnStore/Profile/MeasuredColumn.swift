// SPDX-License-Identifier: Apache-2.0

import Tabular

/// One column in the form in which it is measured, as hashes of the rows at hand.
final class MeasuredColumn {
    let position: Int
    /// The form, where it is put together with other columns.
    let view: String?
    private let layout: RowLayout
    private let granularity: String?
    private let prefix: Int?
    private let seed: UInt64
    private let values = GrowingMemory()
    private let validity = GrowingMemory()
    private let periods = GrowingMemory()
    private let rowHashes = GrowingMemory()
    /// Of the texts of the dictionary; 0 for those not met yet.
    private let textHashes = GrowingMemory()

    init(_ layout: RowLayout, _ position: Int, granularity: String?, prefix: Int?, view: String?, seed: UInt64) {
        self.layout = layout
        self.position = position
        self.granularity = granularity
        self.prefix = prefix
        self.view = view
        self.seed = seed
    }

    /// Of the rows that were hashed last.
    var hashes: UnsafePointer<UInt64> { UnsafePointer(rowHashes.start.array(UInt64.self)) }

    func hash(_ rows: OrderedRows, _ range: Range<Int>) throws(StoreError) {
        let (count, physical) = (range.count, layout.physical[position])
        try values.reserve(count * physical.strideBytes)
        try validity.reserve(count)
        try rowHashes.reserve(count * 8)
        let valid = validity.start.array(UInt8.self)
        rows.gather(position, range, values: values.start, validity: valid)
        let hashes = rowHashes.start.array(UInt64.self)
        let null = Mix.hash(seed ^ 0x6E75_6C6C)
        switch physical {
        case .codes: try hashTexts(rows, range, valid, hashes)
        case .int64:
            let numbers = values.start.array(Int64.self)
            if let granularity, granularity != "day" || layout.types[position] == .timestamp {
                // Neighbouring rows are often of one day.
                var (lastDay, lastHash) = (Int64.min, UInt64(0))
                for row in 0..<count {
                    let day = day(numbers[row])
                    if day != lastDay { (lastDay, lastHash) = (day, try periodHash(of: day, granularity)) }
                    hashes[row] = lastHash
                }
            } else {
                for row in 0..<count { hashes[row] = Mix.hash(UInt64(bitPattern: numbers[row]) &+ seed) }
            }
        case .double:
            let numbers = values.start.array(UInt64.self)
            for row in 0..<count { hashes[row] = Mix.hash(numbers[row] &+ seed) }
        case .int128:
            let numbers = values.start.array(Int128.self)
            for row in 0..<count {
                let bits = UInt128(bitPattern: numbers[row])
                hashes[row] = Mix.hash(Mix.hash(UInt64(truncatingIfNeeded: bits >> 64) &+ seed) &+ UInt64(truncatingIfNeeded: bits))
            }
        case .bool:
            let flags = values.start.array(UInt8.self)
            for row in 0..<count { hashes[row] = Mix.hash(UInt64(flags[row]) &+ seed) }
        case .entity:
            let numbers = values.start.array(UInt32.self)
            for row in 0..<count { hashes[row] = Mix.hash(UInt64(numbers[row]) &+ seed) }
        }
        for row in 0..<count where valid[row] == 0 { hashes[row] = null }
    }

    /// The hash of a day's period, remembered for days that were met.
    private func periodHash(of day: Int64, _ granularity: String) throws(StoreError) -> UInt64 {
        if periods.count == 0 {
            try periods.reserve(Self.rememberedDays * 16)
            periods.count = Self.rememberedDays * 16
        }
        let known = periods.start.array(UInt64.self)
        let place = Int(truncatingIfNeeded: day & Int64(Self.rememberedDays - 1)) * 2
        // A day is kept as its successor, so that a free place is no day of 1970.
        let mark = UInt64(bitPattern: day) &+ 1
        if known[place] == mark { return known[place + 1] }
        let hash = Mix.hash(UInt64(bitPattern: Self.period(of: day, granularity)) &+ seed)
        (known[place], known[place + 1]) = (mark, hash)
        return hash
    }

    private static let rememberedDays = 1 << 12

    private func day(_ value: Int64) -> Int64 {
        layout.types[position] == .timestamp ? CivilTimestamp.split(value).days : value
    }

    /// A number for the period that a day lies in.
    static func period(of day: Int64, _ granularity: String) -> Int64 {
        guard granularity != "day", let date = CivilDate(days: day) else { return day }
        switch granularity {
        case "month": return Int64(date.year * 12 + date.month)
        case "quarter": return Int64(date.year * 4 + (date.month - 1) / 3)
        case "year": return Int64(date.year)
        default: return day
        }
    }

    private func hashTexts(
        _ rows: OrderedRows, _ range: Range<Int>, _ valid: UnsafeMutablePointer<UInt8>, _ hashes: UnsafeMutablePointer<UInt64>
    ) throws(StoreError) {
        guard let dictionary = layout.dictionaries[position] else { return }
        let codes = values.start.array(UInt32.self)
        let known = dictionary.count
        if textHashes.count < known * 8 {
            try textHashes.reserve(known * 8 - textHashes.count)
            textHashes.count = known * 8
        }
        let cached = textHashes.start.array(UInt64.self)
        for row in 0..<range.count where valid[row] != 0 && Int(codes[row]) < known {
            let code = Int(codes[row])
            if cached[code] == 0 { cached[code] = hash(dictionary.heap.entry(codes[row])) }
            hashes[row] = cached[code]
        }
        rows.eachOwnText(position, range, codes: UnsafePointer(codes), validity: valid) { row, text in hashes[row] = hash(text) }
    }

    private func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
        var end = text.count
        if let prefix {
            var (place, characters) = (0, 0)
            while place < text.count {
                if text[place] & 0xC0 != 0x80 {
                    if characters == prefix { break }
                    characters += 1
                }
                place += 1
            }
            end = place
        }
        var state = seed ^ 0xCBF2_9CE4_8422_2325
        for place in 0..<end { state = (state ^ UInt64(text[place])) &* 0x100_0000_01B3 }
        return Mix.hash(state &+ UInt64(end)) | 1
    }
}
