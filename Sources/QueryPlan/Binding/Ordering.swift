// SPDX-License-Identifier: Apache-2.0

import SQLSyntax

/// ORDER BY, LIMIT and OFFSET of a query.
struct Ordering {
    var items: [SortItem] = []
    var limit: SQLExpression?
    var offset: SQLExpression?
    /// Whether the order of the result is what the user sees.
    var isOutermost = false

    init() {}

    init(query: SelectQuery, isOutermost: Bool) {
        items = query.order
        limit = query.limit
        offset = query.offset
        self.isOutermost = isOutermost
    }

    var isLimited: Bool { limit != nil || offset != nil }

    /// LIMIT and OFFSET as numbers.
    func limits() throws(BindError) -> (limit: Int64?, offset: Int64?) {
        (try count(limit, clause: "LIMIT"), try count(offset, clause: "OFFSET"))
    }

    private func count(_ expression: SQLExpression?, clause: String) throws(BindError) -> Int64? {
        guard let expression else { return nil }
        guard case .literal(.integer(let digits)) = expression.kind, let number = Int64(digits) else {
            throw BindError(.limitNotConstant, [clause], at: expression.span)
        }
        return number
    }
}
