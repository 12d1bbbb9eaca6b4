// SPDX-License-Identifier: Apache-2.0

import PolicyCheck
import QueryPlan
import SQLSyntax

/// Names of the cases of enums that carry values. Each `of` is exhaustive: a new case does not compile here until it has its name, and
/// a name without a row in the page of effects fails the test.
enum EffectNames {
    enum PlanNode: String, CaseIterable {
        case scan, filter, project, join, aggregate, window, sort, union

        static func of(_ plan: LogicalPlan) -> PlanNode {
            switch plan {
            case .scan: .scan
            case .filter: .filter
            case .project: .project
            case .join: .join
            case .aggregate: .aggregate
            case .window: .window
            case .sort: .sort
            case .union: .union
            }
        }
    }

    enum FilterSource: String, CaseIterable {
        case query, policy

        static func of(_ source: Filter.Source) -> FilterSource {
            switch source {
            case .query: .query
            case .policy: .policy
            }
        }
    }

    enum Release: String, CaseIterable {
        case aggregate, rows

        static func of(_ node: ReleaseNode) -> Release {
            switch node {
            case .aggregate: .aggregate
            case .rows: .rows
            }
        }
    }

    enum Finishing: String, CaseIterable {
        case filter, project, sort, limit, window, distinct

        static func of(_ step: FinishingStep) -> Finishing {
            switch step {
            case .filter: .filter
            case .project: .project
            case .sort: .sort
            case .limit: .limit
            case .window: .window
            case .distinct: .distinct
            }
        }
    }

    enum Expression: String, CaseIterable {
        case column, literal, parameter, negate, not, isNull, arithmetic, comparison, and, or, inList, caseWhen, cast, function

        static func of(_ kind: BoundExpression.Kind) -> Expression {
            switch kind {
            case .column: .column
            case .literal: .literal
            case .parameter: .parameter
            case .negate: .negate
            case .not: .not
            case .isNull: .isNull
            case .arithmetic: .arithmetic
            case .comparison: .comparison
            case .and: .and
            case .or: .or
            case .inList: .inList
            case .caseWhen: .caseWhen
            case .cast: .cast
            case .function: .function
            }
        }
    }

    enum Body: String, CaseIterable {
        case select, unionAll, nested

        static func of(_ body: QueryBody) -> Body {
            switch body {
            case .select: .select
            case .unionAll: .unionAll
            case .nested: .nested
            }
        }
    }

    enum Item: String, CaseIterable {
        case expression, star

        static func of(_ kind: SelectItem.Kind) -> Item {
            switch kind {
            case .expression: .expression
            case .star: .star
            }
        }
    }

    enum Group: String, CaseIterable {
        case expression, rollup, cube, sets

        static func of(_ item: GroupItem) -> Group {
            switch item {
            case .expression: .expression
            case .rollup: .rollup
            case .cube: .cube
            case .sets: .sets
            }
        }
    }

    enum Reference: String, CaseIterable {
        case table, derived, join

        static func of(_ kind: TableReference.Kind) -> Reference {
            switch kind {
            case .table: .table
            case .derived: .derived
            case .join: .join
            }
        }
    }

    enum Condition: String, CaseIterable {
        case on, using, none

        static func of(_ condition: TableJoin.Condition) -> Condition {
            switch condition {
            case .on: .on
            case .using: .using
            case .none: .none
            }
        }
    }

    enum Written: String, CaseIterable {
        case literal, parameter, column, unary, binary, isNull, isDistinct, isTruth, between, inList, inQuery, like, conditional, cast, extract
        case call, subquery, exists

        static func of(_ kind: SQLExpression.Kind) -> Written {
            switch kind {
            case .literal: .literal
            case .parameter: .parameter
            case .column: .column
            case .unary: .unary
            case .binary: .binary
            case .isNull: .isNull
            case .isDistinct: .isDistinct
            case .isTruth: .isTruth
            case .between: .between
            case .inList: .inList
            case .inQuery: .inQuery
            case .like: .like
            case .conditional: .conditional
            case .cast: .cast
            case .extract: .extract
            case .call: .call
            case .subquery: .subquery
            case .exists: .exists
            }
        }
    }

    enum Constant: String, CaseIterable {
        case null, boolean, integer, decimal, string, date, timestamp, interval

        static func of(_ literal: SQLLiteral) -> Constant {
            switch literal {
            case .null: .null
            case .boolean: .boolean
            case .integer: .integer
            case .decimal: .decimal
            case .string: .string
            case .date: .date
            case .timestamp: .timestamp
            case .interval: .interval
            }
        }
    }

    enum Bound: String, CaseIterable {
        case unboundedPreceding, preceding, currentRow, following, unboundedFollowing

        static func of(_ bound: SQLFrameBound) -> Bound {
            switch bound {
            case .unboundedPreceding: .unboundedPreceding
            case .preceding: .preceding
            case .currentRow: .currentRow
            case .following: .following
            case .unboundedFollowing: .unboundedFollowing
            }
        }
    }

    /// Names of the stored parts of a value, its place and height left aside.
    static func parts(_ value: Any) -> [String] {
        let name = "\(type(of: value))"
        return Mirror(reflecting: value).children.compactMap(\.label).filter { $0 != "_span" && $0 != "height" }.map { name + "." + $0 }
    }
}
