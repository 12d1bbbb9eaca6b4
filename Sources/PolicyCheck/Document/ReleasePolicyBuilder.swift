// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DisclosureControl
import Tabular

/// Merges the release lines of a table with the floor of its grade: the stricter of each, and an error where the table would loosen.
struct ReleasePolicyBuilder {
    let table: String
    let unit: String
    let baseline: String?

    /// What holds when nobody says anything.
    static let minimumEntitiesDefault = 10
    static let dominanceDefault = ReleaseRules.Dominance(
        largest: .init(numerator: 1, denominator: 2), twoLargest: .init(numerator: 4, denominator: 5))

    func build(own: JSONValue, floor: JSONValue) throws(PolicyError) -> ReleasePolicy {
        if let noise = own["noise"]?.text ?? floor["noise"]?.text, noise != "none" { throw PolicyError(.notInThisVersion, table, "noise: " + noise) }
        let ownMinimum = try whole(own["minimum_entities"], "minimum_entities", 1...1_000_000_000)
        let floorMinimum = try whole(floor["minimum_entities"], "minimum_entities", 1...1_000_000_000)
        if let ownMinimum, let floorMinimum, ownMinimum < floorMinimum { throw loosens("minimum_entities") }
        let ownBase = try whole(own["rounding"], "rounding", 1...1_000_000)
        let floorBase = try whole(floor["rounding"], "rounding", 1...1_000_000)
        if let ownBase, let floorBase, ownBase % floorBase != 0 { throw loosens("rounding") }
        let review = own["review"]?.text == "true"
        let floorReview = floor["review"]?.text == "true"
        if own["review"]?.text == "false", floorReview { throw loosens("review") }
        let owners = [
            "minimum_entities": owner(ownMinimum != nil, floorMinimum != nil), "rounding": owner(ownBase != nil, floorBase != nil),
            "dominance": owner(own["dominance"] != nil, floor["dominance"] != nil), "review": owner(review, floorReview),
        ]
        return ReleasePolicy(
            minimumEntities: ownMinimum ?? floorMinimum ?? Self.minimumEntitiesDefault,
            dominance: try dominance(own["dominance"], floor["dominance"]), roundingBase: Int64(ownBase ?? floorBase ?? 1),
            needsReview: review || floorReview, owners: owners)
    }

    private func owner(_ isOwn: Bool, _ isFloor: Bool) -> String { isOwn ? unit : isFloor ? (baseline ?? unit) : "—" }

    private func loosens(_ key: String) -> PolicyError { PolicyError(.loosens, table, "release." + key, unit, baseline ?? "") }

    private func whole(_ json: JSONValue?, _ key: String, _ range: ClosedRange<Int>) throws(PolicyError) -> Int? {
        guard let text = json?.text else { return nil }
        guard let value = Int(text), range.contains(value) else { throw PolicyError(.badValue, table, "release." + key) }
        return value
    }

    private func dominance(_ own: JSONValue?, _ floor: JSONValue?) throws(PolicyError) -> ReleaseRules.Dominance? {
        if own == nil && floor == nil { return Self.dominanceDefault }
        return ReleaseRules.Dominance(
            largest: try stricter(own?["largest"], floor?["largest"], "largest"),
            twoLargest: try stricter(own?["two_largest"], floor?["two_largest"], "two_largest"))
    }

    private func stricter(_ own: JSONValue?, _ floor: JSONValue?, _ key: String) throws(PolicyError) -> ReleaseRules.Fraction? {
        let ownFraction = try fraction(own, key)
        guard let floorFraction = try fraction(floor, key) else { return ownFraction }
        guard let ownFraction else { return floorFraction }
        if Self.isGreater(ownFraction, floorFraction) { throw loosens("dominance." + key) }
        return ownFraction
    }

    static func isGreater(_ left: ReleaseRules.Fraction, _ right: ReleaseRules.Fraction) -> Bool {
        Int128(left.numerator) * Int128(right.denominator) > Int128(right.numerator) * Int128(left.denominator)
    }

    /// A share greater than 0 and at most 1, exactly as written.
    private func fraction(_ json: JSONValue?, _ key: String) throws(PolicyError) -> ReleaseRules.Fraction? {
        guard let text = json?.text else { return nil }
        guard let parsed = ExactDecimal.parse(text), parsed.scale <= 6, let denominator = ExactDecimal.power(parsed.scale),
            parsed.units > 0, parsed.units <= denominator
        else { throw PolicyError(.badValue, table, "release.dominance." + key) }
        return ReleaseRules.Fraction(numerator: Int64(parsed.units), denominator: Int64(denominator))
    }
}
