// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryPlan
import Tabular

/// One run of one plan: what its steps share.
final class Execution {
    let plan: ExecutionPlan
    let scans: [Int: any TableScan]
    let workers: Int
    let arena: ConfidentialArena
    let ceilings: EngineLimits.Ceilings
    /// Learns whether a right side has each key once.
    var watch: KeyWatch?
    /// Groupings that the plan holds more than once.
    let common: CommonParts
    /// Room for what memory does not hold; nil while the run tries to do without.
    let space: SpillSpace?
    /// Keys without which rows of a scan meet no partner further up, by table reference.
    var wanted: [Int: [WantedKey]] = [:]

    init(
        _ plan: ExecutionPlan, scans: [Int: any TableScan], workers: Int, budget: MemoryBudget, ceilings: EngineLimits.Ceilings,
        space: SpillSpace? = nil
    ) {
        self.ceilings = ceilings
        self.space = space
        self.plan = plan
        self.scans = scans
        self.workers = min(max(workers, 1), EngineLimits.workers)
        arena = ConfidentialArena(budget: budget)
        common = CommonParts(plan, scans)
    }

    private init(stageOf whole: Execution) {
        plan = whole.plan
        scans = whole.scans
        workers = whole.workers
        ceilings = whole.ceilings
        watch = whole.watch
        common = whole.common
        space = whole.space
        wanted = whole.wanted
        arena = ConfidentialArena(budget: whole.arena.budget)
    }

    /// A part of this run with memory of its own, which goes back as soon as nothing of it is used any more.
    func stage() -> Execution { Execution(stageOf: self) }

    /// Prunes columns and builds the right sides of joins.
    func prepare(_ plan: LogicalPlan, needed: Set<Int>) throws(EngineError) -> PreparedRelation {
        switch plan {
        case .scan(let scan): return .scan(try prepare(scan, needed: needed))
        case .filter(let filter):
            let input = try prepare(filter.input, needed: needed.union(filter.predicate.columns))
            return .filter(input, filter.predicate, live: needed)
        case .project(let project):
            var below: Set<Int> = []
            for position in needed where project.expressions.indices.contains(position) {
                project.expressions[position].collectColumns(into: &below)
            }
            return .project(try prepare(project.input, needed: below), project.expressions, live: needed)
        case .join(let join):
            switch join.kind {
            case .inner, .left: break
            case .semi, .anti, .mark, .single, .full: try requireOpen()
            }
            if let space, !join.keys.isEmpty { return try spillingJoin(join, needed: needed, space) }
            if marksLeft(join) {
                return kept(try markedLeft(join, needed: needed))
            }
            return join.kind == .full ? kept(try fullJoin(join, needed: needed)) : try prepare(join, needed: needed)
        case .aggregate(let aggregate):
            try requireOpen()
            if let space { return try spillingAggregate(aggregate, needed: needed, space) }
            let shared = try common.relation(aggregate) { () throws(EngineError) in
                try self.aggregate(aggregate, needed: Set(aggregate.aggregation.output.indices))
            }
            if let shared { return kept(shared) }
            return kept(try self.aggregate(aggregate, needed: needed))
        case .window(let window):
            try requireOpen()
            return kept(try self.window(window, needed: needed))
        case .sort(let sort):
            try requireOpen()
            return kept(try self.sort(sort, needed: needed))
        case .union(let union):
            try requireOpen()
            return kept(try self.union(union, needed: needed))
        }
    }

    /// As `prepare`, unless that is done.
    func prepare(_ plan: LogicalPlan, needed: Set<Int>, unless prepared: PreparedRelation?) throws(EngineError) -> PreparedRelation {
        if let prepared { return prepared }
        return try prepare(plan, needed: needed)
    }

    var isOpen: Bool { plan.rules.isOpen && plan.dimensions.isEmpty }

    /// What only open tables may do. PolicyCheck refuses such plans over protected ones before.
    private func requireOpen() throws(EngineError) {
        guard isOpen else { throw EngineError(.malformedPlan, ["open operator"]) }
    }

    func kept(_ relation: MaterialisedRelation) -> PreparedRelation {
        .scan(PreparedScan(relation, dimensions: plan.dimensions.count))
    }

    func prepare(_ join: Join, needed: Set<Int>, flags: MatchFlags? = nil) throws(EngineError) -> PreparedRelation {
        let columns = JoinColumns(join, needed: needed)
        guard mayPassKeys(join) else {
            let build = try BuildSide(self, join, needed: columns.rightBelow, live: columns.right)
            let prepared = try finish(join, columns, build, flags)
            passKeys(of: build, to: join)
            return .join(try prepare(join.left, needed: columns.leftBelow), prepared)
        }
        let left = try prepare(join.left, needed: columns.leftBelow)
        passKeys(of: left, to: join)
        return .join(left, try finish(join, columns, BuildSide(self, join, needed: columns.rightBelow, live: columns.right), flags))
    }

    /// A join whose right side stands.
    func finish(_ join: Join, _ columns: JoinColumns, _ build: BuildSide, _ flags: MatchFlags? = nil) throws(EngineError) -> PreparedJoin {
        flags?.rowCount = build.rowCount
        watch?.note(join, build)
        // Open rows beside protected ones are looked up, never multiplied by: else an open table with chosen repetitions would write
        // the size of a small group into the digits of a large count.
        if let table = plan.openLookup(join.right), build.hasRepeatedKey { throw EngineError(.openKeyRepeats, [table]) }
        return PreparedJoin(
            kind: join.kind, keys: join.keys.map(\.left), rightKeys: join.keys.map(\.right), residual: join.residual, build: build,
            leftCount: join.left.output.count, rightCount: join.right.output.count, live: columns.live, liveAbove: columns.above, isNullAware: join.isNullAware, flags: flags)
    }

    private func prepare(_ scan: Scan, needed: Set<Int>) throws(EngineError) -> PreparedScan {
        guard let source = scans[scan.reference] else { throw EngineError(.scanMissing, [scan.table]) }
        guard source.rowCount <= EngineLimits.tableRows else {
            throw EngineError(.tableTooLarge, [scan.table, String(EngineLimits.tableRows)])
        }
        var columns: [ScanColumn] = []
        func place(_ column: ScanColumn) -> Int {
            if let known = columns.firstIndex(of: column) { return known }
            columns.append(column)
            return columns.count - 1
        }
        let places = scan.output.enumerated().map { position, column in
            needed.contains(position) ? place(.column(column.origin?.column ?? column.name)) : nil
        }
        let required = (plan.scans[scan.reference]?.entities ?? []).map { place(.entity($0)) }
        let entities = plan.dimensions.map { dimension -> PreparedScan.EntityPlace in
            guard dimension.reference == scan.reference else { return .elsewhere }
            switch dimension.kind {
            case .entity(let type, _): return .column(place(.entity(type)))
            case .row: return .rowNumber
            }
        }
        var starts: [Int] = []
        var total = 0
        for count in source.blockRowCounts {
            starts.append(total)
            total += count
        }
        return PreparedScan(
            table: scan.table, reference: scan.reference, scan: source, columns: columns, places: places, entities: entities, required: required,
            blockStarts: starts)
    }

    /// Reads the relation on all workers. Each gets a sink of its own, made by `makeSink`; the sinks that ran are returned.
    func run<Sink: BatchSink>(
        _ relation: PreparedRelation, keepsEntitiesTogether: Bool, _ makeSink: @escaping () throws(EngineError) -> Sink
    ) throws(EngineError) -> [Sink] {
        let filtered = relation.drivingFilteredScan, driving = filtered.scan
        let keys = isOpen ? (driving.reference.flatMap { wanted[$0] } ?? []) + relation.wantedKeys : []
        let queue = MorselQueue(driving.scan, keepsEntitiesTogether: keepsEntitiesTogether)
        let count = min(workers, max(queue.morsels.count, 1))
        let slots = WorkerSlots<Sink>(count)
        let started = PhaseClock.now()
        defer { PhaseClock.add(.pipelines, since: started) }
        try Workers.run(count) { (number) throws(EngineError) in
            let started = PhaseClock.now()
            defer { PhaseClock.add(.workers, since: started) }
            do throws(EngineError) {
                let sink = try makeSink()
                slots.items[number] = sink
                let pipeline = try self.pipeline(relation, into: sink)
                let filters = try self.compile(filtered.predicates, keys)
                try ScanOperator(driving, filters: filters, live: filtered.live, output: pipeline, arena: self.arena).run(queue)
            } catch {
                queue.stop()
                throw error
            }
        }
        return slots.items.indices.compactMap { slots.items[$0] }
    }

    /// Filters of a scan for one worker: ranges of columns first, then keys that joins want, then what must be computed.
    private func compile(_ predicates: [BoundExpression], _ keys: [WantedKey]) throws(EngineError) -> [ScanFilter] {
        let compiler = ExpressionCompiler(arena: arena, parameters: plan.parameters)
        var ranges: [ColumnRange] = [], others: [ScanFilter] = []
        for predicate in predicates {
            guard let range = ColumnRange(predicate, parameters: plan.parameters) else {
                others.append(.predicate(try compiler.compile(predicate), positions: predicate.columns.sorted()))
                continue
            }
            if let known = ranges.firstIndex(where: { $0.position == range.position }) {
                ranges[known].range = ranges[known].range.clamped(to: range.range)
            } else {
                ranges.append(range)
            }
        }
        var wanted: [ScanFilter] = []
        for key in keys { wanted.append(.predicate(try KeyPresence(key, arena: arena), positions: [key.position])) }
        return ranges.map { .range(position: $0.position, $0.range) } + wanted + others
    }

    /// The operators above the driving scan and its filters, for one worker.
    private func pipeline(_ relation: PreparedRelation, into sink: any BatchSink) throws(EngineError) -> any BatchSink {
        // The scan itself filters.
        if relation.filteredScan != nil { return sink }
        let compiler = ExpressionCompiler(arena: arena, parameters: plan.parameters)
        switch relation {
        case .scan: return sink
        case .filter(let input, let predicate, let live):
            let filter = try FilterOperator(try compiler.compile(predicate), live: live, output: sink, arena: arena)
            return try pipeline(input, into: filter)
        case .project(let input, let expressions, let live):
            var compiled: [(any VectorExpression)?] = []
            for (position, expression) in expressions.enumerated() {
                compiled.append(live.contains(position) ? try compiler.compile(expression) : nil)
            }
            return try pipeline(input, into: ProjectOperator(compiled, output: sink))
        case .join(let input, let join):
            return try pipeline(input, into: try JoinOperator(join, compiler: compiler, output: sink, arena: arena))
        }
    }
}

/// One slot per worker, each written by its own worker only.
final class WorkerSlots<Item>: @unchecked Sendable {
    let items: UnsafeMutableBufferPointer<Item?>

    init(_ count: Int) {
        items = .allocate(capacity: count)
        items.initialize(repeating: nil)
    }

    deinit {
        items.deinitialize()
        items.deallocate()
    }
}
