// SPDX-License-Identifier: Apache-2.0

import QueryPlan

/// A comparison of a value with constants.
struct Test {
    let symbol: ComparisonOperator
    let constants: [BoundExpression]
    /// It picks a branch of a key, and tells no more than groups of the column itself would.
    let isInKey: Bool

    var isOrdering: Bool { symbol != .equal && symbol != .notEqual }

    init(_ symbol: ComparisonOperator, _ constants: [BoundExpression], _ isInKey: Bool) {
        self.symbol = symbol
        self.constants = constants
        self.isInKey = isInKey
    }
}

extension ComparisonOperator {
    /// The comparison with its sides exchanged.
    var mirrored: ComparisonOperator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}
