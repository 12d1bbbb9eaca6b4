// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// The confidential part of a query: everything below the release node. Rows flow through it; none of them leaves.
public indirect enum LogicalPlan: Sendable {
    case scan(Scan)
    case filter(Filter)
    case project(Project)
    case join(Join)
    case aggregate(Aggregate)
    case window(Window)
    case sort(Sort)
    case union(Union)

    /// The columns this relation yields.
    public var output: [OutputColumn] {
        switch self {
        case .scan(let scan): scan.output
        case .filter(let filter): filter.input.output
        case .project(let project): project.output
        case .join(let join): join.output
        case .aggregate(let aggregate): aggregate.aggregation.output
        case .window(let window): window.output
        case .sort(let sort): sort.input.output
        case .union(let union): union.output
        }
    }
}

/// A column of a relation inside a plan.
public struct OutputColumn: Sendable, Hashable {
    /// Name for messages and results.
    public let name: String
    public let type: LogicalType
    public let isNullable: Bool
    /// The base column when the value is an unchanged copy of one; nil for computed columns.
    public let origin: ColumnOrigin?

    public init(name: String, type: LogicalType, isNullable: Bool, origin: ColumnOrigin?) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.origin = origin
    }
}

/// A column of one table reference of the statement (the same table may be referenced twice).
public struct ColumnOrigin: Sendable, Hashable {
    /// `Scan.reference`.
    public let reference: Int
    public let table: String
    public let column: String

    public init(reference: Int, table: String, column: String) {
        self.reference = reference
        self.table = table
        self.column = column
    }
}

/// Reads columns of a table. Which rows and entities that means is added by PolicyCheck.
public struct Scan: Sendable {
    /// Ordinal of this table reference in the statement, from 0.
    public let reference: Int
    public let table: String
    public let output: [OutputColumn]
    public let span: SourceSpan

    public init(reference: Int, table: String, output: [OutputColumn], span: SourceSpan) {
        self.reference = reference
        self.table = table
        self.output = output
        self.span = span
    }
}

/// Keeps the rows whose predicate is true (not false, not NULL).
public struct Filter: Sendable {
    public let input: LogicalPlan
    public let predicate: BoundExpression
    /// Where it came from; a policy filter stays directly above its scan and nothing user-written goes below it.
    public let source: Source

    public enum Source: Sendable, Hashable {
        case query
        /// Rows the policy excludes or the row range it allows.
        case policy
    }

    public init(input: LogicalPlan, predicate: BoundExpression, source: Source) {
        self.input = input
        self.predicate = predicate
        self.source = source
    }
}

/// Computes new columns from each row.
public struct Project: Sendable {
    public let input: LogicalPlan
    /// One expression for each output column.
    public let expressions: [BoundExpression]
    public let output: [OutputColumn]

    public init(input: LogicalPlan, expressions: [BoundExpression], output: [OutputColumn]) {
        self.input = input
        self.expressions = expressions
        self.output = output
    }
}

/// A join of two relations; see `Kind` for what it yields.
public struct Join: Sendable {
    /// What a join yields. A pair of rows meets when all keys are equal and the residual is true.
    public enum Kind: String, Sendable, CaseIterable {
        /// A row for each pair that meets: the left side's columns, then the right side's.
        case inner
        /// As inner, and each left row without partner once, with NULLs on the right.
        case left
        /// As left, and each right row without partner once, with NULLs on the left.
        case full
        /// The left rows that have a partner, each once; only the left side's columns.
        case semi
        /// The left rows that have no partner; only the left side's columns.
        case anti
        /// Every left row once, with one more column of type bool: whether it has a partner.
        case mark
        /// As left, but a left row with more than one partner comes once, with NULLs on the right: a scalar subquery with several
        /// rows has no value, since nothing fails on data.
        case single

        /// Whether the right side's columns come out.
        public var yieldsRight: Bool {
            switch self {
            case .inner, .left, .full, .single: true
            case .semi, .anti, .mark: false
            }
        }
    }
    public let kind: Kind
    public let left: LogicalPlan
    public let right: LogicalPlan
    /// Without any pair it is a nested loop, which the binder allows only where one side is proved small. `left` is over the left side's columns, `right` over the right side's. NULL joins nothing.
    public let keys: [KeyPair]
    /// Further condition over the joined columns, part of the join condition (matters for left joins).
    public let residual: BoundExpression?
    /// For `mark`: as IN needs it, the mark of a row without partner is NULL when an unknown comparison of a key or the residual
    /// could have made one.
    public let isNullAware: Bool
    public let output: [OutputColumn]
    public let span: SourceSpan

    public struct KeyPair: Sendable {
        public let left: BoundExpression
        public let right: BoundExpression

        public init(left: BoundExpression, right: BoundExpression) {
            self.left = left
            self.right = right
        }
    }

    public init(
        kind: Kind, left: LogicalPlan, right: LogicalPlan, keys: [KeyPair], residual: BoundExpression?,
        isNullAware: Bool = false, output: [OutputColumn], span: SourceSpan
    ) {
        self.kind = kind
        self.left = left
        self.right = right
        self.keys = keys
        self.residual = residual
        self.isNullAware = isNullAware
        self.output = output
        self.span = span
    }
}
