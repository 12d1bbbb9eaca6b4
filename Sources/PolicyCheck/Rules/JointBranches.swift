// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// Conditional aggregates of one statement stand side by side in a row, so their branches are judged together: the difference of two of them
/// is a group too. Every combination of branches (of every pair, when there are many) is counted, and a combination that somebody is in
/// needs the minimum like a branch of its own.
enum JointBranches {
    /// The branches that each aggregate is judged by, in the order of the aggregates; nil when there would be more than the limit.
    static func joined(_ branches: [[BoundExpression]]) -> [[BoundExpression]]? {
        var distinct: [[BoundExpression]] = []
        var texts: Set<String> = []
        for list in branches where !list.isEmpty && texts.insert(list.map(\.canonicalText).joined(separator: "\n")).inserted {
            distinct.append(list)
        }
        guard distinct.count > 1 else { return branches }
        guard let combinations = products(distinct) ?? pairs(distinct) else { return nil }
        return branches.map { $0.isEmpty ? [] : combinations }
    }

    /// All combinations, nil when there are too many.
    private static func products(_ lists: [[BoundExpression]]) -> [BoundExpression]? {
        var combinations: [BoundExpression] = []
        for list in lists {
            guard combinations.isEmpty || combinations.count * list.count <= Limits.jointProducts else { return nil }
            combinations = combinations.isEmpty ? list : combinations.flatMap { first in list.map { both(first, $0) } }
        }
        return combinations
    }

    /// The combinations of every two lists, nil when there are too many.
    private static func pairs(_ lists: [[BoundExpression]]) -> [BoundExpression]? {
        var combinations: [BoundExpression] = []
        for first in lists.indices {
            for second in lists.indices where second > first {
                guard combinations.count + lists[first].count * lists[second].count <= Limits.jointPairs else { return nil }
                combinations += lists[first].flatMap { one in lists[second].map { both(one, $0) } }
            }
        }
        return combinations
    }

    private static func both(_ one: BoundExpression, _ other: BoundExpression) -> BoundExpression {
        BoundExpression(kind: .and([one, other]), type: .bool, isNullable: one.isNullable || other.isNullable, span: one.span)
    }
}
