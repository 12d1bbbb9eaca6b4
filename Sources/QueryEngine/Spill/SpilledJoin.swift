// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Joins parts of both sides that have the same hash, pair by pair, with the ordinary operators. Rows without partner come out of their own
/// pair, as rows with a NULL in their key do.
///
/// Null-aware mark joins keep rows with a NULL in their key apart. Such right rows are put beside each right part; such left rows are
/// shown each right part in turn until one leaves their mark unknown.
final class SpilledJoin {
    private let execution: Execution
    private let plan: Join
    private let columns: JoinColumns
    private let space: SpillSpace
    /// Of the joined rows.
    private let layout: SpillLayout
    private var chunks: [[SpillChunk]] = []
    /// Left rows with a NULL in their key whose mark is false so far.
    private var undecided: SpilledRelation?

    private struct Pair {
        let left: SpilledRelation
        let right: SpilledRelation
    }

    init(_ execution: Execution, _ join: Join, _ columns: JoinColumns, needed: Set<Int>, dimensions: [Int], _ space: SpillSpace) {
        self.execution = execution
        plan = join
        self.columns = columns
        self.space = space
        layout = SpillLayout(columns: needed, of: join.output, dimensions: dimensions, of: execution.plan.dimensions.count)
    }

    func run(left: [SpilledRelation], right: [SpilledRelation]) throws(EngineError) -> PreparedRelation {
        let count = execution.ceilings.spillParts
        let pairs = (0..<count).map { Pair(left: left[$0], right: right[$0]) }
        let nulls = plan.isUnknownAware ? right[count] : nil
        if plan.isUnknownAware { undecided = left[count] }
        if let nulls, nulls.rowCount > 0 { try decide(by: nulls) }
        try execution.eachPart(
            pairs, rows: \.right.rowCount, of: pairs.reduce(0) { $0 + $1.right.rowCount },
            deal: { (pair, level) throws(EngineError) in try self.deal(pair, level) },
            { (pair) throws(EngineError) in try self.join(pair, besides: nulls) })
        if let undecided, undecided.rowCount > 0 {
            // No right row is left that they could meet.
            let none = SpilledRelation(right[0].layout, [], isInOrder: false, space: space)
            chunks += try join(.scan(PreparedScan(undecided)), try build(none))
        }
        return joined(chunks)
    }

    func joined(_ chunks: [[SpillChunk]]) -> PreparedRelation {
        .scan(PreparedScan(SpilledRelation(layout, chunks, isInOrder: false, space: space)))
    }

    /// Joins left rows with a right side that stands, and puts the rows aside.
    func join(_ left: PreparedRelation, _ build: BuildSide) throws(EngineError) -> [[SpillChunk]] {
        let stage = execution.stage(), flags = plan.kind == .full ? MatchFlags() : nil
        let prepared = try stage.finish(plan, columns, build, flags)
        let joined = try stage.putAside(.join(left, prepared), layout, space)
        guard flags != nil else { return [joined.chunks] }
        let rest = try SpillSink(layout, nil, space, bufferBytes: stage.spillBufferBytes(1), arena: stage.arena)
        try UnmatchedRows(prepared, plan.output, arena: stage.arena).hand(to: rest)
        try rest.finish()
        return [joined.chunks] + rest.chunks
    }

    /// False when the right part does not fit memory.
    private func join(_ pair: Pair, besides nulls: SpilledRelation?) throws(EngineError) -> Bool {
        let isAsked = pair.left.rowCount > 0 || pair.right.rowCount > 0 && (plan.kind == .full || (undecided?.rowCount ?? 0) > 0)
        guard isAsked else { return true }
        guard execution.mayTry(pair.right.rowCount) else { return false }
        let right = SpilledRelation(
            pair.right.layout, [pair.right.chunks, nulls?.chunks ?? []], isInOrder: false, space: space)
        let made = try execution.unlessMemoryEnds { () throws(EngineError) in
            let build = try self.build(right)
            return (try self.join(.scan(PreparedScan(pair.left)), build), try self.decided(by: build))
        }
        guard let (joined, decided) = made else { return false }
        chunks += joined
        take(decided)
        return true
    }

    private func deal(_ pair: Pair, _ level: Int) throws(EngineError) -> [Pair] {
        func deal(_ relation: SpilledRelation, _ keys: [BoundExpression]) throws(EngineError) -> [SpilledRelation] {
            try execution.stage().deal(.scan(PreparedScan(relation)), relation.layout, by: .keys(keys), level: level, space)
        }
        let left = try deal(pair.left, plan.keys.map(\.left)), right = try deal(pair.right, plan.keys.map(\.right))
        return zip(left, right).map { Pair(left: $0, right: $1) }
    }

    private func build(_ right: SpilledRelation) throws(EngineError) -> BuildSide {
        try BuildSide(execution.stage(), plan, needed: columns.rightBelow, live: columns.right, right: .scan(PreparedScan(right)))
    }

    private func decide(by right: SpilledRelation) throws(EngineError) { take(try decided(by: try build(right))) }

    private func take(_ decided: (unknown: SpilledRelation, rest: SpilledRelation)?) {
        guard let decided else { return }
        chunks.append(decided.unknown.chunks)
        undecided = decided.rest
    }

    /// The undecided rows that some of these right rows leave unknown, joined, and the others as they were.
    private func decided(by build: BuildSide) throws(EngineError) -> (unknown: SpilledRelation, rest: SpilledRelation)? {
        guard let undecided, undecided.rowCount > 0 else { return nil }
        let stage = execution.stage(), position = plan.left.output.count
        let marked = PreparedRelation.join(.scan(PreparedScan(undecided)), try stage.finish(plan, columns, build))
        let mark = BoundExpression(kind: .column(position), type: .bool, isNullable: true, span: plan.span)
        func rows(isUnknown: Bool, live: Set<Int>, _ layout: SpillLayout) throws(EngineError) -> SpilledRelation {
            let condition = BoundExpression(
                kind: .isNull(mark, isNegated: !isUnknown), type: .bool, isNullable: false, span: plan.span)
            return try stage.putAside(.filter(marked, condition, live: live), layout, space)
        }
        return (
            try rows(isUnknown: true, live: layout.columns, layout),
            try rows(isUnknown: false, live: undecided.layout.columns, undecided.layout)
        )
    }
}

extension Join {
    /// Whether rows with a NULL in their key are more than rows without partner.
    var isUnknownAware: Bool { isNullAware && kind == .mark }
}
