// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension Execution {
    /// Whether one relation is thought to have clearly fewer rows than another.
    func isSmaller(_ one: LogicalPlan, than other: LogicalPlan) -> Bool {
        let order = JoinOrder(rowCounts: scans.mapValues(\.rowCount))
        return order.size(one) * 1.5 < order.size(other)
    }

    /// A semi or anti join whose left side is built: the right rows pass by and mark the left rows that they meet.
    func markedLeft(_ join: Join, needed: Set<Int>) throws(EngineError) -> MaterialisedRelation {
        let leftCount = join.left.output.count, rightCount = join.right.output.count
        let places = (0..<leftCount).map { $0 + rightCount } + (0..<rightCount)
        let residual = join.residual.map { JoinOrder.moved($0, places) }
        let turned = Join(
            kind: .inner, left: join.right, right: join.left, keys: join.keys.map { Join.KeyPair(left: $0.right, right: $0.left) },
            residual: residual, output: join.right.output + join.left.output, span: join.span)
        let rows = stage(), flags = MatchFlags()
        let wanted = needed.filter { $0 < leftCount }
        let relation = try rows.prepare(turned, needed: Set(wanted.map { $0 + rightCount }), flags: flags)
        guard case .join(let input, let prepared) = relation else { throw EngineError(.malformedPlan, ["join"]) }
        // Pairs are only judged: none of their columns is needed above.
        let marking = PreparedJoin(
            kind: .inner, keys: prepared.keys, residual: residual, build: prepared.build, leftCount: rightCount, rightCount: leftCount,
            live: residual?.columns ?? [], liveAbove: [], isNullAware: false, flags: flags)
        _ = try rows.run(.join(input, marking), keepsEntitiesTogether: false) { () throws(EngineError) in NothingSink() }
        let build = prepared.build
        let chosen = try rows.arena.take(UInt32.self, build.rowCount)
        var count = 0
        for row in 0..<build.rowCount where flags.hasMet(row) == (join.kind == .semi) {
            chosen[count] = UInt32(truncatingIfNeeded: row)
            count += 1
        }
        var columns = [ColumnVector?](repeating: nil, count: leftCount)
        for position in wanted {
            guard let column = build.columns[position] else { throw EngineError(.malformedPlan, ["column"]) }
            columns[position] = try GatherBuffer(column.type, capacity: count, arena: arena).gather(column, chosen, count)
        }
        return MaterialisedRelation(rowCount: count, columns: columns)
    }
}

/// For what operators note on the way.
final class NothingSink: BatchSink {
    func consume(_ batch: Batch) throws(EngineError) {}
    func beginMorsel(_ morsel: Int) throws(EngineError) {}
}
