// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The states of one sum in one run dimension, of 64-bit or 128-bit values.
final class RunSumStates {
    private let bounds: ClosedRange<Int128>?
    private let narrow: ArenaArray<RunSum<Int128>>?
    private let wide: ArenaArray<RunSum<WideSum>>?

    /// `isWide` where values have 128 bits or bounds are so large that 128 bits could be left.
    init(isWide: Bool, bounds: ClosedRange<Int128>?, arena: ConfidentialArena) throws(EngineError) {
        self.bounds = bounds
        narrow = isWide ? nil : try ArenaArray(arena: arena)
        wide = isWide ? try ArenaArray(arena: arena) : nil
    }

    func reserve(_ groups: Int) throws(EngineError) {
        try narrow?.reserve(groups)
        try wide?.reserve(groups)
    }

    /// `values` are Int64 or, when wide, Int128.
    func add(
        _ values: UnsafeMutableRawPointer, _ groups: UnsafePointer<UInt32>, _ entities: UnsafePointer<UInt32>,
        _ mask: UnsafePointer<UInt8>?, _ count: Int
    ) {
        if let narrow {
            RunLoops.sum(narrow.base, groups, entities, values.assumingMemoryBound(to: Int64.self), mask, count, bounds)
        } else if let wide {
            RunLoops.sum(wide.base, groups, entities, values.assumingMemoryBound(to: Int128.self), mask, count, bounds)
        }
    }

    /// Ends the runs that are under way.
    func finish(_ groups: Int) {
        let lower = bounds?.lowerBound ?? .min, upper = bounds?.upperBound ?? .max
        for group in 0..<groups {
            if let narrow, narrow.base[group].lastEntity != 0 {
                narrow.base[group].flush(lower, upper, bounds != nil)
                narrow.base[group].lastEntity = 0
            }
            if let wide, wide.base[group].lastEntity != 0 {
                wide.base[group].flush(lower, upper, bounds != nil)
                wide.base[group].lastEntity = 0
            }
        }
    }

    func fold(_ group: Int) -> SumFold { narrow?.base[group].fold ?? wide?.base[group].fold ?? SumFold() }
}
