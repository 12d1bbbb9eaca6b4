// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryPlan
import Tabular

/// What the operators run: an approved plan's parts with the values of its parameters.
package struct ExecutionPlan: Sendable {
    package let rows: LogicalPlan
    package let release: ReleaseNode
    package let rules: ReleaseRules
    package let dimensions: [DimensionSource]
    package let scans: [Int: ScanRequirement]
    package let branchConditions: [[BoundExpression]]
    /// By dimension of rows, for how many entities a row stands (NULL: none); without it one.
    package let weights: [Int: BoundExpression]
    package let parameters: [String: Literal]
    /// Of open plans: what will be shown of the result.
    package let finishing: [FinishingStep]

    package init(
        rows: LogicalPlan, release: ReleaseNode, rules: ReleaseRules, dimensions: [DimensionSource], scans: [Int: ScanRequirement],
        branchConditions: [[BoundExpression]], weights: [Int: BoundExpression] = [:], parameters: [String: Literal],
        finishing: [FinishingStep] = []
    ) {
        self.rows = rows
        self.release = release
        self.rules = rules
        self.dimensions = dimensions
        self.scans = scans
        self.branchConditions = branchConditions
        self.weights = weights
        self.parameters = parameters
        self.finishing = finishing
    }

    init(_ approved: ApprovedPlan, parameters: [String: Literal]) {
        self.init(
            rows: approved.plan.rows, release: approved.plan.release, rules: approved.rules, dimensions: approved.dimensions,
            scans: approved.scans, branchConditions: approved.branchConditions, weights: approved.weights, parameters: parameters,
            finishing: approved.plan.finishing)
    }
}

extension ExecutionPlan {
    /// The rows as they are run: over open tables joins come in the order that promises least work.
    func orderedRows(_ scans: [Int: any TableScan]) -> LogicalPlan {
        rules.isOpen && dimensions.isEmpty ? openRows(scans) : rows
    }

    /// The table's name when a relation reads only open tables while the plan as a whole is protected.
    func openLookup(_ relation: LogicalPlan) -> String? {
        guard !rules.isOpen else { return nil }
        let scans = relation.scans
        let isOpen = scans.allSatisfy { scan in
            self.scans[scan.reference]?.entities.isEmpty == true && !dimensions.contains { $0.reference == scan.reference }
        }
        return isOpen ? scans.first?.table : nil
    }
}

extension Aggregation {
    /// The columns that keys and arguments read.
    var columns: Set<Int> {
        var columns: Set<Int> = []
        for key in keys { key.collectColumns(into: &columns) }
        for call in calls { call.argument?.collectColumns(into: &columns) }
        return columns
    }
}

extension LogicalPlan {
    /// The scan whose rows drive the pipeline: the left-most.
    var drivingScan: Scan? { scans.first }
}
