// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Synchronization
import Tabular

/// Groupings that keep more than memory holds for one group: without keys, or of one key. Rows are put aside once. What takes little is
/// computed of all of them; what grows with values or entities is computed apart, each dealt out by what it grows with. A value or an
/// entity is in one part only, so counts, exact sums and evidence of the parts add up.
extension Execution {
    /// How a grouping is laid out for a share of what it keeps. `isInOrder`: rows come as the driving table has them.
    typealias MakeLayout = (AggregateLayout.Share, _ isInOrder: Bool, ConfidentialArena) throws(EngineError) -> AggregateLayout

    /// The groups of rows that were put aside, at most one; nil when there are more.
    func mergedApart(_ rows: SpilledRelation, _ space: SpillSpace, _ make: MakeLayout) throws(EngineError) -> GroupMerge? {
        let main = try merged(rows, .constant, make)
        guard main.groupCount <= 1 else { return nil }
        let layout = main.layout
        // It will be laid out anew.
        guard main.groupCount == 1, !layout.isOwnEntityWrong.load(ordering: .relaxed) else { return main }
        for input in layout.inputs.indices { try addValues(of: input, rows, space, to: main) }
        for dimension in layout.isRun.indices where !layout.isRun[dimension] {
            try eachPart(of: rows, by: .entity(dimension: dimension), space) { (part) throws(EngineError) in
                main.add(dimension: dimension, try self.merged(part, .dimension(dimension), make), isWeighted: self.plan.weights[dimension] != nil)
            }
        }
        return main
    }

    /// What needs each value of one expression. Only its columns are read.
    private func addValues(of input: Int, _ rows: SpilledRelation, _ space: SpillSpace, to main: GroupMerge) throws(EngineError) {
        let layout = main.layout, argument = layout.inputs[input].argument
        let growing = layout.calls.indices.filter { layout.calls[$0].input == input && layout.calls[$0].growsWithValues }
        guard !growing.isEmpty else { return }
        let narrow = rows.layout.keeping(argument.columns)
        let values = narrow.recordBytes == rows.layout.recordBytes ? rows : try stage().putAside(.scan(PreparedScan(rows)), narrow, space)
        try rank(growing.filter { layout.calls[$0].function == .percentile }, of: argument, values, main)
        let calls = growing.filter { layout.calls[$0].function != .percentile }
        guard !calls.isEmpty else { return }
        let whole = layout.aggregation
        let aggregation = Aggregation(
            keys: [], calls: calls.map { whole.calls[$0] }, output: calls.map { whole.output[whole.keys.count + $0] }, span: whole.span)
        try eachPart(of: values, by: .keys([argument]), space) { (part) throws(EngineError) in
            let merge = try self.merged(part, .whole) { (share, _, arena) throws(EngineError) in
                try AggregateLayout(inner: aggregation, share: share, self.ceilings, arena: arena)
            }
            try main.add(values: merge, to: calls)
        }
    }

    private func merged(_ rows: SpilledRelation, _ share: AggregateLayout.Share, _ make: MakeLayout) throws(EngineError) -> GroupMerge {
        let states = stage()
        let layout = try make(share, rows.isInOrder, states.arena)
        let operators = try stage().run(.scan(PreparedScan(rows)), keepsEntitiesTogether: layout.isRun.contains(true)) { () throws(EngineError) in
            try AggregateOperator(layout, self.plan, arena: states.arena)
        }
        return try GroupMerge(layout, operators, threads: workers, arena: states.arena)
    }

    /// Hands all rows to `body`, or parts of them where they do not fit; those without a key are in no part then. Rows that no hash parts
    /// are of one key, for which `body` keeps little.
    private func eachPart(
        of rows: SpilledRelation, by keys: DealingKeys, level: Int = 0, uneven: Int = 0, _ space: SpillSpace,
        _ body: (SpilledRelation) throws(EngineError) -> Void
    ) throws(EngineError) {
        if mayTry(rows.rowCount) || uneven > 1, try unlessMemoryEnds({ () throws(EngineError) in try body(rows) }) != nil { return }
        guard level < ceilings.spillLevels, uneven < 2 else { throw EngineError(.resourceExhausted) }
        let dealt = try stage().deal(.scan(PreparedScan(rows)), rows.layout, by: keys, level: level, keepsNullsApart: true, space).dropLast()
        for part in dealt where part.rowCount > 0 {
            try eachPart(of: part, by: keys, level: level + 1, uneven: part.rowCount == rows.rowCount ? uneven + 1 : 0, space, body)
        }
    }

    /// Percentiles of one expression, a few at a time.
    private func rank(_ calls: [Int], of argument: BoundExpression, _ rows: SpilledRelation, _ main: GroupMerge) throws(EngineError) {
        for start in stride(from: 0, to: calls.count, by: RankSearch.percentilesAtOnce) {
            let some = calls[start..<min(start + RankSearch.percentilesAtOnce, calls.count)]
            let search = RankSearch(some.compactMap { main.layout.calls[$0].percentile })
            while let digit = search.nextDigit {
                let counting = stage()
                let compiler = ExpressionCompiler(arena: counting.arena, parameters: plan.parameters)
                let sinks = try counting.run(.scan(PreparedScan(rows)), keepsEntitiesTogether: false) { () throws(EngineError) in
                    try RankCounts(digit, of: try compiler.compile(argument), arena: counting.arena)
                }
                search.take(sinks)
            }
            for (call, value) in zip(some, search.values) { main.set(percentile: value, ofRows: search.rowCount, call) }
        }
    }
}

extension AggregateLayout {
    /// Which part of what a grouping keeps one pass over its rows computes.
    enum Share: Equatable {
        case whole
        /// What takes as much for many values and entities as for few.
        case constant
        /// The evidence in one hashed dimension.
        case dimension(Int)
    }

    /// Whether there is anything that grows with values or entities.
    var isParted: Bool { isRun.contains(false) || calls.contains(where: \.growsWithValues) }

    func keepsHashed(_ dimension: Int) -> Bool { !isRun[dimension] && (share == .whole || share == .dimension(dimension)) }

    func keepsStates(of call: Call) -> Bool {
        switch share {
        case .whole: true
        case .constant: !call.growsWithValues
        case .dimension: false
        }
    }
}

extension AggregateLayout.Call {
    /// Whether each further value takes memory.
    var growsWithValues: Bool {
        switch role {
        case .rows, .count, .distinctOwn, .sum: false
        case .distinct: true
        // Texts that are compared stay in a pool.
        case .open: function == .percentile || function == .sumDistinct || function == .averageDistinct || pool != nil
        }
    }
}

extension GroupMerge {
    /// Adds what some values gave, one call of the part for each of `calls`. Both have one group, and no value is in both. Changes nothing that
    /// shows when memory ends.
    fileprivate func add(values part: GroupMerge, to calls: [Int]) throws(EngineError) {
        for (place, call) in calls.enumerated() { if let own = open[call], let theirs = part.open[place] { try own.makeRoom(for: theirs) } }
        for (place, call) in calls.enumerated() {
            distinctCounts[call].base[0] += part.distinctCounts[place].base[0]
            if let own = open[call], let theirs = part.open[place] { own.add(part: theirs) }
        }
    }

    /// Adds the evidence of some entities. Both have one group, and no entity is in both. `isWeighted`: how many contribute is a sum over all
    /// rows, which is known.
    fileprivate func add(dimension: Int, _ part: GroupMerge, isWeighted: Bool) {
        guard part.groupCount == 1 else { return }
        if !isWeighted {
            for item in layout.items.indices { contributors[dimension][item].base[0] += part.contributors[dimension][item].base[0] }
        }
        for sum in layout.sums.indices { folds[dimension][sum].base[0].add(part.folds[dimension][sum].base[0]) }
    }

    fileprivate func set(percentile value: Double, ofRows count: Int64, _ call: Int) { open[call]?.set(percentile: value, ofRows: count) }
}
