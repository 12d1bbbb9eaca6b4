// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Puts the lines of a column under those of its data element: what is left out is the element's, and nothing may be weaker.
struct Tightening {
    let unit: String
    let baseline: String
    let place: String
    private(set) var owners: [String: String] = [:]

    init(unit: String, baseline: String, place: String) {
        self.unit = unit
        self.baseline = baseline
        self.place = place
    }

    mutating func tighten(_ own: inout Restrictions, under element: Restrictions) throws(PolicyError) {
        own.codes = try tighter("filter_codes", own.codes, element.codes, Self.isWithin) { $0.joined(separator: ", ") }
        own.rangeWidth = try tighter("range_width", own.rangeWidth, element.rangeWidth, { $0.isNoShorter(than: $1) }, \.text)
        own.rangeAlignment = try tighter("range_alignment", own.rangeAlignment, element.rangeAlignment, { $0.isMultiple(of: $1) }, \.text)
        own.band = try tighter("band", own.band, element.band, { $0.isMultiple(of: $1) }, \.text)
        own.compareWith = try tighter("compare_with", own.compareWith, element.compareWith, Self.isWithin) { $0.joined(separator: ", ") }
        own.joinWith = try tighter("join_with", own.joinWith, element.joinWith, Self.isWithin) { $0.joined(separator: ", ") }
        own.functions = try tighter("functions", own.functions, element.functions, { $0.isSubset(of: $1) }) { classes in
            classes.map(\.rawValue).sorted().joined(separator: ", ")
        }
        own.minimumEntities = try tighter("minimum_entities", own.minimumEntities, element.minimumEntities, { $0 >= $1 }) { String($0) }
        own.mayOrder = try tighter("order_in_result", own.mayOrder, element.mayOrder, { !$0 || $1 }) { String($0) }
        own.isByChapter = try tighter("finest", own.isByChapter, element.isByChapter, { $0 || !$1 }) { $0 ? "chapter" : "category" }
    }

    /// The line of the column, else the element's.
    mutating func tighter<Value>(
        _ line: String, _ mine: Value?, _ theirs: Value?, _ isAsTight: (Value, Value) -> Bool, _ text: (Value) -> String
    ) throws(PolicyError) -> Value? {
        guard let theirs else { return mine }
        guard let mine else {
            owners[line] = baseline
            return theirs
        }
        guard isAsTight(mine, theirs) else { throw PolicyError(.loosens, place, line, unit, text(mine), baseline, text(theirs)) }
        return mine
    }

    private static func isWithin(_ mine: [String], _ theirs: [String]) -> Bool { Set(mine).isSubset(of: theirs) }
}

extension ParameterStep {
    /// Whether every multiple of this is one of the other.
    func isMultiple(of other: ParameterStep) -> Bool {
        switch (self, other) {
        case (.days(let own), .days(let their)), (.months(let own), .months(let their)): own % their == 0
        case (.months, .days(1)): true
        case (.number(let own, let scale), .number(let their, let theirScale)):
            Self.pair(own, scale, their, theirScale).map { $0 % $1 == 0 } ?? false
        case (.days, _), (.months, _), (.number, _): false
        }
    }

    /// Whether this is never shorter than the other, whatever the month.
    func isNoShorter(than other: ParameterStep) -> Bool {
        switch (self, other) {
        case (.days(let own), .days(let their)), (.months(let own), .months(let their)): own >= their
        case (.months(let own), .days(let their)): own * 28 >= their
        case (.days(let own), .months(let their)): own >= their * 31
        case (.number(let own, let scale), .number(let their, let theirScale)):
            Self.pair(own, scale, their, theirScale).map { $0 >= $1 } ?? false
        case (.days, .number), (.months, .number), (.number, _): false
        }
    }

    private static func pair(_ one: Int128, _ scale: Int, _ two: Int128, _ otherScale: Int) -> (Int128, Int128)? {
        let common = max(scale, otherScale)
        guard let first = ExactDecimal.rescale(one, from: scale, to: common), let second = ExactDecimal.rescale(two, from: otherScale, to: common)
        else { return nil }
        return (first, second)
    }
}
