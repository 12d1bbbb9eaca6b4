// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// The confidential part of a query: everything below the release node. Rows flow through it; none of them leaves.
public indirect enum LogicalPlan: Sendable {
    case scan(Scan)
    case filter(Filter)
    case project(Project)
    case join(Join)

    /// The columns this relation yields.
    public var output: [OutputColumn] {
        switch self {
        case .scan(let scan): scan.output
        case .filter(let filter): filter.input.output
        case .project(let project): project.output
        case .join(let join): join.output
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

/// An equi-join. Output columns are those of the left side, then those of the right (nullable for a left join).
public struct Join: Sendable {
    public enum Kind: String, Sendable { case inner, left }
    public let kind: Kind
    public let left: LogicalPlan
    public let right: LogicalPlan
    /// At least one pair; `left` is over the left side's columns, `right` over the right side's. NULL joins nothing.
    public let keys: [KeyPair]
    /// Further condition over the joined columns, part of the join condition (matters for left joins).
    public let residual: BoundExpression?
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
        output: [OutputColumn], span: SourceSpan
    ) {
        self.kind = kind
        self.left = left
        self.right = right
        self.keys = keys
        self.residual = residual
        self.output = output
        self.span = span
    }
}
