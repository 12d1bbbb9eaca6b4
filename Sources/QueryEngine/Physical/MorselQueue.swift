// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Hands out morsels, runs of blocks of the driving table, each to one worker.
final class MorselQueue: Sendable {
    let morsels: [Range<Int>]
    private let next = Atomic<Int>(0)
    private let isStopped = Atomic<Bool>(false)

    /// Partitions, which keep all rows of an entity together; single blocks where nothing depends on that.
    init(_ scan: any TableScan, keepsEntitiesTogether: Bool) {
        morsels = keepsEntitiesTogether ? scan.partitions : scan.blockRowCounts.indices.map { $0..<($0 + 1) }
    }

    func take() -> Int? {
        if isStopped.load(ordering: .relaxed) { return nil }
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return number < morsels.count ? number : nil
    }

    /// Other workers end after their current morsel.
    func stop() { isStopped.store(true, ordering: .relaxed) }
}
