// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryPlan
import Synchronization
import Tabular

/// What the aggregation of one plan has to keep, worked out once and shared by its workers.
final class AggregateLayout: @unchecked Sendable {
    let aggregation: Aggregation
    let calls: [Call]
    /// For each dimension whether its entities come in runs (else they are hashed).
    let isRun: [Bool]
    let share: Share
    /// What distinct entities are counted of, per group.
    let items: [Item]
    let sums: [Sum]
    /// What is computed of each row; calls with the same argument share it.
    let inputs: [Input]
    /// Pools of text keys.
    let keyPools: [TextPool?]
    /// Most groups.
    let groupsMaximum: Int
    /// Set when a column that was taken for the ordering entity itself turned out to differ from it.
    let isOwnEntityWrong = Atomic<Bool>(false)

    enum Item {
        /// Any row.
        case group
        /// A row in which the input has a value and which does not lack the entity that its sums are clamped by.
        case value(input: Int, clampDimension: Int?)
        /// A row that falls into a branch.
        case branch(call: Int, branch: Int)
    }

    struct Input {
        let argument: BoundExpression
        /// Whether numbers may come in fewer bits than their type has.
        let isNarrow: Bool
    }

    struct Sum {
        let input: Int
        let item: Int
        /// Values have 128 bits, or bounds are so far out that sums could leave 128 bits.
        let isWide: Bool
        let bounds: ClosedRange<Int128>?
        /// The dimension whose merged contributions are clamped.
        let clampDimension: Int?
    }

    struct Call {
        let function: AggregateFunction
        let argument: BoundExpression?
        let percentile: Percentile?
        let type: LogicalType
        let role: Role
        /// Place of its argument in `inputs`.
        let input: Int?
        /// Place of its presence in `items`; 0 for COUNT(*).
        let item: Int
        let branches: [Int]
        /// Of texts that are compared or counted.
        let pool: TextPool?
        /// Of 128-bit values that are counted.
        let numbering: SharedNumbering?
    }

    enum Role: Equatable {
        case rows
        case count
        case distinct
        /// COUNT(DISTINCT e) of the entity of this run dimension: its contributors.
        case distinctOwn(dimension: Int)
        case sum(Int)
        case open
    }

    /// Bounds within which 2^32 clamped entities cannot leave 128 bits.
    private static let narrowBound: Int128 = 1 << 94

    /// The release node's aggregation, with the evidence that the plan's rules ask for. `isInOrder`: rows come as the driving table has them.
    convenience init(
        _ plan: ExecutionPlan, _ aggregation: Aggregation, trustsOwnEntity: Bool, isInOrder: Bool = true, share: Share = .whole,
        _ ceilings: EngineLimits.Ceilings, arena: ConfidentialArena
    ) throws(EngineError) {
        guard plan.rules.aggregates.count == aggregation.calls.count, plan.rules.dimensions.count == plan.dimensions.count else {
            throw EngineError(.malformedPlan, ["rules"])
        }
        let driving = plan.rows.drivingScan?.reference
        let isRun = plan.dimensions.map { dimension in
            guard isInOrder, dimension.reference == driving else { return false }
            switch dimension.kind {
            case .entity(_, let isOrderingEntity): return isOrderingEntity
            case .row: return true
            }
        }
        try self.init(
            aggregation, plan, isRun: isRun, trustsOwnEntity: trustsOwnEntity, share: share, groupsMaximum: ceilings.groups, ceilings, arena: arena)
    }

    /// A grouping below the release node of an open plan: no evidence.
    convenience init(
        inner aggregation: Aggregation, share: Share = .whole, _ ceilings: EngineLimits.Ceilings, arena: ConfidentialArena
    ) throws(EngineError) {
        let rules = aggregation.calls.map {
            ReleaseRules.AggregateRule(kind: Self.kind($0), clamp: nil, dominance: nil, roundingBase: 1, branchCount: 0)
        }
        let plan = ExecutionPlan(
            rows: .scan(Scan(reference: 0, table: "", output: [], span: aggregation.span)), release: .aggregate(aggregation),
            rules: ReleaseRules(isOpen: true, dimensions: [], aggregates: rules), dimensions: [], scans: [:], branchConditions: [],
            parameters: [:])
        try self.init(
            aggregation, plan, isRun: [], trustsOwnEntity: false, share: share, groupsMaximum: ceilings.innerGroups, ceilings, arena: arena)
    }

    private init(
        _ aggregation: Aggregation, _ plan: ExecutionPlan, isRun: [Bool], trustsOwnEntity: Bool, share: Share, groupsMaximum: Int,
        _ ceilings: EngineLimits.Ceilings, arena: ConfidentialArena
    ) throws(EngineError) {
        self.groupsMaximum = groupsMaximum
        self.aggregation = aggregation
        self.isRun = isRun
        self.share = share
        var keyPools: [TextPool?] = []
        func pool(if isNeeded: Bool) throws(EngineError) -> TextPool? {
            isNeeded ? try TextPool(arena: arena, bytesMaximum: ceilings.textPoolBytes) : nil
        }
        for key in aggregation.keys { keyPools.append(try pool(if: key.type.physical == .codes)) }
        self.keyPools = keyPools
        var items: [Item] = [.group]
        var calls: [Call] = []
        var sums: [Sum] = []
        var inputs: [Input] = []
        // Calls of the same argument share what is computed and, with the same clamp, what is kept; branches are counted once.
        var knownInputs: [String: Int] = [:], knownItems: [String: Int] = [:], knownSums: [String: Int] = [:]
        for (position, call) in aggregation.calls.enumerated() {
            let rule = plan.rules.aggregates[position]
            var role = try Self.role(call, rule)
            if role == .distinct, trustsOwnEntity, let own = Self.ownDimension(call, plan, isRun) { role = .distinctOwn(dimension: own) }
            let isNarrow = role == .sum(0) || role == .count
            var input: Int?
            var item = 0
            var name = ""
            if let argument = call.argument {
                name = SharedExpressions.name(argument) + (isNarrow ? " narrow" : "")
                input = Self.place(name, in: &knownInputs, &inputs, Input(argument: argument, isNarrow: isNarrow))
            }
            if let input, role != .open {
                let clampDimension = role == .sum(0) ? rule.clamp?.dimension : nil
                name += clampDimension.map { " clamped by \($0)" } ?? ""
                item = Self.place(name, in: &knownItems, &items, .value(input: input, clampDimension: clampDimension))
            }
            let conditions = plan.branchConditions.indices.contains(position) ? plan.branchConditions[position] : []
            let branches = conditions.enumerated().map { branch, condition in
                Self.place("branch " + SharedExpressions.name(condition), in: &knownItems, &items, .branch(call: position, branch: branch))
            }
            if role == .sum(0), let argument = call.argument, let input {
                let bounds = rule.clamp.map { min($0.lower, $0.upper)...max($0.lower, $0.upper) }
                if let clamp = rule.clamp, !plan.dimensions.indices.contains(clamp.dimension) { throw EngineError(.malformedPlan, ["clamp"]) }
                let isFarOut = bounds.map { $0.lowerBound < -Self.narrowBound || $0.upperBound > Self.narrowBound } ?? false
                let sum = Sum(
                    input: input, item: item, isWide: argument.type.physical == .int128 || isFarOut, bounds: bounds,
                    clampDimension: rule.clamp?.dimension)
                role = .sum(Self.place(name + " \(bounds.map { "\($0)" } ?? "")", in: &knownSums, &sums, sum))
            }
            let physical = call.argument?.type.physical
            let comparesTexts = physical == .codes && (role == .distinct || role == .open)
            calls.append(
                Call(
                    function: call.function, argument: call.argument, percentile: call.percentile, type: call.type, role: role, input: input, item: item,
                    branches: branches, pool: try pool(if: comparesTexts),
                    numbering: physical == .int128 && (role == .distinct || role == .open) ? try SharedNumbering(arena: arena) : nil))
        }
        self.items = items
        self.calls = calls
        self.sums = sums
        self.inputs = inputs
    }

    /// The place of what has this name, which is added where it is new.
    private static func place<T>(_ name: String, in known: inout [String: Int], _ list: inout [T], _ new: T) -> Int {
        if let place = known[name] { return place }
        known[name] = list.count
        list.append(new)
        return list.count - 1
    }

    /// How the engine keeps an open aggregate.
    private static func kind(_ call: AggregateCall) -> ReleaseRules.Kind {
        let isExact = call.argument?.type.isExactNumeric ?? false
        switch call.function {
        case .countRows, .count: return .count
        case .countDistinct: return .countDistinct
        case .sum where isExact: return .sum(scale: call.argument?.type.scale ?? 0)
        case .average where isExact: return .average(scale: call.argument?.type.scale ?? 0, resultScale: call.type.scale)
        case .sum, .average, .minimum, .maximum, .sumDistinct, .averageDistinct, .deviationSample, .deviationPopulation, .varianceSample,
            .variancePopulation, .percentile, .boolAnd, .boolOr:
            return .openValue
        }
    }

    /// Words of the group keys that a table may be indexed by directly, nil when there are others.
    func directPlaces(_ keys: KeyTokens) -> [Int]? {
        for type in keys.types {
            switch type.physical {
            case .bool, .int64, .codes, .entity: continue
            case .int128, .double: return nil
            }
        }
        return keys.places
    }

    private static func role(_ call: AggregateCall, _ rule: ReleaseRules.AggregateRule) throws(EngineError) -> Role {
        guard let argument = call.argument else {
            guard call.function == .countRows, rule.kind == .count else { throw EngineError(.malformedPlan, ["aggregate"]) }
            return .rows
        }
        switch (call.function, rule.kind) {
        case (.count, .count): return .count
        case (.countDistinct, .countDistinct): return .distinct
        case (.sum, .sum(let scale)) where argument.type.isExactNumeric && scale == argument.type.scale: return .sum(0)
        case (.average, .average(let scale, _)) where argument.type.isExactNumeric && scale == argument.type.scale: return .sum(0)
        case (.minimum, .openValue), (.maximum, .openValue): return .open
        case (.sum, .openValue) where argument.type == .double, (.average, .openValue) where argument.type == .double: return .open
        case (.sumDistinct, .openValue), (.averageDistinct, .openValue), (.deviationSample, .openValue), (.deviationPopulation, .openValue),
            (.varianceSample, .openValue), (.variancePopulation, .openValue), (.percentile, .openValue), (.boolAnd, .openValue),
            (.boolOr, .openValue):
            return .open
        case (.countRows, _), (.count, _), (.countDistinct, _), (.sum, _), (.average, _), (.minimum, _), (.maximum, _), (.sumDistinct, _),
            (.averageDistinct, _), (.deviationSample, _), (.deviationPopulation, _), (.varianceSample, _), (.variancePopulation, _),
            (.percentile, _), (.boolAnd, _), (.boolOr, _):
            throw EngineError(.malformedPlan, ["aggregate"])
        }
    }

    /// The run dimension whose own entity the argument looks like. Whether it is, is verified row by row.
    private static func ownDimension(_ call: AggregateCall, _ plan: ExecutionPlan, _ isRun: [Bool]) -> Int? {
        guard let argument = call.argument, case .column(let position) = argument.kind, case .entity(let type) = argument.type,
            plan.rows.output.indices.contains(position), let origin = plan.rows.output[position].origin
        else { return nil }
        return plan.dimensions.indices.first { dimension in
            let source = plan.dimensions[dimension]
            return isRun[dimension] && source.reference == origin.reference
                && source.kind == .entity(type: type, isOrderingEntity: true)
        }
    }
}

/// Numbers of 128-bit values for all workers.
final class SharedNumbering: @unchecked Sendable {
    private let numbering: ValueNumbering
    private let lock = Mutex<Bool>(false)

    init(arena: ConfidentialArena) throws(EngineError) { numbering = try ValueNumbering(arena: arena) }

    func number(_ value: Int128) throws(EngineError) -> UInt32 {
        let number: UInt32? = lock.withLock { _ in try? numbering.number(value) }
        guard let number else { throw EngineError(.resourceExhausted) }
        return number
    }
}
