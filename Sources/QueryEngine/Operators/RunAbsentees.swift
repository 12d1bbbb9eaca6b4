// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Entities that have rows in a group but no value in any of them, so that a sum that counts the entities with a value tells of all.
///
/// Whether an entity is absent is known when its run ends: then the sum's state of the group either remembers it or does not.
final class RunAbsentees {
    /// Absent entities of each group, and the last entity + 1 that lacked a value in a row.
    private var counts: ArenaArray<RunCount>?
    /// Groups in which the entity of the run that is under way lacked a value.
    private var open: ArenaArray<UInt32>?
    private var openCount = 0
    /// That entity + 1.
    private var entity: UInt64 = 0
    private let arena: ConfidentialArena

    init(arena: ConfidentialArena) { self.arena = arena }

    func reserve(_ groups: Int) throws(EngineError) { try counts?.reserve(groups) }

    /// Whether the run that is under way may leave an absentee, and is not this entity's.
    func isOpen(before next: UInt32) -> Bool { openCount > 0 && entity != UInt64(next) + 1 }
    func isOpen(for next: UInt32) -> Bool { openCount > 0 && entity == UInt64(next) + 1 }

    /// A row without a value; there is room for `groups`. Other runs are settled.
    func note(_ group: UInt32, _ number: UInt32, of groups: Int) throws(EngineError) {
        if counts == nil { counts = try ArenaArray(capacity: groups, givesBack: true, arena: arena) }
        if open == nil { open = try ArenaArray(arena: arena) }
        guard let counts, let open else { return }
        entity = UInt64(number) + 1
        guard counts.base[Int(group)].lastEntity != entity else { return }
        counts.base[Int(group)].lastEntity = entity
        try open.reserve(openCount + 1)
        open.base[openCount] = group
        openCount += 1
    }

    /// The run has ended; `last`: the last entity + 1 that had a value in a group.
    func settle(_ last: (Int) -> UInt64) {
        guard openCount > 0, let counts, let open else { return }
        for place in 0..<openCount {
            let group = Int(open.base[place])
            if last(group) != entity { counts.base[group].contributors += 1 }
        }
        openCount = 0
    }

    func contributors(_ group: Int) -> Int64 { counts.map { $0.base[group].contributors } ?? 0 }

    /// All entities of a group, where those with a value are `known`.
    func adding(to known: RunCount, _ group: Int) -> RunCount {
        guard let own = counts?.base[group] else { return known }
        var all = RunCount(lastEntity: known.lastEntity, contributors: known.contributors + own.contributors)
        if openCount > 0, own.lastEntity == entity, known.lastEntity != entity {
            all.lastEntity = entity
            all.contributors += 1
        }
        return all
    }
}
