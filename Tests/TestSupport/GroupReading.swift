// SPDX-License-Identifier: Apache-2.0

internal import DisclosureControl
package import QueryEngine
package import QueryPlan
package import Tabular

/// Reads the engine's groups into the oracle's form.
package enum GroupReading {
    package static func literal(_ vector: ColumnVector, _ row: Int) -> Literal {
        if vector.isNull(row) { return .null }
        switch vector.type {
        case .bool: return .bool(vector.bool[row] != 0)
        case .int64: return .int64(vector.int64[row])
        case .decimal(_, let scale): return .decimal(units: vector.type.physical == .int128 ? vector.int128[row] : Int128(vector.int64[row]), scale: scale)
        case .double: return .double(vector.double[row])
        case .date: return .date(days: vector.int64[row])
        case .timestamp: return .timestamp(microseconds: vector.int64[row])
        case .text: return .text(String(decoding: vector.dictionary!.entry(vector.codes[row]), as: UTF8.self))
        case .entity: return .int64(Int64(vector.entities[row]))
        case .null: return .null
        }
    }

    package static func groups(_ table: GroupTable) -> [NaiveGroup] {
        (0..<table.groupCount).map { group in
            let cells = table.aggregates.enumerated().map { position, cells in
                var cell = NaiveGroup.Cell()
                cell.value = cells.value[group]
                cell.valueCount = cells.valueCount[group]
                cell.isOverflow = cells.overflow[group] != 0
                cell.open = cells.openValues.map { literal($0, group) }
                cell.contributors = cells.dimensions.map { $0.contributors[group] }
                cell.magnitudes = cells.dimensions.compactMap { evidence in
                    evidence.magnitudes.map { [$0.largest[group], $0.second[group], $0.total[group]] }
                }
                cell.branches = cells.branchContributors.map { $0.map { $0[group] } }
                return cell
            }
            return NaiveGroup(
                keys: table.keys.map { literal($0, group) }, contributors: table.groupContributors.map { $0[group] }, cells: cells)
        }
    }

    /// What does not fit decimal(38) is an overflow and reads 0.
    package static func bounded(_ group: NaiveGroup) -> NaiveGroup {
        var result = group
        for position in result.cells.indices where ExactDecimal.bounded(result.cells[position].value) == nil {
            result.cells[position].value = 0
            result.cells[position].isOverflow = true
        }
        return result
    }

    /// The expected group with those measures of spread that are equal within 10^-9 taken from the actual one.
    package static func tolerating(_ group: NaiveGroup, _ actual: NaiveGroup?, _ aggregation: Aggregation) -> NaiveGroup {
        var result = group
        for (position, call) in aggregation.calls.enumerated() {
            switch call.function {
            case .deviationSample, .deviationPopulation, .varianceSample, .variancePopulation: break
            default: continue
            }
            guard case .double(let wanted)? = group.cells[position].open, case .double(let found)? = actual?.cells[position].open,
                abs(wanted - found) <= 1e-9 * max(abs(wanted), 1)
            else { continue }
            result.cells[position].open = .double(found)
        }
        return result
    }

    package static func hasOverflow(_ groups: [[Literal]: NaiveGroup]) -> Bool {
        groups.values.contains { $0.cells.contains { ExactDecimal.bounded($0.value) == nil || $0.magnitudes.contains { $0.contains { $0 > 1 << 90 } } } }
    }
}
