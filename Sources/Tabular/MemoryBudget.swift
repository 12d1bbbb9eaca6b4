// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Bytes that several arenas may map together, so that parts of one job can give their memory back before the job ends.
public final class MemoryBudget: Sendable {
    /// Largest number of bytes that may be mapped at a time, give or take one chunk.
    public let limitBytes: Int
    private let mapped = Atomic<Int>(0)

    public init(limitBytes: Int) { self.limitBytes = limitBytes }

    /// Bytes mapped now.
    public var mappedBytes: Int { mapped.load(ordering: .relaxed) }

    func take(_ bytes: Int) -> Bool {
        let sum = mapped.wrappingAdd(bytes, ordering: .relaxed).newValue
        if sum <= limitBytes + ConfidentialArena.chunkBytes { return true }
        give(bytes)
        return false
    }

    func give(_ bytes: Int) { mapped.wrappingSubtract(bytes, ordering: .relaxed) }
}
