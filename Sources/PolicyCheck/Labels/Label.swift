// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax

/// What may be done with the value of an expression.
///
/// A label is made of every column that shows in the value, each as it is seen, and of what was lost on the way. A capability is left when
/// each of the columns grants it for the view and nothing was lost: combining expressions intersects. So a tighter grant never leaves more,
/// and where nothing is left the losses say, column by column, why.
package struct Label {
    private(set) var views: [ColumnView] = []
    /// What takes every capability away, in order of place.
    private(set) var losses: [Loss] = []
    /// Where tests cut the values of columns whose ranges have a least width.
    private(set) var cuts: [RangeCut] = []

    /// Of a constant: everything is allowed.
    package static let constant = Label()

    init() {}

    init(_ view: ColumnView) { views = [view] }

    init(losses: [Loss], cuts: [RangeCut] = []) {
        self.losses = losses
        self.cuts = cuts
    }

    mutating func formIntersection(_ other: Label) {
        views += other.views
        losses += other.losses
        cuts += other.cuts
    }

    func intersection(_ other: Label) -> Label {
        var result = self
        result.formIntersection(other)
        return result
    }

    /// The same value after an operation that lets nothing through.
    func losing(_ loss: Loss) -> Label {
        var result = self
        result.losses.append(loss)
        return result
    }
}
