// SPDX-License-Identifier: Apache-2.0

import Tabular

extension DocumentLint {
    /// Lines that reach too far or contradict each other.
    mutating func lintRestrictions(_ column: ColumnPolicy, _ policy: TablePolicy, _ path: [String], _ name: String) {
        for code in column.restrictions.codes ?? [] {
            if column.excludedRows.contains(where: { $0.covers(code) }) {
                findings.add(.codeExcluded, at: path + ["filter_codes", code], name, code)
            } else if let length = column.prefix, code.unicodeScalars.count > length {
                findings.add(.codeNotPickable, at: path + ["filter_codes", code], name, code, String(length))
            }
        }
        lintSteps(column, path, name)
        for other in column.restrictions.compareWith ?? [] where column.capabilities.contains(.compare) {
            let partner = policy.column(other)
            if partner?.capabilities.contains(.compare) == true, partner?.restrictions.compareWith?.contains(column.name) == true { continue }
            findings.add(.compareOneSided, at: path + ["compare_with", other], name, policy.name + "." + other)
        }
    }

    private mutating func lintSteps(_ column: ColumnPolicy, _ path: [String], _ name: String) {
        let steps = [("granularity", column.granularity?.step), ("band", column.restrictions.band), ("range_alignment", column.restrictions.rangeAlignment)]
            .compactMap { line in line.1.map { (line.0, $0) } }
        for (index, first) in steps.enumerated() {
            for second in steps.dropFirst(index + 1) where !first.1.isMultiple(of: second.1) && !second.1.isMultiple(of: first.1) {
                findings.add(.stepsClash, at: path + [second.0], name, second.0, second.1.text, first.0, first.1.text)
            }
        }
        // Every edge lies on multiples of these anyway: the width must be one of them to say more.
        guard let width = column.restrictions.rangeWidth else { return }
        for (line, step) in steps where !width.isMultiple(of: step) && line != "granularity" {
            findings.add(.stepsClash, at: path + ["range_width"], name, "range_width", width.text, line, step.text)
        }
    }

    /// Lines that no granted use asks for, or that others have already.
    func unusedRestrictions(_ column: ColumnPolicy, _ policy: TablePolicy) -> [String] {
        let held = column.capabilities
        let restrictions = column.restrictions
        var unused: [String] = []
        if !held.contains(.filterEqual) { unused.append("filter_codes") }
        if !held.contains(.filterRange) { unused += ["range_width", "range_alignment"] }
        if !held.contains(.compare) { unused.append("compare_with") }
        if !held.contains(.join) { unused.append("join_with") }
        if held.isDisjoint(with: [.group, .filterEqual]) { unused.append("functions") }
        if held.isDisjoint(with: [.group, .filterEqual, .filterRange, .join, .countDistinct]) { unused.append("band") }
        if held.isEmpty || restrictions.minimumEntities.map({ $0 <= policy.release.minimumEntities }) ?? false { unused.append("minimum_entities") }
        if held.isDisjoint(with: [.group, .count, .countDistinct, .sum, .average, .variance]) { unused.append("order_in_result") }
        // Edges on multiples of the step are as far apart without the width.
        if let width = restrictions.rangeWidth, let step = restrictions.rangeAlignment ?? restrictions.band, step.isNoShorter(than: width) {
            unused.append("range_width")
        }
        return unused
    }
}
