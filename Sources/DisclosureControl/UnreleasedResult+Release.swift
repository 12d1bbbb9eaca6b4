// SPDX-License-Identifier: Apache-2.0

import Tabular

extension UnreleasedResult {
    /// Judges every cell by the rules that came with the plan and lets out what they allow.
    ///
    /// A group with too few entities vanishes with its key; a result without keys is always one row. A cell of a visible row is
    /// a value, NULL or withheld. Rows with keys come sorted by them; open rows keep their order. The number of threads changes nothing.
    /// Claim: whatever the entities of a vanished group or of a withheld cell contribute, the released bytes are the same
    /// as long as the cell stays withheld for the same reason.
    /// Limits: `Limits.releasedRows`, `Limits.releasedCells`. Errors: `DisclosureError`; none depends on anything that would stay inside.
    public func release(threads: Int = 1) throws(DisclosureError) -> ReleasedCells {
        switch content {
        case .openRows(let batches):
            // Rows leave only as open data; a protected result has no rows, so it keeps them all.
            return try releaseRows(rules.isOpen ? batches : [])
        case .cells(let groupCount, let keys, let aggregates, let groupContributors):
            try Self.refuseEntities(in: keys + aggregates.compactMap(\.openValues))
            let judge = CellJudge(rules: rules, aggregates: aggregates, groupContributors: groupContributors)
            let bytes = ReleaseMemory.bytes(groups: groupCount, keys: keys, aggregates: aggregates.count)
            let release = GroupRelease(judge: judge, keys: keys, memory: ReleaseMemory(arena.budget, atMost: bytes), threads: threads)
            return keys.isEmpty ? try release.total(exists: groupCount > 0) : try release.groups(groupCount)
        }
    }

    private func releaseRows(_ batches: [[ColumnVector]]) throws(DisclosureError) -> ReleasedCells {
        for batch in batches { try Self.refuseEntities(in: batch) }
        let count = batches.reduce(0) { $0 + ($1.first?.count ?? 0) }
        try Limits.check(rows: count, columns: batches.first?.count ?? 0)
        let record = ReleaseRecord(rules: rules, withheldCells: 0)
        guard let first = batches.first else { return ReleasedCells(columns: [], count: 0, reasons: [], record: record) }
        let memory = ReleaseMemory(arena.budget, atMost: .max / 4)
        var columns: [ReleasedColumn] = []
        for position in first.indices {
            let vector = batches.count == 1 ? first[position] : try memory.join(batches.map { $0[position] }, count)
            columns.append(ReleasedColumn(vector: vector))
        }
        return ReleasedCells(columns: columns, count: count, reasons: [], record: record)
    }

    /// Depends on types only.
    private static func refuseEntities(in vectors: [ColumnVector]) throws(DisclosureError) {
        for vector in vectors {
            if case .entity(let kind) = vector.type { throw DisclosureError(.entityColumn, [kind]) }
        }
    }
}
