// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

/// What the rules make of one aggregate.
struct JudgedAggregate {
    let call: AggregateCall
    let kind: ReleaseRules.Kind
    /// Interval of one entity's contribution, and the reference whose first entity it is merged by.
    let clamp: (interval: Interval, reference: Int)?
    /// What its branches come to; none where rows are counted.
    let leaves: [Leaf]
    let branches: [BoundExpression]

    struct Leaf {
        let result: BoundExpression
        /// Those of tables that it is made of.
        let columns: [Int]

        /// What of it may be NULL: its columns, where the type holds whatever arithmetic makes of them, else the result as a whole.
        var missing: [BoundExpression] {
            guard result.isNullable, !result.isConstant else { return [] }
            return result.isNullOnlyByColumns ? result.columnNodes.filter(\.isNullable) : [result]
        }
    }

    /// What is added up. Only sums of the same can be taken from each other.
    enum Measure: Hashable {
        case rows
        /// By its columns: factors can be divided out.
        case amount([Int])
        case distinct([Int])
    }

    /// The same aggregate with other branches to be counted.
    func judged(by branches: [BoundExpression]) -> JudgedAggregate {
        JudgedAggregate(call: call, kind: kind, clamp: clamp, leaves: leaves, branches: branches)
    }

    /// An average has enough digits to tell what it was divided by, and constants are rows with a weight. Each once, in order.
    var measures: [Measure] {
        var amounts: [Measure] = []
        for leaf in leaves where !leaf.result.isConstant {
            let measure = kind == .countDistinct ? Measure.distinct(leaf.columns) : .amount(leaf.columns)
            if !amounts.contains(measure) { amounts.append(measure) }
        }
        switch kind {
        case .count: return [.rows]
        case .countDistinct: return amounts
        case .average: return amounts + [.rows]
        case .sum: return leaves.contains { $0.result.isConstant && !$0.result.isNullConstant } ? amounts + [.rows] : amounts
        case .openValue: return []
        }
    }

    /// Over which rows it adds: aggregates that agree in it leave out the same ones.
    var population: [String] {
        branches.map(\.canonicalText)
            + leaves.map { leaf in
                if leaf.result.isConstant { return leaf.result.isNullConstant ? "nothing" : "constant" }
                return Set(leaf.missing.map(\.canonicalText)).sorted().joined(separator: ", ")
            }.filter { !branches.isEmpty || !$0.isEmpty }
    }

    /// The conditions by which its rows are parted from those of other aggregates over the same measure: its branches, and for whatever may
    /// be NULL the rows that lack it and those that do not. The rows that lack it are the difference to another count, or would hide who is
    /// in the difference of two sums.
    func parts(of measure: Measure) -> [[BoundExpression]] {
        var parts = branches.isEmpty ? [] : [branches]
        for leaf in leaves where measure == .rows || measure == .amount(leaf.columns) {
            for missing in leaf.missing {
                parts.append(
                    [false, true].map { isNegated in
                        BoundExpression(kind: .isNull(missing, isNegated: isNegated), type: .bool, isNullable: false, span: missing.span)
                    })
            }
        }
        return parts
    }
}

extension BoundExpression {
    /// Whether it is NULL exactly where one of its columns is: the type has room for every product. Whole numbers have within the bounds
    /// that their columns declare.
    fileprivate var isNullOnlyByColumns: Bool {
        switch kind {
        case .column, .literal: return true
        case .negate(let operand): return Self.digits(type) != nil && operand.isNullOnlyByColumns
        case .cast(let operand):
            guard let own = Self.digits(type), let inner = Self.digits(operand.type) else { return false }
            return own - type.scale >= inner - operand.type.scale && type.scale >= operand.type.scale && operand.isNullOnlyByColumns
        case .arithmetic(.multiply, let left, let right):
            if type == .int64 { return left.isNullOnlyByColumns && right.isNullOnlyByColumns }
            guard case .decimal(let precision, let scale) = type, let first = Self.digits(left.type), let second = Self.digits(right.type) else { return false }
            return scale == left.type.scale + right.type.scale && precision >= first + second && left.isNullOnlyByColumns && right.isNullOnlyByColumns
        case .parameter, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .function: return false
        }
    }

    /// Most digits of a number of an exact type.
    private static func digits(_ type: LogicalType) -> Int? {
        switch type {
        case .int64: 19
        case .decimal(let precision, _): precision
        case .bool, .double, .date, .timestamp, .text, .entity, .null: nil
        }
    }

    fileprivate var columnNodes: [BoundExpression] {
        if case .column = kind { return [self] }
        return children.flatMap(\.columnNodes)
    }
}
