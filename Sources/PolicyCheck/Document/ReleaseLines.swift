// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DisclosureControl
import Tabular

/// The release lines of one document, before layers are put together.
struct ReleaseLines {
    var minimumEntities: Int?
    var hasDominance = false
    var largest: ReleaseRules.Fraction?
    var twoLargest: ReleaseRules.Fraction?
    var rounding: Int64?
    var needsReview: Bool?

    init() {}

    init(_ members: consuming DocumentMembers) throws(PolicyError) {
        minimumEntities = try members.integer("minimum_entities").map { Int($0) }
        rounding = try members.integer("rounding")
        needsReview = try members.text("review").map { $0 == "manual" }
        if let noise = try members.text("noise"), noise != "none" { throw PolicyError(.notAvailable, "noise: " + noise, members.place) }
        if let dominance = members.value("dominance") {
            hasDominance = true
            if dominance.text != "none" {
                var shares = try DocumentMembers(dominance, place: members.place + ".dominance")
                largest = try Self.share(try shares.text("largest"), shares.place)
                twoLargest = try Self.share(try shares.text("two_largest"), shares.place)
                try shares.finish()
            }
        }
        try members.finish()
    }

    private static func share(_ text: String?, _ place: String) throws(PolicyError) -> ReleaseRules.Fraction? {
        guard let text else { return nil }
        guard let (units, scale) = ExactDecimal.parse(text), scale <= 9, let whole = ExactDecimal.power(scale), (0...whole).contains(units)
        else { throw PolicyError(.badShare, place) }
        var (large, small) = (whole, units)
        while small != 0 { (large, small) = (small, large % small) }
        return ReleaseRules.Fraction(numerator: Int64(units / large), denominator: Int64(whole / large))
    }
}

extension ReleaseRules.Fraction {
    /// Whether this share is the stricter one.
    func isLess(than other: ReleaseRules.Fraction) -> Bool {
        Int128(numerator) * Int128(other.denominator) < Int128(other.numerator) * Int128(denominator)
    }

    /// `1/2`.
    var text: String { "\(numerator)/\(denominator)" }
}

extension ReleasePolicy {
    /// A table's lines under the floor of its grade. What the table leaves out is the floor's, then the default.
    static func effective(
        _ lines: ReleaseLines, unit: String, floor: ReleaseLines?, baseline: String, table: String
    ) throws(PolicyError) -> ReleasePolicy {
        let floor = floor ?? ReleaseLines()
        var owners: [String: String] = [:]
        func loosened(_ line: String, _ own: String, _ theirs: String) -> PolicyError {
            PolicyError(.loosens, table, line, unit, own, baseline, theirs)
        }
        if let own = lines.minimumEntities, let least = floor.minimumEntities, own < least {
            throw loosened("minimum_entities", String(own), String(least))
        }
        owners["minimum_entities"] = lines.minimumEntities == nil && floor.minimumEntities != nil ? baseline : unit
        if let own = lines.rounding, let least = floor.rounding, own % least != 0 {
            throw loosened("rounding", String(own), String(least))
        }
        owners["rounding"] = lines.rounding == nil && floor.rounding != nil ? baseline : unit
        if lines.needsReview == false, floor.needsReview == true { throw loosened("review", "none", "manual") }
        owners["review"] = floor.needsReview == true ? baseline : unit
        func share(
            _ line: String, _ own: ReleaseRules.Fraction?, _ theirs: ReleaseRules.Fraction?, _ usual: ReleaseRules.Fraction
        ) throws(PolicyError) -> ReleaseRules.Fraction? {
            guard let theirs else {
                owners[line] = unit
                return lines.hasDominance ? own : usual
            }
            guard lines.hasDominance else {
                owners[line] = baseline
                return theirs
            }
            guard let own, !theirs.isLess(than: own) else { throw loosened(line, own?.text ?? "none", theirs.text) }
            owners[line] = unit
            return own
        }
        let largest = try share("largest", lines.largest, floor.largest, defaultLargest)
        let twoLargest = try share("two_largest", lines.twoLargest, floor.twoLargest, defaultTwoLargest)
        return ReleasePolicy(
            minimumEntities: lines.minimumEntities ?? floor.minimumEntities ?? defaultMinimumEntities, largest: largest,
            twoLargest: twoLargest, rounding: lines.rounding ?? floor.rounding ?? 1,
            needsReview: lines.needsReview == true || floor.needsReview == true, owners: owners)
    }
}
