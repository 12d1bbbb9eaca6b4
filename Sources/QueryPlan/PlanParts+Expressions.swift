// SPDX-License-Identifier: Apache-2.0

extension SortKey {
    /// The key with its expression changed.
    package func mapping(_ change: (BoundExpression) -> BoundExpression) -> SortKey {
        SortKey(expression: change(expression), isDescending: isDescending, nullsFirst: nullsFirst)
    }
}

extension AggregateCall {
    /// The call with its argument changed; the type must stay.
    package func mapping(_ change: (BoundExpression) -> BoundExpression) -> AggregateCall {
        AggregateCall(function: function, argument: argument.map(change), percentile: percentile, type: type, span: span)
    }
}

extension WindowCall {
    /// Argument, partitions and order keys.
    package var expressions: [BoundExpression] { [argument].compactMap(\.self) + partitions + order.map(\.expression) }

    /// The call with its expressions changed; types must stay.
    package func mapping(_ change: (BoundExpression) -> BoundExpression) -> WindowCall {
        WindowCall(
            function: function, argument: argument.map(change), partitions: partitions.map(change),
            order: order.map { $0.mapping(change) }, frame: frame, type: type, span: span)
    }
}

extension BoundExpression {
    /// The same expression where rows may be filled with NULL.
    var nullable: BoundExpression { BoundExpression(kind: kind, type: type, isNullable: true, span: span) }
}
