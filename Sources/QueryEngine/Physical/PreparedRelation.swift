// SPDX-License-Identifier: Apache-2.0

import PolicyCheck
import QueryPlan
import Tabular

/// A relation that is ready to be read by workers: its columns are pruned and the right sides of its joins are built.
indirect enum PreparedRelation {
    case scan(PreparedScan)
    /// `live`: columns that something above needs.
    case filter(PreparedRelation, BoundExpression, live: Set<Int>)
    /// `live`: output columns to compute.
    case project(PreparedRelation, [BoundExpression], live: Set<Int>)
    case join(PreparedRelation, PreparedJoin)
}

/// What is read of a table.
struct PreparedScan {
    let table: String
    /// Of a table of the plan; nil for rows that an operator kept.
    var reference: Int?
    let scan: any TableScan
    /// Store columns in the order in which a reader yields them.
    let columns: [ScanColumn]
    /// For each output column of the plan its place in `columns`, nil when nobody needs it.
    let places: [Int?]
    /// For each dimension of the plan where its numbers come from.
    let entities: [EntityPlace]
    /// Places of the entities without which a row takes part in nothing.
    let required: [Int]
    /// First row number of each block.
    let blockStarts: [Int]

    enum EntityPlace {
        /// Belongs to another table reference.
        case elsewhere
        case column(Int)
        case rowNumber
    }
}

/// A join whose right side is built.
struct PreparedJoin {
    let kind: Join.Kind
    let keys: [BoundExpression]
    /// The same of the right side.
    let rightKeys: [BoundExpression]
    let residual: BoundExpression?
    let build: BuildSide
    let leftCount: Int
    let rightCount: Int
    /// Joined columns that the residual or something above needs.
    let live: Set<Int>
    let liveAbove: Set<Int>
    /// Of mark joins.
    let isNullAware: Bool
    /// Of full joins: which right rows met a partner.
    let flags: MatchFlags?
}

/// A scan with the filters right above it, which the scan applies itself.
struct FilteredScan {
    let scan: PreparedScan
    /// All must be true; those that cost little come first.
    var predicates: [BoundExpression] = []
    /// Columns that something above the filters needs; nil: all that the scan has.
    var live: Set<Int>?
}

/// Which columns a join needs.
struct JoinColumns {
    /// Joined columns that something above needs.
    let above: Set<Int>
    /// Those and the residual's.
    let live: Set<Int>
    /// Right columns among `live`.
    let right: Set<Int>
    /// Columns of each side, those of its keys among them.
    let leftBelow: Set<Int>
    let rightBelow: Set<Int>

    init(_ join: Join, needed: Set<Int>) {
        let leftCount = join.left.output.count
        let above = needed.filter { $0 < leftCount || join.kind.yieldsRight }
        let live = above.union(join.residual?.columns ?? [])
        let right = Set(live.filter { $0 >= leftCount }.map { $0 - leftCount })
        var leftBelow = live.filter { $0 < leftCount }, rightBelow = right
        for key in join.keys {
            key.left.collectColumns(into: &leftBelow)
            key.right.collectColumns(into: &rightBelow)
        }
        (self.above, self.live, self.right, self.leftBelow, self.rightBelow) = (above, live, right, leftBelow, rightBelow)
    }
}

extension PreparedRelation {
    /// The left-most scan, whose blocks the workers share.
    var drivingFilteredScan: FilteredScan {
        switch self {
        case .scan(let scan): return FilteredScan(scan: scan)
        case .project(let input, _, _), .join(let input, _): return input.drivingFilteredScan
        case .filter(let input, _, _): return filteredScan ?? input.drivingFilteredScan
        }
    }

    /// The relation, when it is a scan with nothing but filters above it.
    var filteredScan: FilteredScan? {
        switch self {
        case .scan(let scan): return FilteredScan(scan: scan)
        case .project, .join: return nil
        case .filter(let input, let predicate, let live):
            guard var scan = input.filteredScan else { return nil }
            let terms = predicate.conjuncts
            scan.predicates += terms.filter { !$0.isCostly } + terms.filter(\.isCostly)
            scan.live = live
            return scan
        }
    }
}

extension BoundExpression {
    fileprivate var conjuncts: [BoundExpression] {
        if case .and(let terms) = kind { return terms.flatMap(\.conjuncts) }
        return [self]
    }

    /// Whether it calls a function or looks at texts.
    fileprivate var isCostly: Bool {
        if case .function = kind { return true }
        return type.physical == .codes || children.contains(where: \.isCostly)
    }
}
