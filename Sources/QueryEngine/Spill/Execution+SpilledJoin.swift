// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Joins whose right side may outgrow memory. It is dealt out by its keys first. Where it turns out small it is built in memory and left
/// rows stream past it; else the left side is dealt out as well, and parts with the same hash are joined one after the other.
extension Execution {
    func spillingJoin(_ join: Join, needed: Set<Int>, _ space: SpillSpace) throws(EngineError) -> PreparedRelation {
        let columns = JoinColumns(join, needed: needed)
        let right = try dealtRight(join, columns, space)
        let whole = SpilledRelation(right[0].layout, right.map(\.chunks), isInOrder: false, space: space)
        if let build = try smallBuild(join, columns, whole) {
            guard join.kind == .full else {
                return .join(try prepare(join.left, needed: columns.leftBelow), try finish(join, columns, build))
            }
            let parted = SpilledJoin(self, join, columns, needed: needed, dimensions: [], space), rows = stage()
            return parted.joined(try parted.join(try rows.prepare(join.left, needed: columns.leftBelow), build))
        }
        let left = try dealtLeft(join, columns, space)
        let dimensions = left[0].layout.dimensions + (join.kind.yieldsRight ? right[0].layout.dimensions : [])
        return try SpilledJoin(self, join, columns, needed: needed, dimensions: dimensions, space).run(left: left, right: right)
    }

    private func dealtRight(_ join: Join, _ columns: JoinColumns, _ space: SpillSpace) throws(EngineError) -> [SpilledRelation] {
        let rows = stage()
        let relation = try rows.prepare(join.right, needed: columns.rightBelow)
        return try rows.deal(
            relation, spillLayout(columns.rightBelow, of: join.right.output, relation), by: .keys(join.keys.map(\.right)), level: 0,
            keepsNullsApart: join.isUnknownAware, space)
    }

    private func dealtLeft(_ join: Join, _ columns: JoinColumns, _ space: SpillSpace) throws(EngineError) -> [SpilledRelation] {
        let rows = stage()
        let relation = try rows.prepare(join.left, needed: columns.leftBelow)
        return try rows.deal(
            relation, spillLayout(columns.leftBelow, of: join.left.output, relation), by: .keys(join.keys.map(\.left)), level: 0,
            keepsNullsApart: join.isUnknownAware, space)
    }

    /// The right side in memory when it takes at most half of what is free: the other half is for what comes above and below.
    private func smallBuild(_ join: Join, _ columns: JoinColumns, _ right: SpilledRelation) throws(EngineError) -> BuildSide? {
        let used = arena.budget.usedBytes, share = max(arena.limitBytes - used, 0) / 2
        guard mayTry(right.rowCount), right.byteCount <= share else { return nil }
        let build = try unlessMemoryEnds { () throws(EngineError) in
            try BuildSide(self.stage(), join, needed: columns.rightBelow, live: columns.right, right: .scan(PreparedScan(right)))
        }
        // Arenas begin with a chunk however little they hold.
        return arena.budget.usedBytes - used <= max(share, ConfidentialArena.chunkBytes) ? build : nil
    }
}
