// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DisclosureControl

extension DocumentLint {
    mutating func lintBaseline(_ baseline: Baseline) {
        if case .lines = baseline.floors[.core] { findings.add(.lineUnused, at: ["floors", Grade.core.rawValue], baseline.name, Grade.core.label) }
        lintElements(baseline)
        guard case .lines(let important) = baseline.floors[.important] else { return }
        if case .forbidden = baseline.floors[.general] {
            findings.add(.floorsInverted, at: ["floors", Grade.general.rawValue], "use", "-", "forbidden")
        }
        guard case .lines(let general) = baseline.floors[.general] else { return }
        let path = ["floors", Grade.important.rawValue]
        func inverted(_ line: String, _ own: String, _ other: String) {
            findings.add(.floorsInverted, at: path + line.split(separator: ".").map(String.init), line, own, other)
        }
        if let low = general.minimumEntities, (important.minimumEntities ?? ReleasePolicy.defaultMinimumEntities) < low {
            inverted("minimum_entities", String(important.minimumEntities ?? ReleasePolicy.defaultMinimumEntities), String(low))
        }
        if let strict = general.largest, strict.isLess(than: important.largest ?? ReleasePolicy.defaultLargest) {
            inverted("dominance.largest", (important.largest ?? ReleasePolicy.defaultLargest).text, strict.text)
        }
        if let strict = general.twoLargest, strict.isLess(than: important.twoLargest ?? ReleasePolicy.defaultTwoLargest) {
            inverted("dominance.two_largest", (important.twoLargest ?? ReleasePolicy.defaultTwoLargest).text, strict.text)
        }
        if general.needsReview == true, important.needsReview != true { inverted("review", "none", "manual") }
    }

    /// Lines of a data element that fit no column that could follow it.
    private mutating func lintElements(_ baseline: Baseline) {
        let resolver = ColumnResolver(
            table: baseline.name, unit: baseline.name, baselineName: baseline.name, elements: baseline.elements, isOpen: false, entityColumns: [:])
        for name in baseline.elements.keys.sorted() {
            do throws(PolicyError) {
                _ = try resolver.resolve(["name": .string(name)])
            } catch {
                // What a unit has still to say is no fault of the element.
                guard error.code == .lineNotForType || error.code == .badBounds else { continue }
                findings.add(error, at: ["elements", name])
            }
        }
    }

    /// A standing approval for tables that are not there covers nothing.
    mutating func lintStanding() {
        guard document["kind"]?.text == DocumentKind.standing.rawValue, !sources.isEmpty else { return }
        for table in document["tables"]?.elements?.compactMap(\.text) ?? [] where sources[table] == nil {
            findings.add(.standingUnknownTable, at: ["tables", table], table)
        }
    }
}
