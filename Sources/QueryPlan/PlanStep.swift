// SPDX-License-Identifier: Apache-2.0

/// One stage of a statement on its way to the plan that runs, with the plan as it is then. Costs and counts are no part of it: they
/// would be outputs.
public struct PlanStep: Sendable, Hashable {
    /// The stages in their order. Raw values are stable and are keys of the text catalogue.
    public enum Stage: String, Sendable, CaseIterable {
        case written = "plan.step-written"
        /// Common conditions of alternatives are taken out of OR.
        case factored = "plan.step-factored"
        /// Projections are written out, conditions moved down, join keys found.
        case flattened = "plan.step-flattened"
        /// Inner joins stand in an order in which each has a key.
        case ordered = "plan.step-ordered"
        /// EXISTS and IN are semi-joins, and what nothing reads is left out.
        case pruned = "plan.step-pruned"
        /// Only groups are made that a join asks for.
        case narrowed = "plan.step-narrowed"
        /// What the checker made of it: row filters of the policies and release rules.
        case approved = "plan.step-approved"
    }

    public let stage: Stage
    /// `BoundPlan.canonicalText`; after the check with the release rules behind it.
    public let text: String

    public init(_ stage: Stage, _ text: String) {
        self.stage = stage
        self.text = text
    }
}
