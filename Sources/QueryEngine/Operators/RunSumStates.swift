// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The states of one sum in one run dimension, of 64-bit or 128-bit values. States of 64-bit values begin small and become wider
/// before the sum of all absolute values so far could leave 64 bits, so that it does not depend on the values what comes out.
final class RunSumStates {
    private let bounds: ClosedRange<Int128>?
    private var small: ArenaArray<SmallRunSum>?
    private var narrow: ArenaArray<RunSum<Int128>>?
    private let wide: ArenaArray<RunSum<WideSum>>?
    /// No sum of absolute values is beyond this.
    private var reach: Int64 = 0
    private let smallBounds: ClosedRange<Int64>
    private let arena: ConfidentialArena

    /// `isWide` where values have 128 bits or bounds are so large that 128 bits could be left.
    init(isWide: Bool, bounds: ClosedRange<Int128>?, arena: ConfidentialArena) throws(EngineError) {
        self.bounds = bounds
        self.arena = arena
        let lower = Int64(clamping: bounds?.lowerBound ?? .min), upper = Int64(clamping: bounds?.upperBound ?? .max)
        smallBounds = lower...upper
        // A bound on the other side of zero adds to what an entity contributes.
        let isCentred = bounds.map { $0.lowerBound <= 0 && $0.upperBound >= 0 } ?? true
        small = isWide || !isCentred ? nil : try ArenaArray(givesBack: true, arena: arena)
        narrow = isWide || isCentred ? nil : try ArenaArray(givesBack: true, arena: arena)
        wide = isWide ? try ArenaArray(givesBack: true, arena: arena) : nil
    }

    func reserve(_ groups: Int) throws(EngineError) {
        try small?.reserve(groups)
        try narrow?.reserve(groups)
        try wide?.reserve(groups)
    }

    /// `values` are Int64 or, when wide, Int128.
    func add(
        _ values: UnsafeMutableRawPointer, _ groups: UnsafePointer<UInt32>, _ entities: UnsafePointer<UInt32>,
        _ mask: UnsafePointer<UInt8>?, _ count: Int
    ) throws(EngineError) {
        if let small, try !mustWiden(values.assumingMemoryBound(to: Int64.self), count) {
            RunLoops.sum(
                small.base, groups, entities, values.assumingMemoryBound(to: Int64.self), mask, count, smallBounds.lowerBound,
                smallBounds.upperBound)
        } else if let narrow {
            RunLoops.sum(narrow.base, groups, entities, values.assumingMemoryBound(to: Int64.self), mask, count, bounds)
        } else if let wide {
            RunLoops.sum(wide.base, groups, entities, values.assumingMemoryBound(to: Int128.self), mask, count, bounds)
        }
    }

    private func mustWiden(_ values: UnsafePointer<Int64>, _ count: Int) throws(EngineError) -> Bool {
        let (added, overflow) = RunLoops.greatest(values, count).multipliedReportingOverflow(by: Int64(count))
        let (sum, isBeyond) = reach.addingReportingOverflow(added)
        if !overflow, !isBeyond {
            reach = sum
            return false
        }
        guard let small else { return true }
        let larger = try ArenaArray<RunSum<Int128>>(capacity: small.capacity, givesBack: true, arena: arena)
        for group in 0..<small.capacity { larger.base[group] = small.base[group].widened }
        narrow = larger
        small.discard()
        self.small = nil
        return true
    }

    /// Ends the runs that are under way.
    func finish(_ groups: Int) {
        let lower = bounds?.lowerBound ?? .min, upper = bounds?.upperBound ?? .max
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
        small?.base[group].widened.fold ?? narrow?.base[group].fold ?? wide?.base[group].fold ?? SumFold()
    }
}
