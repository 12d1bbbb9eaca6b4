// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// A join keeps only pairs with equal keys. Where an earlier join of the left side has reduced the values of a key to those of a small
/// relation, the scan below the right side's key need not hand on others: `lineitem` grouped by part for a few parts reads those parts.
/// This changes time only, and is done for open plans alone.
extension Execution {
    /// Whether the left side of a join is prepared first, for what it may tell the right one.
    func mayPassKeys(_ join: Join) -> Bool {
        guard isOpen, space == nil, join.kind != .full, !join.isNullAware else { return false }
        return join.keys.contains { pair in
            guard case .column(let left) = pair.left.kind, case .column = pair.right.kind else { return false }
            return isReduced(left, of: join.left)
        }
    }

    /// Whether a join with a small relation is thought to reduce the values of a column.
    private func isReduced(_ position: Int, of plan: LogicalPlan) -> Bool {
        switch plan {
        case .filter(let filter): return isReduced(position, of: filter.input)
        case .project(let project):
            guard case .column(let below) = project.expressions[position].kind else { return false }
            return isReduced(below, of: project.input)
        case .join(let join):
            let leftCount = join.left.output.count, isOnLeft = position < leftCount
            if join.kind == .inner || (join.kind == .semi && isOnLeft), !marksLeft(join), order.isReduced(join.right) {
                let keys = join.keys.map { isOnLeft ? $0.left : $0.right }
                if keys.contains(where: { if case .column(isOnLeft ? position : position - leftCount) = $0.kind { true } else { false } }) { return true }
            }
            return isOnLeft && join.kind != .full && isReduced(position, of: join.left)
        case .scan, .aggregate, .window, .sort, .union: return false
        }
    }

    /// Notes for the scans of the right side which values of its keys have a partner on the left.
    func passKeys(of left: PreparedRelation, to join: Join) {
        for pair in join.keys {
            guard case .column(let position) = pair.left.kind, case .column(let target) = pair.right.kind,
                pair.left.type.physical == .int64, pair.right.type.physical == .int64, let known = left.knownKeys(position)
            else { continue }
            pass(known, to: target, of: join.right)
        }
    }

    /// Notes for groupings of the left side which values of a key have a partner on the right. The driving scan learns of it as it is.
    func passKeys(of build: BuildSide, to join: Join) {
        guard isOpen, space == nil, join.kind == .inner || join.kind == .semi, let leading = build.leading,
            build.keyTypes[leading].physical == .int64, case .column(let position) = join.keys[leading].left.kind
        else { return }
        pass(build, to: position, of: join.left, isBelowGroups: false)
    }

    private func pass(_ build: BuildSide, to position: Int, of plan: LogicalPlan, isBelowGroups: Bool = true) {
        switch plan {
        case .scan(let scan):
            guard isBelowGroups else { return }
            wanted[scan.reference, default: []].append(WantedKey(position: position, index: build.index, build: build))
        case .filter(let filter): pass(build, to: position, of: filter.input, isBelowGroups: isBelowGroups)
        case .project(let project):
            if case .column(let below) = project.expressions[position].kind { pass(build, to: below, of: project.input, isBelowGroups: isBelowGroups) }
        case .join(let join):
            let leftCount = join.left.output.count
            if position < leftCount {
                if join.kind != .full { pass(build, to: position, of: join.left, isBelowGroups: isBelowGroups) }
            } else if join.kind == .inner {
                pass(build, to: position - leftCount, of: join.right, isBelowGroups: isBelowGroups)
            }
        case .aggregate(let aggregate):
            // Whole groups go, whose key has no partner.
            let keys = aggregate.aggregation.keys
            if position < keys.count, case .column(let below) = keys[position].kind, !common.isShared(aggregate) {
                pass(build, to: below, of: aggregate.input)
            }
        case .window, .sort, .union: break
        }
    }
}

extension JoinOrder {
    /// Whether filters are thought to leave less than half of a relation.
    fileprivate func isReduced(_ plan: LogicalPlan) -> Bool { size(plan) < Self.reducingShare * whole(plan) }

    private static let reducingShare = 0.5
}

extension PreparedRelation {
    /// The right side whose keys hold all values of a column that come out of this relation; nil when none is known to.
    fileprivate func knownKeys(_ position: Int) -> BuildSide? {
        switch self {
        case .scan: return nil
        case .filter(let input, _, _): return input.knownKeys(position)
        case .project(let input, let expressions, _):
            guard case .column(let below) = expressions[position].kind else { return nil }
            return input.knownKeys(below)
        case .join(let input, let join):
            let isOnLeft = position < join.leftCount
            if join.kind == .inner || (join.kind == .semi && isOnLeft), let leading = join.build.leading,
                join.build.keyTypes[leading].physical == .int64
            {
                let keys = isOnLeft ? join.keys : join.rightKeys
                if keys.indices.contains(leading), case .column(isOnLeft ? position : position - join.leftCount) = keys[leading].kind {
                    return join.build
                }
            }
            return isOnLeft ? input.knownKeys(position) : nil
        }
    }
}
