// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The release of grouped cells. Groups are judged in parts of fixed size, which threads share; what comes out does not depend on them.
struct GroupRelease {
    private let judge: CellJudge
    private let keys: [ColumnVector]
    private let threads: Int
    private let memory: ReleaseMemory
    /// Groups of one part.
    private static let partGroups = 4_096

    init(judge: CellJudge, keys: [ColumnVector], memory: ReleaseMemory, threads: Int) {
        self.judge = judge
        self.memory = memory
        self.keys = keys
        self.threads = threads
    }

    /// The visible groups in the order of their keys.
    func groups(_ count: Int) throws(DisclosureError) -> ReleasedCells {
        let scratch = memory.scratch()
        defer { withExtendedLifetime(scratch) {} }
        let (visible, visibleCount) = try visibleGroups(count, scratch)
        try Limits.check(rows: visibleCount, columns: keys.count + judge.aggregates.count)
        let groups = try KeyOrder(keys: keys, groups: visible, count: visibleCount, memory: scratch).sorted()
        var columns: [ReleasedColumn] = []
        for key in keys {
            columns.append(ReleasedColumn(vector: try memory.gather(key, groups, visibleCount, sharesTexts: judge.rules.isOpen)))
        }
        return try release(groups, visibleCount, keys: columns, isHidden: false)
    }

    /// The one row of a result without keys. It is there even when its group is not.
    func total(exists: Bool) throws(DisclosureError) -> ReleasedCells {
        let group = try memory.take(UInt32.self, 1)
        return try release(group, 1, keys: [], isHidden: !exists || !judge.isVisible(0))
    }

    /// Those that may be seen, by number. Nothing is allocated for the others.
    private func visibleGroups(_ count: Int, _ scratch: ReleaseMemory) throws(DisclosureError) -> (UnsafeMutablePointer<UInt32>, Int) {
        if judge.rules.isOpen { try Limits.check(rows: count, columns: keys.count + judge.aggregates.count) }
        let parts = Self.parts(count), judge = judge
        let flags = try scratch.take(UInt8.self, count), counts = try scratch.take(Int.self, parts)
        Workers.run(threads, each: parts) { part in
            var visible = 0
            for group in Self.range(part, count) where judge.isVisible(group) {
                flags[group] = 1
                visible += 1
            }
            counts[part] = visible
        }
        let total = (0..<parts).reduce(0) { $0 + counts[$1] }
        let groups = try scratch.take(UInt32.self, total)
        var next = 0
        for group in 0..<count where flags[group] != 0 {
            groups[next] = UInt32(truncatingIfNeeded: group)
            next += 1
        }
        return (groups, total)
    }

    /// Judges and shapes the cells of these groups. `isHidden`: all are withheld, as of a group that nobody may see.
    private func release(
        _ groups: UnsafePointer<UInt32>, _ count: Int, keys: [ReleasedColumn], isHidden: Bool
    ) throws(DisclosureError) -> ReleasedCells {
        var outputs: [CellOutput] = []
        for (cells, rule) in zip(judge.aggregates, judge.rules.aggregates) {
            outputs.append(try CellOutput(cells, rule, isOpen: judge.rules.isOpen, count, memory))
        }
        let parts = Self.parts(count), tallies = try memory.take(WithheldTally.self, parts * outputs.count)
        let judge = judge, filled = outputs
        Workers.run(threads, each: parts) { part in
            for (position, output) in filled.enumerated() {
                let range = Self.range(part, count)
                tallies[position * parts + part] = isHidden ? output.hide(range) : output.fill(range, groups, judge)
            }
        }
        var columns = keys, all = WithheldTally()
        for (position, output) in outputs.enumerated() {
            var tally = WithheldTally()
            for part in 0..<parts { tally.add(tallies[position * parts + part]) }
            all.add(tally)
            columns.append(try output.column(groups, count, hasWithheld: tally.cells > 0, memory))
        }
        return ReleasedCells(
            columns: columns, count: count, reasons: all.reasons, record: ReleaseRecord(rules: judge.rules, withheldCells: all.cells))
    }

    private static func parts(_ count: Int) -> Int { (count + partGroups - 1) / partGroups }

    private static func range(_ part: Int, _ count: Int) -> Range<Int> { (part * partGroups)..<min((part + 1) * partGroups, count) }
}

/// What was withheld in some cells.
struct WithheldTally: BitwiseCopyable {
    private(set) var cells = 0
    /// One bit for each reason, by its place among all.
    private var reasonBits: UInt8 = 0

    mutating func note(_ reason: WithheldReason) {
        cells += 1
        switch reason {
        case .tooFewContributors: reasonBits |= 1
        case .dominance: reasonBits |= 2
        case .branchTooSmall: reasonBits |= 4
        }
    }

    mutating func add(_ other: WithheldTally) {
        cells += other.cells
        reasonBits |= other.reasonBits
    }

    /// Sorted.
    var reasons: [WithheldReason] {
        let marked: [(UInt8, WithheldReason)] = [(1, .tooFewContributors), (2, .dominance), (4, .branchTooSmall)]
        return marked.filter { reasonBits & $0.0 != 0 }.map(\.1).sorted()
    }
}
