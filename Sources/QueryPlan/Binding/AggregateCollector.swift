// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Gathers the keys and the different aggregate calls of one aggregation, and knows the released column of each.
final class AggregateCollector {
    private let scope: Scope
    /// Columns that subqueries in keys and arguments add to the rows below.
    let added: AddedColumns
    /// Whether a key is missing from some grouping set, and so may be NULL.
    var hasSets = false
    private(set) var keys: [BoundExpression] = []
    private(set) var calls: [AggregateCall] = []
    /// Result names by the place of the whole result expression.
    var names: [SourceSpan: String] = [:]
    /// Written expressions that are higher cannot spell a key; so looking for keys in them would be in vain.
    private(set) var keyHeightMaximum = 0
    private var keyNames: [String] = []
    private var callNames: [String] = []
    private var keyPositions: [String: Int] = [:]
    private var callPositions: [String: Int] = [:]
    private var writtenKeys: [(expression: SQLExpression, position: Int)] = []

    init(scope: Scope, added: AddedColumns) {
        self.scope = scope
        self.added = added
    }

    /// Keys, then calls.
    var output: [OutputColumn] {
        zip(keys, keyNames).map { key, name in
            OutputColumn(
                name: name, type: key.type, isNullable: hasSets || key.isNullable, origin: key.origin(in: scope.outputs))
        } + zip(calls, callNames).map { call, name in
            // A withheld cell is NULL, COUNT included.
            OutputColumn(name: name, type: call.type, isNullable: true, origin: nil)
        }
    }

    /// Adds a key and gives its number; the same key twice is one. A key with a subquery is known by how it is written.
    @discardableResult
    func add(key: BoundExpression, written: SQLExpression? = nil) -> Int {
        if let written, written.hasQuery {
            if let known = writtenKeys.first(where: { $0.expression == written }) { return known.position }
            writtenKeys.append((written, keys.count))
        }
        let text = key.canonicalText
        if let known = keyPositions[text] { return known }
        keyPositions[text] = keys.count
        keyHeightMaximum = max(keyHeightMaximum, 2 * key.extent.height + 8)
        keys.append(key)
        if case .column(let position) = key.kind, scope.outputs.indices.contains(position) {
            keyNames.append(scope.outputs[position].name)
        } else {
            keyNames.append("key \(keys.count)")
        }
        return keys.count - 1
    }

    /// The released column of a key that is written so.
    func column(ofWritten expression: SQLExpression) -> BoundExpression? {
        writtenKeys.first { $0.expression == expression }.map { column(at: $0.position, expression.span) }
    }

    /// A number of rows when the query shows no other cell and no key.
    func countRowsIfEmpty(at span: SourceSpan) {
        guard keys.isEmpty, calls.isEmpty else { return }
        _ = column(of: AggregateCall(function: .countRows, argument: nil, type: .int64, span: span))
    }

    private func column(at position: Int, _ span: SourceSpan) -> BoundExpression {
        let key = keys[position]
        return BoundExpression(kind: .column(position), type: key.type, isNullable: hasSets || key.isNullable, span: span)
    }

    /// The number of a key.
    func number(ofKey expression: BoundExpression) -> Int? { keyPositions[expression.canonicalText] }

    /// Gives a key the name of the result that shows it.
    func rename(key: BoundExpression, to name: String) {
        if let position = keyPositions[key.canonicalText] { keyNames[position] = name }
    }

    /// The released column of a key, nil when the expression is none.
    func column(ofKey expression: BoundExpression) -> BoundExpression? {
        guard let position = keyPositions[expression.canonicalText] else { return nil }
        return column(at: position, expression.span)
    }

    /// The released column of a call; equal calls share one. Keys must be complete.
    func column(of call: AggregateCall) -> BoundExpression {
        let text = call.canonicalText
        let index = callPositions[text] ?? calls.count
        if index == calls.count {
            callPositions[text] = index
            calls.append(call)
            callNames.append(names[call.span] ?? call.function.rawValue)
        } else if let name = names[call.span] {
            callNames[index] = name
        }
        return BoundExpression(kind: .column(keys.count + index), type: call.type, isNullable: true, span: call.span)
    }
}

/// Finds aggregate calls in unbound expressions.
enum AggregateSearch {
    /// The place of the first aggregate call, nil when there is none.
    static func first(in expression: SQLExpression) -> SourceSpan? {
        if case .call(let call) = expression.kind, call.window == nil, AggregateFunction.named(call.name.text) {
            return expression.span
        }
        for child in expression.kind.children {
            if let span = first(in: child) { return span }
        }
        return nil
    }
}

extension AggregateFunction {
    /// Whether SQL calls an aggregate so.
    static func named(_ name: String) -> Bool { names.contains(name) }

    /// The names of aggregates in SQL.
    static let names =
        ["count", "sum", "avg", "min", "max", "percentile_cont", "bool_and", "bool_or", "every"] + spread.keys.sorted()
}
