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

    init(
        _ plan: ExecutionPlan, scans: [Int: any TableScan], workers: Int, memoryLimitBytes: Int, ceilings: EngineLimits.Ceilings
    ) {
        self.ceilings = ceilings
        self.plan = plan
        self.scans = scans
        self.workers = min(max(workers, 1), EngineLimits.workers)
        arena = ConfidentialArena(limitBytes: memoryLimitBytes)
    }

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
            guard join.kind == .inner || join.kind == .left else { throw EngineError(.unsupported, [join.kind.rawValue]) }
            return try prepare(join, needed: needed)
        case .aggregate, .window, .sort, .union: throw EngineError(.unsupported, ["operator"])
        }
    }

    private func prepare(_ join: Join, needed: Set<Int>) throws(EngineError) -> PreparedRelation {
        let leftCount = join.left.output.count
        let live = needed.union(join.residual?.columns ?? [])
        var left = live.filter { $0 < leftCount }
        let right = Set(live.filter { $0 >= leftCount }.map { $0 - leftCount })
        var rightBelow = right
        for key in join.keys {
            key.left.collectColumns(into: &left)
            key.right.collectColumns(into: &rightBelow)
        }
        let relation = try prepare(join.right, needed: rightBelow)
        let build = try BuildSide(self, relation, join.right.output, live: right, keys: join.keys.map(\.right))
        // Open rows beside protected ones are looked up, never multiplied by: else an open table with chosen repetitions would write
        // the size of a small group into the digits of a large count.
        if let table = plan.openLookup(join.right), build.hasRepeatedKey { throw EngineError(.openKeyRepeats, [table]) }
        let prepared = PreparedJoin(
            kind: join.kind, keys: join.keys.map(\.left), residual: join.residual, build: build, leftCount: leftCount,
            rightCount: join.right.output.count, live: live, liveAbove: needed)
        return .join(try prepare(join.left, needed: left), prepared)
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
            table: scan.table, scan: source, columns: columns, places: places, entities: entities, required: required,
            blockStarts: starts)
    }

    /// Reads the relation on all workers. Each gets a sink of its own, made by `makeSink`; the sinks that ran are returned.
    func run<Sink: BatchSink>(
        _ relation: PreparedRelation, keepsEntitiesTogether: Bool, _ makeSink: @escaping () throws(EngineError) -> Sink
    ) throws(EngineError) -> [Sink] {
        let driving = relation.drivingScan
        let queue = MorselQueue(driving.scan, keepsEntitiesTogether: keepsEntitiesTogether)
        let count = min(workers, max(queue.morsels.count, 1))
        let slots = WorkerSlots<Sink>(count)
        try Workers.run(count) { (number) throws(EngineError) in
            do throws(EngineError) {
                let sink = try makeSink()
                slots.items[number] = sink
                let pipeline = try self.pipeline(relation, into: sink)
                try ScanOperator(driving, output: pipeline, arena: self.arena).run(queue)
            } catch {
                queue.stop()
                throw error
            }
        }
        return slots.items.indices.compactMap { slots.items[$0] }
    }

    /// The operators above the driving scan, for one worker.
    private func pipeline(_ relation: PreparedRelation, into sink: any BatchSink) throws(EngineError) -> any BatchSink {
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
