// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The states of one sum in one run dimension. They begin tiny and become wider before anything could leave its bits, so what comes out
/// does not depend on how wide they are.
final class RunSumStates {
    private let bounds: ClosedRange<Int128>?
    private var tiny: ArenaArray<TinyRunSum>?
    private var small: ArenaArray<SmallRunSum>?
    private var narrow: ArenaArray<RunSum<Int128>>?
    private var wide: ArenaArray<RunSum<WideSum>>?
    private let isWide: Bool
    private var capacity = 16
    /// No sum of absolute values is beyond this.
    private var reach: UInt64 = 0
    private var rows = 0
    private let smallBounds: ClosedRange<Int64>
    /// While the states tell of all entities of a group and not only of those with a value.
    private var absentees: RunAbsentees?
    private let arena: ConfidentialArena

    /// `isWide` where values may have 128 bits or bounds are so large that 128 bits could be left. `carries`: counts entities without a value.
    init(isWide: Bool, bounds: ClosedRange<Int128>?, carries: Bool, arena: ConfidentialArena) throws(EngineError) {
        self.bounds = bounds
        self.isWide = isWide
        self.arena = arena
        let lower = Int64(clamping: bounds?.lowerBound ?? .min), upper = Int64(clamping: bounds?.upperBound ?? .max)
        smallBounds = lower...upper
        absentees = carries ? RunAbsentees(arena: arena) : nil
        // A bound on the other side of zero adds to what an entity contributes.
        if bounds.map({ $0.lowerBound <= 0 && $0.upperBound >= 0 }) ?? true {
            tiny = try make(tiny)
        } else if isWide {
            wide = try make(wide)
        } else {
            narrow = try make(narrow)
        }
    }

    private func make<T>(_ kind: ArenaArray<T>?) throws(EngineError) -> ArenaArray<T> {
        try ArenaArray<T>(capacity: capacity, givesBack: true, arena: arena)
    }

    func reserve(_ groups: Int) throws(EngineError) {
        guard groups > capacity else { return }
        try absentees?.reserve(groups)
        try tiny?.reserve(groups)
        try small?.reserve(groups)
        try narrow?.reserve(groups)
        try wide?.reserve(groups)
        capacity = tiny?.capacity ?? small?.capacity ?? narrow?.capacity ?? wide?.capacity ?? groups
    }

    /// Adds the rows whose mask is 1. While it carries, the others are noted as rows without a value.
    func add(
        _ vector: ColumnVector, _ groups: UnsafePointer<UInt32>, _ entities: UnsafePointer<UInt32>, _ mask: UnsafePointer<UInt8>?
    ) throws(EngineError) {
        try widen(for: vector)
        let count = vector.count
        guard let absentees, count > 0 else { return try loop(vector, groups, entities, mask, 0..<count) }
        if absentees.isOpen(before: entities[0]) { absentees.settle(lastEntity) }
        var start = 0
        while start < count {
            // Up to the end of the run in which a value lacks next, or the run that is under way.
            var absent = start
            if !absentees.isOpen(for: entities[start]) {
                if let mask { while absent < count, mask[absent] != 0 { absent += 1 } } else { absent = count }
            }
            var end = absent
            while end < count, entities[end] == entities[absent] { end += 1 }
            try loop(vector, groups, entities, mask, start..<end)
            if let mask { for row in absent..<end where mask[row] == 0 { try absentees.note(groups[row], entities[row], of: capacity) } }
            if end < count { absentees.settle(lastEntity) }
            start = end
        }
    }

    private func loop(
        _ vector: ColumnVector, _ groups: UnsafePointer<UInt32>, _ entities: UnsafePointer<UInt32>, _ mask: UnsafePointer<UInt8>?,
        _ rows: Range<Int>
    ) throws(EngineError) {
        var rows = rows
        if let tiny {
            let upper = UInt32(clamping: smallBounds.upperBound)
            let stop = RunLoops.sum(tiny.base, groups, entities, vector.int64, mask, rows, upper)
            rows = stop..<rows.upperBound
            if !rows.isEmpty { try leaveTiny() }
        }
        if let small {
            RunLoops.sum(small.base, groups, entities, vector.int64, mask, rows, smallBounds.lowerBound, smallBounds.upperBound)
        } else if let narrow {
            let values = vector.int64
            RunLoops.sum(narrow.base, groups, entities, { values[$0] }, mask, rows, bounds)
        } else if let wide, vector.type.physical == .int128 {
            let values = vector.int128
            RunLoops.sum(wide.base, groups, entities, { values[$0] }, mask, rows, bounds)
        } else if let wide {
            let values = vector.int64
            RunLoops.sum(wide.base, groups, entities, { Int128(values[$0]) }, mask, rows, bounds)
        }
    }

    /// Makes the states as wide as these values ask for.
    private func widen(for vector: ColumnVector) throws(EngineError) {
        guard tiny != nil || small != nil else { return }
        guard vector.type.physical == .int64, fits(vector) else {
            try leaveTiny()
            return try leaveSmall()
        }
        rows += vector.count
        guard tiny != nil else { return }
        let isTiny = { (bounds: ClosedRange<Int64>) in bounds.lowerBound >= 0 && bounds.upperBound <= Int64(UInt32.max) }
        let isKnown = ValueBounds.known(vector).map(isTiny) ?? false
        if rows > Int(UInt32.max) || (!isKnown && !isTiny(ValueBounds.measured(vector))) { try leaveTiny() }
    }

    /// Whether no sum of absolute values leaves 64 bits with these.
    private func fits(_ vector: ColumnVector) -> Bool {
        for bounds in [ValueBounds.known(vector), nil] {
            let most = (bounds ?? ValueBounds.measured(vector)).magnitude
            let (added, overflow) = most.multipliedReportingOverflow(by: UInt64(vector.count))
            let (sum, isBeyond) = reach.addingReportingOverflow(added)
            if !overflow, !isBeyond, sum <= UInt64(Int64.max) {
                reach = sum
                return true
            }
        }
        return false
    }

    private func leaveTiny() throws(EngineError) {
        guard let tiny else { return }
        let larger = try make(small)
        for group in 0..<capacity { larger.base[group] = tiny.base[group].widened }
        small = larger
        tiny.discard()
        self.tiny = nil
    }

    private func leaveSmall() throws(EngineError) {
        guard let small else { return }
        if isWide {
            let larger = try make(wide)
            for group in 0..<capacity { larger.base[group] = small.base[group].widened.widened }
            wide = larger
        } else {
            let larger = try make(narrow)
            for group in 0..<capacity { larger.base[group] = small.base[group].widened }
            narrow = larger
        }
        small.discard()
        self.small = nil
    }

    /// Ends the runs that are under way.
    func finish(_ groups: Int) {
        absentees?.settle(lastEntity)
        let lower = bounds?.lowerBound ?? .min, upper = bounds?.upperBound ?? .max
        if let tiny {
            let upper = UInt32(clamping: smallBounds.upperBound), states = tiny.base
            for group in 0..<groups where states[group].lastEntity != 0 {
                states[group].flush(upper)
                states[group].lastEntity = 0
            }
        }
        if let small {
            for group in 0..<groups where small.base[group].lastEntity != 0 {
                small.base[group].flush(smallBounds.lowerBound, smallBounds.upperBound)
                small.base[group].lastEntity = 0
            }
        }
        if let narrow {
            for group in 0..<groups where narrow.base[group].lastEntity != 0 {
                narrow.base[group].flush(lower, upper, bounds != nil)
                narrow.base[group].lastEntity = 0
            }
        }
        if let wide {
            for group in 0..<groups where wide.base[group].lastEntity != 0 {
                wide.base[group].flush(lower, upper, bounds != nil)
                wide.base[group].lastEntity = 0
            }
        }
    }

    func fold(_ group: Int) -> SumFold {
        if let tiny { return tiny.base[group].widened.widened.fold }
        return small?.base[group].widened.fold ?? narrow?.base[group].fold ?? wide?.base[group].fold ?? SumFold()
    }

    func valueCount(_ group: Int) -> Int64 {
        if let tiny { return Int64(tiny.base[group].valueCount) }
        return small?.base[group].valueCount ?? narrow?.base[group].valueCount ?? wide?.base[group].valueCount ?? 0
    }

    /// All entities of a group that it carries, once all runs have ended.
    func carried(_ group: Int) -> Int64 { contributors(group) + (absentees?.contributors(group) ?? 0) }

    /// Entities with a value of the runs that ended.
    private func contributors(_ group: Int) -> Int64 {
        if let tiny { return Int64(tiny.base[group].contributors) }
        return small?.base[group].contributors ?? narrow?.base[group].contributors ?? wide?.base[group].contributors ?? 0
    }

    /// The last entity + 1 that had a value in a group.
    private func lastEntity(_ group: Int) -> UInt64 {
        if let tiny { return UInt64(tiny.base[group].lastEntity) }
        return small?.base[group].lastEntity ?? narrow?.base[group].lastEntity ?? wide?.base[group].lastEntity ?? 0
    }

    /// All entities of a group that it carries, with the run that is under way.
    func runCount(_ group: Int) -> RunCount {
        let last = lastEntity(group)
        let known = RunCount(lastEntity: last, contributors: contributors(group) + (last == 0 ? 0 : 1))
        return absentees?.adding(to: known, group) ?? known
    }

    /// From now on entities without a value are nobody's concern.
    func stopCarrying() { absentees = nil }
}
