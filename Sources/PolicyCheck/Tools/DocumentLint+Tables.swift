// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DisclosureControl
import Tabular

extension DocumentLint {
    mutating func lintTable(_ policy: TablePolicy) {
        lintGrade(policy)
        lintOpenness(policy)
        lintThresholds(policy)
        lintRows(policy)
    }

    // MARK: Grade and openness

    private mutating func lintGrade(_ policy: TablePolicy) {
        let path = linePath("grade", of: policy.name)
        if let grade = policy.grade, policy.isForbidden || grade == .core {
            findings.add(.gradeForbidden, at: path, policy.name, grade.label)
        } else if policy.grade == nil, !policy.isOpen {
            findings.add(.ungraded, at: path, policy.name)
        }
        if policy.release.needsReview, !policy.isOpen {
            findings.add(.reviewStops, at: releasePath("review", of: policy.name), policy.name)
        }
    }

    private mutating func lintOpenness(_ policy: TablePolicy) {
        let person = policy.entities.compactMap(\.type).first { $0 == Self.person }
        let personalPath = linePath("personal", of: policy.name)
        if policy.personal == PersonalClass.none, let person {
            findings.add(.personalContradiction, at: personalPath, policy.name, person)
        }
        guard policy.isOpen else { return }
        if let personal = policy.personal, personal != .none { findings.add(.openPersonal, at: personalPath, policy.name, personal.label) }
        if let grade = policy.grade, grade == .important {
            findings.add(.openGraded, at: linePath("grade", of: policy.name), policy.name, grade.label)
        }
        if body(of: policy.name)["release"] != nil {
            findings.add(.lineUnused, at: tablePath(policy.name) + ["release"], policy.name, "release")
        }
    }

    // MARK: Thresholds

    /// A table that names a baseline cannot fall below it. One that names none can, and says so here.
    private mutating func lintThresholds(_ policy: TablePolicy) {
        guard !policy.isOpen else { return }
        let own = policy.release.minimumEntities
        let path = releasePath("minimum_entities", of: policy.name)
        if policy.baseline == nil {
            if let (name, minimum) = highestFloor(for: policy.grade), own < minimum {
                findings.add(.belowBaseline, at: path, policy.name, String(own), name, String(minimum))
            } else if own < ReleasePolicy.defaultMinimumEntities {
                findings.add(.belowDefault, at: path, policy.name, String(own), String(ReleasePolicy.defaultMinimumEntities))
            }
            if !baselines.isEmpty {
                findings.add(
                    .withoutBaseline, at: linePath("baseline", of: policy.name), policy.name, baselines.keys.sorted().joined(separator: ", "))
            }
        }
        let hasAmounts = policy.columns.contains { !$0.capabilities.isDisjoint(with: Capability.amounts) }
        if hasAmounts, policy.release.largest == nil, policy.release.twoLargest == nil {
            findings.add(.withoutDominance, at: releasePath("dominance", of: policy.name), policy.name)
        }
    }

    /// The baseline with the highest minimum for a grade.
    private func highestFloor(for grade: Grade?) -> (name: String, minimum: Int)? {
        guard let grade else { return nil }
        var found: (name: String, minimum: Int)?
        for name in baselines.keys.sorted() {
            guard case .lines(let lines) = baselines[name]?.floors[grade], let minimum = lines.minimumEntities else { continue }
            if minimum > found?.minimum ?? 0 { found = (name, minimum) }
        }
        return found
    }

    // MARK: Rows

    /// Row range and excluded codes that leave no row.
    private mutating func lintRows(_ policy: TablePolicy) {
        for column in policy.columns {
            let conditions = policy.rowRange.filter { $0.column == column.name }
            if let first = conditions.first {
                var common = Self.literals(first, column)
                for condition in conditions.dropFirst() { common.formIntersection(Self.literals(condition, column)) }
                let kept = common.filter { literal in !column.excludedRows.contains { $0.covers(literal) } }
                if kept.isEmpty { findings.add(.excludesEverything, at: tablePath(policy.name) + ["row_range"], policy.name, column.name) }
            }
            lintExclusions(column, of: policy)
        }
    }

    private mutating func lintExclusions(_ column: ColumnPolicy, of policy: TablePolicy) {
        let path = columnPath(column.name, of: policy.name) + ["exclude_rows"]
        for (index, exclusion) in column.excludedRows.enumerated() {
            let other = column.excludedRows.enumerated().first { $0.offset != index && $0.element.contains(exclusion, isEarlier: $0.offset < index) }
            guard let other else { continue }
            findings.add(
                .repeatedExclusion, at: path + [exclusion.text], policy.name + "." + column.name, exclusion.text, other.element.text)
        }
        // Every code of ICD-10 begins with a letter.
        let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(Unicode.Scalar($0)) }
        let isEveryLetter = letters.allSatisfy { letter in column.excludedRows.contains { $0.covers(.text(letter)) } }
        if column.codeList == "ICD-10", isEveryLetter { findings.add(.excludesEverything, at: path, policy.name, column.name) }
    }

    private static func literals(_ condition: RowCondition, _ column: ColumnPolicy) -> Set<Literal> {
        Set(condition.values.compactMap { PolicyFilter.literal($0, column.type) })
    }

    static let person = "person"
}

extension RowExclusion {
    /// Whether rows with this value are left out. Values compare by bytes, and only a value that is long enough can be meant.
    fileprivate func covers(_ literal: Literal) -> Bool {
        guard case .text(let text) = literal else { return false }
        let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(length)))
        return !start.utf8.lexicographicallyPrecedes(lower.utf8) && !upper.utf8.lexicographicallyPrecedes(start.utf8)
    }

    /// Whether everything that another one leaves out is left out by this one too. Of two that are the same the earlier one counts.
    fileprivate func contains(_ other: RowExclusion, isEarlier: Bool) -> Bool {
        guard length <= other.length, self != other || isEarlier else { return false }
        return covers(.text(other.lower)) && covers(.text(other.upper))
    }
}
