// SPDX-License-Identifier: Apache-2.0

import Tabular

extension UnreleasedResult {
    /// Judges every cell by the rules that came with the plan and lets out what they allow.
    ///
    /// A group with too few entities vanishes with its key; a result without keys is always one row. A cell of a visible row is
    /// a value, NULL or withheld. Rows with keys come sorted by them; open rows keep their order.
    /// Claim: whatever the entities of a vanished group or of a withheld cell contribute, the released bytes are the same
    /// as long as the cell stays withheld for the same reason.
    /// Limits: `Limits.releasedRows`, `Limits.releasedCells`. Errors: `DisclosureError`; none depends on anything that would stay inside.
    public func release() throws(DisclosureError) -> ReleasedCells {
        switch content {
        case .openRows(let batches):
            // Rows leave only as open data; a protected result has no rows, so it keeps them all.
            return try releaseRows(rules.isOpen ? batches : [])
        case .cells(let groupCount, let keys, let aggregates, let groupContributors):
            try Self.refuseEntities(in: keys + aggregates.compactMap(\.openValues))
            let judge = CellJudge(rules: rules, aggregates: aggregates, groupContributors: groupContributors)
            return keys.isEmpty
                ? releaseTotal(judge, exists: groupCount > 0)
                : try releaseGroups(judge, count: groupCount, keys: keys)
        }
    }

    private func releaseGroups(_ judge: CellJudge, count: Int, keys: [ColumnVector]) throws(DisclosureError) -> ReleasedCells {
        var visible = (0..<count).filter(judge.isVisible)
        try Limits.check(rows: visible.count, columns: keys.count + rules.aggregates.count)
        let order = KeyOrder(keys: keys)
        visible.sort(by: order.precedes)
        var tally = WithheldTally()
        let rows = visible.map { group in
            keys.map { ReleasedCell.value($0.literal(at: group)) } + tally.note(judge.verdicts(of: group))
        }
        return tally.release(rows, rules: rules)
    }

    private func releaseTotal(_ judge: CellJudge, exists: Bool) -> ReleasedCells {
        var tally = WithheldTally()
        let row: [ReleasedCell]
        if exists, judge.isVisible(0) {
            row = tally.note(judge.verdicts(of: 0))
        } else {
            row = tally.note(rules.aggregates.map { _ in .withheld(.tooFewContributors) })
        }
        return tally.release([row], rules: rules)
    }

    private func releaseRows(_ batches: [[ColumnVector]]) throws(DisclosureError) -> ReleasedCells {
        for batch in batches { try Self.refuseEntities(in: batch) }
        let count = batches.reduce(0) { $0 + ($1.first?.count ?? 0) }
        try Limits.check(rows: count, columns: batches.first?.count ?? 0)
        var rows: [[ReleasedCell]] = []
        rows.reserveCapacity(count)
        for batch in batches {
            for row in 0..<(batch.first?.count ?? 0) { rows.append(batch.map { .value($0.literal(at: row)) }) }
        }
        return WithheldTally().release(rows, rules: rules)
    }

    /// Depends on types only.
    private static func refuseEntities(in vectors: [ColumnVector]) throws(DisclosureError) {
        for vector in vectors {
            if case .entity(let kind) = vector.type { throw DisclosureError(.entityColumn, [kind]) }
        }
    }
}

/// Collects what was withheld while rows are made.
private struct WithheldTally {
    var cells = 0
    var reasons: Set<WithheldReason> = []

    mutating func note(_ verdicts: [CellVerdict]) -> [ReleasedCell] {
        var released: [ReleasedCell] = []
        released.reserveCapacity(verdicts.count)
        for verdict in verdicts {
            switch verdict {
            case .safe(let value): released.append(.value(value))
            case .withheld(let reason):
                cells += 1
                reasons.insert(reason)
                released.append(.withheld)
            }
        }
        return released
    }

    func release(_ rows: [[ReleasedCell]], rules: ReleaseRules) -> ReleasedCells {
        ReleasedCells(rows: rows, reasons: reasons.sorted(), record: ReleaseRecord(rules: rules, withheldCells: cells))
    }
}
