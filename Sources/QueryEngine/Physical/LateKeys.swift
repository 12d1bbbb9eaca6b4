// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Group keys that need not be grouped by, because another one determines them: they come from the right side of an inner join whose
/// only key is a group key too, and no two rows of that side have the same one. Only rows that are shown have them looked up.
struct LateKeys {
    /// The right side of the join.
    let relation: LogicalPlan
    /// Its key.
    let key: BoundExpression
    /// The group key that it equals.
    let known: Int
    /// Group keys that it determines, and their columns in the relation.
    let late: [(key: Int, column: Int)]

    /// Shown rows for which looking up pays.
    private static let mostRows = 65_536

    /// `rows`: as they are run. Nil where nothing, or no text, can be looked up.
    init?(_ rows: LogicalPlan, _ aggregation: Aggregation, _ shown: ShownRows) {
        guard let wanted = shown.wanted, !shown.order.isEmpty, wanted <= Self.mostRows else { return nil }
        let used = shown.columns, output = rows.output
        let origins = aggregation.keys.map { key -> ColumnOrigin? in
            if case .column(let position) = key.kind { output[position].origin } else { nil }
        }
        var best: LateKeys?
        for join in rows.innerJoins where join.keys.count == 1 && join.right.isPlain {
            let columns = join.right.output
            guard case .column(let position) = join.keys[0].right.kind, let origin = columns[position].origin,
                columns[position].type.physical == .int64, let known = origins.firstIndex(of: origin)
            else { continue }
            let late = origins.indices.compactMap { key -> (key: Int, column: Int)? in
                guard key != known, !used.contains(key), let origin = origins[key],
                    let column = columns.firstIndex(where: { $0.origin == origin })
                else { return nil }
                return (key, column)
            }
            guard late.contains(where: { columns[$0.column].type.physical == .codes }), late.count > best?.late.count ?? 0 else { continue }
            best = LateKeys(relation: join.right, key: join.keys[0].right, known: known, late: late)
        }
        guard let best else { return nil }
        self = best
    }

    private init(relation: LogicalPlan, key: BoundExpression, known: Int, late: [(key: Int, column: Int)]) {
        self.relation = relation
        self.key = key
        self.known = known
        self.late = late
    }

    /// For each key its place among those that are grouped by; nil: it is looked up.
    func places(_ keyCount: Int) -> [Int?] {
        let late = Set(late.map(\.key))
        var next = 0
        return (0..<keyCount).map { key in
            if late.contains(key) { return nil }
            next += 1
            return next - 1
        }
    }

    /// The aggregation without the keys that are looked up.
    func reduced(_ whole: Aggregation) -> Aggregation {
        let kept = places(whole.keys.count).enumerated().compactMap { $1 == nil ? nil : $0 }
        return Aggregation(
            keys: kept.map { whole.keys[$0] }, calls: whole.calls,
            output: kept.map { whole.output[$0] } + whole.output[whole.keys.count...], span: whole.span)
    }
}

/// Learns whether a right side that is built has each key once.
final class KeyWatch {
    let references: Set<Int>
    private(set) var isUnique = false

    init(_ relation: LogicalPlan) { references = Set(relation.scans.map(\.reference)) }

    func note(_ join: Join, _ build: BuildSide) {
        guard join.kind == .inner, Set(join.right.scans.map(\.reference)) == references else { return }
        isUnique = !build.hasRepeatedKey
    }
}

extension LogicalPlan {
    /// Inner joins whose columns come up unchanged.
    fileprivate var innerJoins: [Join] {
        switch self {
        case .filter(let filter): filter.input.innerJoins
        case .project(let project): project.input.innerJoins
        case .join(let join):
            switch join.kind {
            case .inner: [join] + join.left.innerJoins + join.right.innerJoins
            case .left, .semi, .anti, .mark, .single: join.left.innerJoins
            case .full: []
            }
        case .scan, .aggregate, .window, .sort, .union: []
        }
    }

    /// Whether reading it again costs little more than reading its tables.
    fileprivate var isPlain: Bool {
        switch self {
        case .scan: true
        case .filter, .project, .join: inputs.allSatisfy(\.isPlain)
        case .aggregate, .window, .sort, .union: false
        }
    }
}
