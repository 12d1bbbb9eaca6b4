// SPDX-License-Identifier: Apache-2.0

import Tabular

/// What the gate says about one cell.
enum CellVerdict {
    case safe(Literal)
    case withheld(WithheldReason)
}

/// Judges the groups of one result, one at a time. Its only state is the evidence.
struct CellJudge {
    private let rules: ReleaseRules
    private let aggregates: [AggregateCells]
    private let groupContributors: [UnsafeMutablePointer<Int64>]

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
    }

    /// Whether a group may be seen at all, key included.
    func isVisible(_ group: Int) -> Bool {
        rules.isOpen || isSufficient { groupContributors[$0][group] }
    }

    /// One verdict for each aggregate of a visible group.
    func verdicts(of group: Int) -> [CellVerdict] {
        zip(aggregates, rules.aggregates).map { judge($0, by: $1, at: group) }
    }

    /// Contributors, branches, dominance, value: the first that objects gives the reason.
    private func judge(_ cells: AggregateCells, by rule: ReleaseRules.AggregateRule, at group: Int) -> CellVerdict {
        if !rules.isOpen {
            guard isSufficient({ cells.dimensions[$0].contributors[group] }) else { return .withheld(.tooFewContributors) }
            guard cells.branchContributors.allSatisfy({ isBranchSafe($0, at: group) }) else { return .withheld(.branchTooSmall) }
            if let dominance = rule.dominance, isDominated(cells, by: dominance, at: group) { return .withheld(.dominance) }
            // Values of this kind are shaped for open data only.
            if rule.kind == .openValue { return .withheld(.tooFewContributors) }
        }
        return .safe(cells.released(by: rule, isOpen: rules.isOpen, at: group))
    }

    /// Enough contributors in every dimension; where the entity may be absent, none or enough; nobody at all is not enough.
    private func isSufficient(_ contributors: (Int) -> Int64) -> Bool {
        var isPresent = false
        for (position, dimension) in rules.dimensions.enumerated() {
            let count = contributors(position)
            if CellRules.isEnough(contributors: count, minimum: dimension.minimumContributors) {
                isPresent = true
            } else if count != 0 || !dimension.mayBeAbsent {
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
