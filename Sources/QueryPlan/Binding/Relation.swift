// SPDX-License-Identifier: Apache-2.0

import Tabular

/// What a query or a FROM clause yields while it is bound: rows, or cells that were released below.
enum Relation {
    case rows(LogicalPlan)
    case released(ReleasedRelation)

    var output: [OutputColumn] {
        switch self {
        case .rows(let plan): plan.output
        case .released(let released): released.output
        }
    }

    /// The same relation with its first columns renamed.
    func renamed(_ names: [String]) -> Relation {
        let columns = output.enumerated().map { index, column in
            OutputColumn(
                name: index < names.count ? names[index] : column.name, type: column.type,
                isNullable: column.isNullable, origin: column.origin)
        }
        switch self {
        case .rows(let plan):
            return .rows(.project(Project(input: plan, expressions: plan.columnExpressions, output: columns)))
        case .released(var released):
            released.output = columns
            return .released(released)
        }
    }
}

/// A relation above its release node.
struct ReleasedRelation {
    let rows: LogicalPlan
    let release: ReleaseNode
    var steps: [FinishingStep]
    var output: [OutputColumn]
}
