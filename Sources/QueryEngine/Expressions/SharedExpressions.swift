// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Parts that several expressions have in common: each is computed once per batch.
final class SharedExpressions {
    private var uses: [String: Int] = [:]
    private var known: [String: SharedExpression] = [:]
    fileprivate var batch = 0

    init(_ expressions: [BoundExpression]) { for expression in expressions { count(expression) } }

    /// Another batch follows.
    func beginBatch() { batch += 1 }

    private func count(_ expression: BoundExpression) {
        switch expression.kind {
        case .column, .literal, .parameter: return
        case .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .cast, .function:
            uses[Self.name(expression), default: 0] += 1
            for child in expression.children { count(child) }
        }
    }

    static func name(_ expression: BoundExpression) -> String { expression.canonicalText + ": " + expression.type.name }

    /// The expression, compiled by `make` where it is used for the first time.
    func share(
        _ expression: BoundExpression, arena: ConfidentialArena, _ make: () throws(EngineError) -> any VectorExpression
    ) throws(EngineError) -> any VectorExpression {
        let name = Self.name(expression)
        guard uses[name, default: 0] > 1 else { return try make() }
        if let shared = known[name] { return shared }
        let shared = SharedExpression(try make(), self, arena: arena)
        known[name] = shared
        return shared
    }
}

/// An expression whose result of a batch is kept for its other users.
private final class SharedExpression: VectorExpression {
    let type: LogicalType
    private let expression: any VectorExpression
    private unowned let shared: SharedExpressions
    private let arena: ConfidentialArena
    private var narrow: (batch: Int, vector: ColumnVector)?
    private var whole: (batch: Int, vector: ColumnVector)?
    private var buffer: VectorBuffer?

    init(_ expression: any VectorExpression, _ shared: SharedExpressions, arena: ConfidentialArena) {
        type = expression.type
        self.expression = expression
        self.shared = shared
        self.arena = arena
    }

    func evaluateNarrow(_ batch: Batch) throws(EngineError) -> ColumnVector {
        if let narrow, narrow.batch == shared.batch { return narrow.vector }
        let vector = try expression.evaluateNarrow(batch)
        narrow = (shared.batch, vector)
        return vector
    }

    /// In memory of its own where it is wider, as others still use the narrow form.
    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        if let whole, whole.batch == shared.batch { return whole.vector }
        let vector = try evaluateNarrow(batch)
        guard vector.type.physical != type.physical else { return vector }
        let target: VectorBuffer
        if let buffer { target = buffer } else { target = try VectorBuffer(type, arena: arena) }
        buffer = target
        let wide = target.widened(vector)
        whole = (shared.batch, wide)
        return wide
    }
}
