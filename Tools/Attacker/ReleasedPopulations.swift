// SPDX-License-Identifier: Apache-2.0

internal import DisclosureControl
internal import PolicyCheck
internal import QueryPlan

/// Which rows the released counts and sums of one statement rest on: to see whether two statements together tell about fewer than the
/// minimum. Nothing compares statements with each other yet; this counts how often it would matter.
package struct ReleasedPopulations: Sendable {
    struct Population: Sendable {
        /// What is added up; `1` for rows.
        let measure: String
        let rows: Set<[UInt64?]>
        /// The entities of each row's first dimension.
        let entities: [[UInt64?]: UInt64?]
    }

    let tables: [String]
    let minimum: Int
    let populations: [Population]

    /// Pairs of statements one of which counts all that the other counts, and fewer than the minimum more.
    package static func differencing(_ statements: [ReleasedPopulations]) -> Int {
        var pairs = 0
        for (place, one) in statements.enumerated() {
            for other in statements.dropFirst(place + 1) where one.tables == other.tables {
                if one.tells(other) || other.tells(one) { pairs += 1 }
            }
        }
        return pairs
    }

    private func tells(_ other: ReleasedPopulations) -> Bool {
        for large in populations {
            for small in other.populations where large.measure == small.measure && large.rows.count > small.rows.count {
                guard small.rows.isSubset(of: large.rows) else { continue }
                let rest = Set(large.rows.subtracting(small.rows).compactMap { large.entities[$0] ?? nil })
                if !rest.isEmpty, rest.count < minimum { return true }
            }
        }
        return false
    }
}

extension AttackCase {
    /// Of an accepted statement; nil for one that is not, and over open tables.
    package func populations(_ sql: String) throws -> ReleasedPopulations? {
        guard case .approved(let approved)? = try check(sql), case .answered(let answer) = run(approved, over: rows),
            let contributing = ContributingRows(approved, schema, rows.tables(schema), parameters: used(approved))
        else { return nil }
        let groups = Dictionary(grouping: contributing.rows, by: \.keys)
        var populations: [ReleasedPopulations.Population] = []
        for cells in answer.cells {
            let keys = cells.prefix(contributing.aggregation.keys.count).map(Examination.literal)
            for (call, cell) in cells.dropFirst(keys.count).enumerated() where cell != .withheld {
                var byMeasure: [String: [ContributingRows.Row]] = [:]
                for row in groups[keys] ?? [] { if let part = row.parts[call] { byMeasure[part.measure, default: []].append(row) } }
                for (measure, rows) in byMeasure {
                    let entities = Dictionary(rows.map { ($0.places, $0.entities.first ?? nil) }) { first, _ in first }
                    populations.append(.init(measure: measure, rows: Set(entities.keys), entities: entities))
                }
            }
        }
        return ReleasedPopulations(tables: contributing.references.map(\.table), minimum: contributing.minimum, populations: populations)
    }
}
