// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The released cells of one aggregate while they are made. Only what may leave is written; everything else stays zero and NULL.
struct CellOutput {
    private let cells: AggregateCells
    private let rule: ReleaseRules.AggregateRule
    private let shape: CellShape
    private let values: UnsafeMutableRawPointer
    private let validity: UnsafeMutablePointer<UInt8>
    private let withheld: UnsafeMutablePointer<UInt8>
    private let arena: ConfidentialArena

    init(
        _ cells: AggregateCells, _ rule: ReleaseRules.AggregateRule, isOpen: Bool, _ count: Int, _ memory: ReleaseMemory
    ) throws(DisclosureError) {
        self.cells = cells
        self.rule = rule
        shape = CellShape(cells, rule, isOpen: isOpen)
        values = UnsafeMutableRawPointer(try memory.take(UInt8.self, count * (shape.type?.physical.strideBytes ?? 0)))
        validity = try memory.take(UInt8.self, count)
        withheld = try memory.take(UInt8.self, count)
        arena = memory.arena
    }

    /// Judges the groups of some rows and writes what may leave.
    func fill(_ range: Range<Int>, _ groups: UnsafePointer<UInt32>, _ judge: CellJudge) -> WithheldTally {
        switch rule.kind {
        case .count, .countDistinct:
            let values = values.assumingMemoryBound(to: Int64.self)
            return fill(range, groups, judge) { row, group in
                guard let count = shape.count(at: group) else { return }
                values[row] = count
                validity[row] = 1
            }
        case .sum, .average:
            let values = values.assumingMemoryBound(to: Int128.self)
            return fill(range, groups, judge) { row, group in
                guard let units = shape.units(at: group) else { return }
                values[row] = units
                validity[row] = 1
            }
        case .openValue:
            // The values are copied as a whole; this says which.
            return fill(range, groups, judge) { row, _ in validity[row] = 1 }
        }
    }

    @inline(__always)
    private func fill(
        _ range: Range<Int>, _ groups: UnsafePointer<UInt32>, _ judge: CellJudge, _ write: (_ row: Int, _ group: Int) -> Void
    ) -> WithheldTally {
        var tally = WithheldTally()
        for row in range {
            let group = Int(groups[row])
            if let reason = judge.objection(to: cells, by: rule, at: group) {
                withheld[row] = 1
                tally.note(reason)
            } else {
                write(row, group)
            }
        }
        return tally
    }

    /// Withholds some rows without looking at their cells.
    func hide(_ range: Range<Int>) -> WithheldTally {
        var tally = WithheldTally()
        for row in range {
            withheld[row] = 1
            tally.note(.tooFewContributors)
        }
        return tally
    }

    func column(
        _ groups: UnsafePointer<UInt32>, _ count: Int, hasWithheld: Bool, _ memory: ReleaseMemory
    ) throws(DisclosureError) -> ReleasedColumn {
        let flags = hasWithheld ? WithheldFlags(withheld, arena: arena) : nil
        if let type = shape.type {
            return ReleasedColumn(vector: ColumnVector(type: type, count: count, values: values, validity: validity, arena: arena), withheld: flags)
        }
        // Values of open data: where one is withheld, all are.
        guard !hasWithheld, let open = cells.openValues else {
            let none = UnsafeMutableRawPointer(try memory.take(UInt8.self, count)), nulls = try memory.take(UInt8.self, count)
            return ReleasedColumn(vector: ColumnVector(type: .null, count: count, values: none, validity: nulls, arena: arena), withheld: flags)
        }
        return ReleasedColumn(vector: try memory.gather(open, groups, count, sharesTexts: true))
    }
}
