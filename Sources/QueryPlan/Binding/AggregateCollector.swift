// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Gathers the keys and the different aggregate calls of one aggregation, and knows the released column of each.
final class AggregateCollector {
    private let scope: Scope
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

    init(scope: Scope) {
        self.scope = scope
    }

    /// Keys, then calls.
    var output: [OutputColumn] {
        zip(keys, keyNames).map { key, name in
            OutputColumn(name: name, type: key.type, isNullable: key.isNullable, origin: key.origin(in: scope.outputs))
        } + zip(calls, callNames).map { call, name in
            // A withheld cell is NULL, COUNT included.
            OutputColumn(name: name, type: call.type, isNullable: true, origin: nil)
        }
    }

    /// Adds a key; the same key twice is one.
    func add(key: BoundExpression) {
        let text = key.canonicalText
        guard keyPositions[text] == nil else { return }
        keyPositions[text] = keys.count
        keyHeightMaximum = max(keyHeightMaximum, 2 * key.extent.height + 8)
        keys.append(key)
        if case .column(let position) = key.kind {
            keyNames.append(scope.outputs[position].name)
        } else {
            keyNames.append("key \(keys.count)")
        }
    }

    /// Gives a key the name of the result that shows it.
    func rename(key: BoundExpression, to name: String) {
        if let position = keyPositions[key.canonicalText] { keyNames[position] = name }
    }

    /// The released column of a key, nil when the expression is none.
    func column(ofKey expression: BoundExpression) -> BoundExpression? {
        guard let position = keyPositions[expression.canonicalText] else { return nil }
        let key = keys[position]
        return BoundExpression(
            kind: .column(position), type: key.type, isNullable: key.isNullable, span: expression.span)
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
