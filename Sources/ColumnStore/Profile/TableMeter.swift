// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import LocalKnowledge
import Tabular

/// Measures rows on their way into blocks: how far columns single entities out, alone and together. It keeps hashes and counts in
/// confidential memory and gives coarse classes.
///
/// Everything rests on the first entity of the table, by which rows are ordered; rows without it take part in nothing. A table without
/// stored entities is measured as if each row were one.
final class TableMeter {
    private let layout: RowLayout
    private let minimum: Int
    private let columns: [MeasuredColumn]
    private let names: [String]
    private let tables: [CombinationTable]
    /// For columns that are in no combination: how many values they have in the first rows.
    private let others: [CombinationTable]
    private let keyedHash: KeyedHash
    private let ceilings: Limits.Ceilings
    private var rowsSeen: Int64 = 0
    private var entities: Int64 = 0
    private var lastEntity = UInt32.max
    private let entityNumbers = GrowingMemory()
    private let sums = GrowingMemory()

    /// Rows that are hashed at once.
    private static let stepRows = 1_024
    /// Rows from which values of columns in no combination are counted.
    private static let countedRows: Int64 = 1 << 20

    /// - Parameter key: of the table version. Hashes and the exact places of the classes' ends follow from it, so that a class says
    ///   nothing certain of one entity more or less, and the same rows of the same version are measured alike.
    init(_ plan: LoadPlan, _ measure: LoadMeasure, _ layout: RowLayout, key: SecretKey, _ ceilings: Limits.Ceilings) throws(StoreError) {
        self.layout = layout
        self.ceilings = ceilings
        minimum = measure.minimum
        keyedHash = KeyedHash(key: key.derive("table profile"))
        let quasi = measure.columns.filter { column in plan.columns.contains { $0.name == column.name && $0.identifier == nil } }
            .prefix(Limits.unionColumns)
        let rest = plan.columns.filter { column in column.identifier == nil && !quasi.contains { $0.name == column.name } }
        names = quasi.map(\.name) + rest.map(\.name)
        var columns: [MeasuredColumn] = []
        for (index, name) in names.enumerated() {
            guard let position = plan.file(of: .column(name)) else { throw StoreError(.planInvalid, [name]) }
            let form = quasi.first { $0.name == name }
            let seed = Self.number(keyedHash.tag(Array("column \(index)".utf8)))
            columns.append(MeasuredColumn(layout, position, granularity: form?.granularity, prefix: form?.prefix, view: form.map(Self.view), seed: seed))
        }
        self.columns = columns
        var tables: [CombinationTable] = []
        for set in Self.combinations(of: quasi.count, limit: Limits.unions) {
            tables.append(try CombinationTable(set, limit: ceilings.keptCombinations))
        }
        self.tables = tables
        var others: [CombinationTable] = []
        for index in quasi.count..<names.count { others.append(try CombinationTable([index], limit: 1 << 10)) }
        self.others = others
    }

    private static func view(_ column: LoadMeasure.Column) -> String { ColumnProfile.view(granularity: column.granularity, prefix: column.prefix) }

    private static func number(_ digest: Digest) -> UInt64 { digest.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    /// Combinations of columns: all together first, then each alone, pairs, and so on, as far as the limit goes.
    static func combinations(of count: Int, limit: Int) -> [[Int]] {
        guard count > 0 else { return [] }
        var found = [Array(0..<count)]
        for size in 1..<max(count, 1) {
            for set in subsets(of: count, size: size) {
                guard found.count < limit else { return found }
                found.append(set)
            }
        }
        return found
    }

    private static func subsets(of count: Int, size: Int) -> [[Int]] {
        guard size > 0 else { return [[]] }
        return (0..<count).flatMap { first in
            subsets(of: count - first - 1, size: size - 1).map { [first] + $0.map { $0 + first + 1 } }
        }
    }

    /// Measures rows that continue the order.
    func add(_ rows: OrderedRows, count: Int) throws(StoreError) {
        try entityNumbers.reserve(Self.stepRows * 4)
        try sums.reserve(Self.stepRows * 8)
        var first = 0
        while first < count {
            let end = min(first + Self.stepRows, count)
            try step(rows, first..<end)
            first = end
        }
    }

    private func step(_ rows: OrderedRows, _ range: Range<Int>) throws(StoreError) {
        let numbers = entityNumbers.start.array(UInt32.self)
        for (place, row) in range.enumerated() {
            let key = layout.keyColumn == nil ? UInt32(truncatingIfNeeded: rowsSeen + Int64(place)) & 0x7FFF_FFFF : rows.key(row)
            numbers[place] = key
            guard key != .max, key != lastEntity else { continue }
            entities += 1
            lastEntity = key
        }
        let isCounting = rowsSeen < Self.countedRows
        for (index, column) in columns.enumerated() where isCounting || index < columns.count - others.count {
            try column.hash(rows, range)
        }
        let sums = sums.start.array(UInt64.self)
        for table in tables { try add(table, numbers, range.count, sums) }
        if isCounting { for table in others { try add(table, numbers, range.count, sums) } }
        rowsSeen += Int64(range.count)
    }

    private func add(
        _ table: CombinationTable, _ numbers: UnsafeMutablePointer<UInt32>, _ count: Int, _ sums: UnsafeMutablePointer<UInt64>
    ) throws(StoreError) {
        for (order, column) in table.columns.enumerated() {
            let hashes = columns[column].hashes
            if order == 0 {
                for row in 0..<count { sums[row] = hashes[row] }
            } else {
                for row in 0..<count { sums[row] &+= hashes[row] }
            }
        }
        try table.add(UnsafePointer(sums), entities: UnsafePointer(numbers), count: count)
    }

    // MARK: Classes

    /// - Parameters:
    ///   - nulls: rows without a value, for each stored column.
    ///   - rows: all of them.
    ///   - ranges: bounds of numbers, for each stored column that may tell them.
    func profile(nulls: [Int64], rows: Int64, ranges: [PowerRange?]) -> TableProfile {
        let quasiCount = columns.count - others.count
        let profiles = columns.indices.map { index in
            let column = columns[index]
            let table = index < quasiCount ? tables.first { $0.columns == [index] } : others[index - quasiCount]
            let values = table.map { Self.power(of: $0.sums(minimum: minimum).combinations, atMost: 6) } ?? 0
            return ColumnProfile(
                name: names[index], values: max(values, 0), nulls: shareClass(Double(nulls[column.position]), of: Double(rows), "nulls \(index)"),
                range: ranges[column.position], view: column.view)
        }
        let unions = entities >= ceilings.profiledEntities ? tables.map(union) : []
        return TableProfile(minimum: minimum, columns: profiles, unions: unions)
    }

    private func union(_ table: CombinationTable) -> UnionProfile {
        let sums = table.sums(minimum: minimum)
        let appearances = sums.appearances
        let label = table.columns.map(String.init).joined(separator: ",")
        let average = sums.combinations > 0 ? appearances / sums.combinations / Double(minimum) : 0
        return UnionProfile(
            columns: table.columns.map { names[$0] }, unique: shareClass(sums.unique, of: appearances, "unique " + label),
            below: shareClass(sums.below, of: appearances, "below " + label), room: average < 1 ? -1 : Self.power(of: average, atMost: 5))
    }

    /// The ends of the classes are up to a sixteenth off, by the key.
    private func shareClass(_ part: Double, of whole: Double, _ label: String) -> ShareClass {
        guard whole > 0 else { return .none }
        let offset = Double(Int(keyedHash.tag(Array(label.utf8)).bytes[0]) - 128) / 128 / 16
        let share = part / whole
        return [(ShareClass.none, 0.01), (.few, 0.2), (.some, 0.5)].first { share < $0.1 * (1 + offset) }?.0 ?? .most
    }

    /// The power of ten that is not above.
    private static func power(of number: Double, atMost most: Int) -> Int {
        var (power, bound) = (0, 10.0)
        while bound <= number, power < most {
            bound *= 10
            power += 1
        }
        return power
    }
}

/// The last step of a hash.
enum Mix {
    @inline(__always)
    static func hash(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
