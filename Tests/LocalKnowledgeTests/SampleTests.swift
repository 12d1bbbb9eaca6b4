// SPDX-License-Identifier: Apache-2.0

import LocalKnowledge
import TestBasics
import Testing

/// Which rows are looked at, and what is told of them.
@Suite struct SampleTests {
    private static func rows(_ count: Int64) -> [Int64] {
        var (rows, row): ([Int64], Int64) = ([], 0)
        while true {
            row = KindSample.next(from: row)
            if row >= count { return rows }
            rows.append(row)
            row += 1
        }
    }

    private static func sample(_ count: Int64, _ value: (Int64) -> String) -> KindSample {
        let sample = KindSample()
        for row in rows(count) { bytes(value(row)) { sample.add($0, row: row) } }
        return sample
    }

    @Test func rowsAreBoundedAndEven() {
        let dense = Int64(Limits.denseRows)
        #expect(Self.rows(dense) == Array(0..<dense))
        #expect(Self.rows(dense + 3).suffix(2) == [dense, dense + 2])
        for doublings in 1...20 {
            #expect(Self.rows(dense << Int64(doublings)).count == Limits.denseRows + doublings * Limits.denseRows / 2)
        }
        // From wherever one asks, the same rows.
        let all = Self.rows(100_000)
        for start in stride(from: Int64(0), to: 100_000, by: 37) { #expect(KindSample.next(from: start) == all.first { $0 >= start } ?? 100_096) }
    }

    @Test("Every part of a file counts as much, however long the file is", arguments: [1_000, 5_000, 300_000] as [Int64])
    func evenShares(count: Int64) {
        // The first fifth and a bit are phones, the others are not.
        let some = Self.sample(count) { $0 < count * 22 / 100 ? "13800000000" : "a" }
        #expect(some.share(.mobilePhone) == .some)
        let none = Self.sample(count) { $0 < count * 18 / 100 ? "13800000000" : "a" }
        #expect(none.share(.mobilePhone) == KindShare.none)
        let most = Self.sample(count) { $0 > count * 18 / 100 ? "13800000000" : "a" }
        #expect(most.share(.mobilePhone) == .most)
        let less = Self.sample(count) { $0 > count * 22 / 100 ? "13800000000" : "a" }
        #expect(less.share(.mobilePhone) == .some)
    }

    @Test func fewValuesTellNothing() {
        let few = Int64(Limits.fewestValues)
        #expect(Self.sample(few) { _ in "13800000000" }.share(.mobilePhone) == .most)
        #expect(Self.sample(few - 1) { _ in "13800000000" }.share(.mobilePhone) == nil)
        #expect(Self.sample(few) { _ in "a" }.share(.mobilePhone) == KindShare.none)
        // Enough values, one phone too few among them.
        #expect(Self.sample(few + 1) { $0 == 0 ? "a" : "13800000000" }.likeliest?.kind == .mobilePhone)
        #expect(Self.sample(few) { $0 == 0 ? "a" : "13800000000" }.likeliest == nil)
        // NULL is no value.
        #expect(Self.sample(100) { $0 < few - 1 ? "13800000000" : "" }.share(.mobilePhone) == nil)
    }

    @Test("A few words that happen to look like names are no names")
    func names() {
        let givens = ["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀兰", "霞", "平"]
        let surnames = ["王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周"]
        let many = Self.sample(200) { surnames[Int($0) % 10] + givens[Int($0) / 10] }
        #expect(many.likeliest?.kind == .personalName && many.likeliest?.share == .most)
        let words = Self.sample(200) { ["高中", "方便", "常规"][Int($0) % 3] }
        #expect(kinds("常规").contains(.personalName) && words.likeliest == nil)
        // So many names fill no more places than there are names.
        let names = surnames.flatMap { surname in givens.map { surname + $0 } }
        func sample(_ count: Int) -> KindSample { Self.sample(400) { names[Int($0) % count] } }
        #expect(sample(Limits.nameVariety - 1).likeliest == nil)
        let enough = (Limits.nameVariety..<names.count).first { sample($0).likeliest != nil }
        #expect(enough.map { $0 < 2 * Limits.nameVariety } == true)
    }

    @Test("Values of two kinds: the more telling one")
    func ties() {
        var random = SplitMix64(seed: 3)
        let column = Self.sample(500) { _ in "34" + ["1502", "0104", "1181"][random.below(3)] }
        #expect(column.likeliest?.kind == .division)
        #expect(column.share(.postcode) != nil)
    }
}
