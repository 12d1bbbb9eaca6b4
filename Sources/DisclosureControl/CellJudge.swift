// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Judges the groups of one result, one at a time. Its only state is the evidence.
struct CellJudge {
    let rules: ReleaseRules
    let aggregates: [AggregateCells]
    private let groupContributors: [UnsafeMutablePointer<Int64>]
    private let thresholds: [Threshold]

    /// What a dimension asks for.
    private struct Threshold: BitwiseCopyable {
        let minimum: Int
        let mayBeAbsent: Bool
    }

    /// The engine must bring the evidence that the rules ask for; anything else is our own mistake and ends the job.
    init(rules: ReleaseRules, aggregates: [AggregateCells], groupContributors: [UnsafeMutablePointer<Int64>]) {
        precondition(aggregates.count == rules.aggregates.count, "one evidence per aggregate")
        if !rules.isOpen {
            precondition(groupContributors.count == rules.dimensions.count, "one count per dimension")
            for (cells, rule) in zip(aggregates, rules.aggregates) {
                precondition(cells.dimensions.count == rules.dimensions.count, "evidence in every dimension")
                precondition(cells.branchContributors.count == rule.branchCount, "evidence of every branch")
                precondition(cells.branchContributors.allSatisfy { $0.count == rules.dimensions.count }, "branches in every dimension")
                precondition(rule.dominance == nil || cells.dimensions.allSatisfy { $0.magnitudes != nil }, "magnitudes")
                precondition(rule.roundingBase >= 1, "rounding base")
            }
        }
        self.rules = rules
        self.aggregates = aggregates
        self.groupContributors = groupContributors
        thresholds = rules.dimensions.map { Threshold(minimum: $0.minimumContributors, mayBeAbsent: $0.mayBeAbsent) }
    }

    /// Whether a group may be seen at all, key included.
    func isVisible(_ group: Int) -> Bool {
        rules.isOpen || isSufficient { groupContributors[$0][group] }
    }

    /// Why a cell of a visible group must stay inside, nil when it may leave. Contributors, branches, dominance, value: the first that
    /// objects gives the reason.
    func objection(to cells: AggregateCells, by rule: ReleaseRules.AggregateRule, at group: Int) -> WithheldReason? {
        if rules.isOpen { return nil }
        guard isSufficient({ cells.dimensions[$0].contributors[group] }) else { return .tooFewContributors }
        guard cells.branchContributors.allSatisfy({ isBranchSafe($0, at: group) }) else { return .branchTooSmall }
        if let dominance = rule.dominance, isDominated(cells, by: dominance, at: group) { return .dominance }
        // Values of this kind are shaped for open data only.
        return rule.kind == .openValue ? .tooFewContributors : nil
    }

    /// Enough contributors in every dimension; where the entity may be absent, none or enough; nobody at all is not enough.
    private func isSufficient(_ contributors: (Int) -> Int64) -> Bool {
        var isPresent = false
        for (position, threshold) in thresholds.enumerated() {
            let count = contributors(position)
            if CellRules.isEnough(contributors: count, minimum: threshold.minimum) {
                isPresent = true
            } else if count != 0 || !threshold.mayBeAbsent {
                return false
            }
        }
        return isPresent
    }

    /// A branch that nobody is in shows nothing about anybody.
    private func isBranchSafe(_ branch: [UnsafeMutablePointer<Int64>], at group: Int) -> Bool {
        branch.allSatisfy { $0[group] == 0 } || isSufficient { branch[$0][group] }
    }

    private func isDominated(_ cells: AggregateCells, by rule: ReleaseRules.Dominance, at group: Int) -> Bool {
        cells.dimensions.contains { dimension in
            guard let magnitudes = dimension.magnitudes else { return true }
            return CellRules.isDominated(
                largest: magnitudes.largest[group], second: magnitudes.second[group], total: magnitudes.total[group], by: rule)
        }
    }
}
