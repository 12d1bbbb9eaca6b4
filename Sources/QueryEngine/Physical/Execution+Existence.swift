// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension Execution {
    /// The guesses of join order.
    var order: JoinOrder { JoinOrder(rowCounts: scans.mapValues(\.rowCount)) }

    /// Whether one relation is thought to have so many times fewer rows than another.
    private func isSmaller(_ one: LogicalPlan, than other: LogicalPlan, times: Double) -> Bool {
        let order = order
        return order.size(one) * times < order.size(other)
    }

    /// Whether the left rows of a join are built and marked. Without a further condition a right side that is built keeps little more than bits,
    /// so the left one must be smaller by far.
    func marksLeft(_ join: Join) -> Bool {
        guard join.kind == .semi || join.kind == .anti, !join.isNullAware, !join.keys.isEmpty else { return false }
        return isSmaller(join.left, than: join.right, times: join.residual == nil ? 4 : 1.5)
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
            kind: .inner, keys: prepared.keys, rightKeys: prepared.rightKeys, residual: residual, build: prepared.build, leftCount: rightCount, rightCount: leftCount,
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
