// SPDX-License-Identifier: Apache-2.0

internal import Tabular

/// Small tables with NULLs, duplicates and Chinese texts.
package enum RandomTables {
    /// Types that the fuzzer knows. Doubles are left out: their last digits are nobody's mistake.
    static let money = LogicalType.decimal(precision: 10, scale: 2)
    static let fine = LogicalType.decimal(precision: 9, scale: 3)
    static let types: [LogicalType] = [.int64, .int64, .int64, .text, .text, money, fine, .date, .bool, .timestamp]

    package static func make(_ random: inout RandomSource) -> [TestTable] {
        let names = ["t", "u", "v", "表"]
        return (0..<(2 + random.below(3))).map { table(names[$0], &random) }
    }

    private static func table(_ name: String, _ random: inout RandomSource) -> TestTable {
        var columns = [
            TestTable.Column(name: "k", type: .int64, isNullable: true), TestTable.Column(name: "s", type: .text, isNullable: true),
        ]
        for number in 0..<(2 + random.below(4)) {
            let prefix = random.chance(10) ? "列" : "c"
            columns.append(TestTable.Column(name: prefix + String(number), type: random.pick(types), isNullable: random.chance(80)))
        }
        let count = random.pick([0, 1, 3, 5, 8, 8, 12, 20])
        let rows = (0..<count).map { _ in columns.map { value($0, &random) } }
        // Whole rows come twice now and then.
        let twice = rows.filter { _ in random.chance(15) }
        return TestTable(name: name, columns: columns, rows: rows + twice)
    }

    private static func value(_ column: TestTable.Column, _ random: inout RandomSource) -> Literal {
        if column.isNullable, random.chance(20) { return .null }
        return value(column.type, &random)
    }

    static let words = ["a", "b", "ab", "abc", "B", "张三", "张", "李四", "a_b", "%", "x y", "医院", "中医院", "é"]

    /// A value of the type, from few different ones.
    static func value(_ type: LogicalType, _ random: inout RandomSource) -> Literal {
        switch type {
        case .bool: return .bool(random.chance(50))
        case .int64: return .int64(Int64(random.pick([0, 1, 2, 3, 4, 5, -1, -7, 10, 100, 999])))
        case .decimal(_, let scale):
            return .decimal(units: Int128(random.pick([0, 1, 5, 10, 50, 99, 100, 150, -5, -150, 12_345, 99_999])), scale: scale)
        case .date: return .date(days: Int64(random.pick([0, 19_723, 19_752, 19_753, 19_782, 10_956, -1, 11_016, 20_000])))
        case .timestamp:
            return .timestamp(microseconds: Int64(random.pick([0, 19_723, 19_753, 10_956, -1])) * 86_400_000_000 + Int64(random.pick([0, 1, 43_200, 86_399])) * 1_000_000)
        case .text, .double, .entity, .null: return .text(random.pick(words))
        }
    }
}
