// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// A column of the driving scan whose values must be keys of a right side: rows without are dropped before more of them is read.
struct WantedKey {
    /// The column's position in the plan of the scan.
    let position: Int
    let index: JoinIndex
    /// Keeps the index alive.
    let build: BuildSide
}

extension PreparedRelation {
    /// What the joins above the driving scan want of its columns, the lowest first.
    var wantedKeys: [WantedKey] {
        switch self {
        case .scan: return []
        case .filter(let input, _, _), .project(let input, _, _): return input.wantedKeys
        case .join(let input, let join):
            let known = input.wantedKeys
            guard join.kind == .inner || join.kind == .semi, let leading = join.build.leading,
                join.build.keyTypes[leading].physical == .int64, case .column(let position) = join.keys[leading].kind,
                let place = input.drivingPosition(position)
            else { return known }
            return known + [WantedKey(position: place, index: join.build.index, build: join.build)]
        }
    }

    /// Where a column stands in the driving scan; nil when it is computed or comes from elsewhere.
    private func drivingPosition(_ position: Int) -> Int? {
        switch self {
        case .scan: return position
        case .filter(let input, _, _): return input.drivingPosition(position)
        case .project(let input, let expressions, _):
            guard case .column(let below) = expressions[position].kind else { return nil }
            return input.drivingPosition(below)
        case .join(let input, let join): return position < join.leftCount ? input.drivingPosition(position) : nil
        }
    }
}

/// Whether a column's values are keys of a right side. The join asks again, so where most rows pass it stops looking.
final class KeyPresence: VectorExpression {
    let type = LogicalType.bool
    private let key: WantedKey
    private let buffer: VectorBuffer
    private var seen = 0
    private var kept = 0
    private var isUseless = false
    /// Rows after which it is judged.
    private static let trialRows = 2 * EngineLimits.batchRows

    init(_ key: WantedKey, arena: ConfidentialArena) throws(EngineError) {
        self.key = key
        buffer = try VectorBuffer(.bool, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        if !isUseless {
            let vector = try batch.column(key.position)
            let passed = key.index.has(UnsafePointer(vector.int64), vector.validity, batch.count, into: buffer.bool)
            seen += batch.count
            kept += passed
            if seen >= Self.trialRows, kept * 4 > seen * 3 {
                isUseless = true
                buffer.bool.update(repeating: 1, count: EngineLimits.batchRows)
            }
        }
        return buffer.vector(batch.count, hasValidity: false)
    }
}
