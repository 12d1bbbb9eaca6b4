// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

/// How far the capabilities of a column reach. Each line takes away, none gives: without a line nothing is restrained, but that columns are
/// compared and functions used only where they are named.
public struct Restrictions: Sendable, Hashable {
    /// The only codes that `filter_equal` may pick.
    public internal(set) var codes: [String]?
    /// Least distance of two edges of ranges in one statement.
    public internal(set) var rangeWidth: ParameterStep?
    /// Edges of ranges lie on multiples of it: of numbers from 0, of days from Monday 1970-01-05, of months from January of year 0.
    public internal(set) var rangeAlignment: ParameterStep?
    /// The finest bands of a number: [n · band, (n + 1) · band).
    public internal(set) var band: ParameterStep?
    /// Columns of the same table that it may be compared with, when they name it too.
    public internal(set) var compareWith: [String]?
    /// Entity types and columns (`table.column`) that it may be joined with. Nil: any.
    public internal(set) var joinWith: [String]?
    /// Functions that may be applied to it beside coarser views.
    public internal(set) var functions: Set<FunctionClass>?
    /// Least entities of every cell of a statement that uses it.
    public internal(set) var minimumEntities: Int?
    /// Whether cells may be put in order, ranked or cut off by it. Nil: they may.
    public internal(set) var mayOrder: Bool?
    /// The finest level of ICD-10 is the chapter, and not another one.
    public internal(set) var isByChapter: Bool?

    /// English keys of the lines, but `finest`.
    static let keys = DocumentSchema.restrictionKeys.map(\.english)

    init() {}

    /// Reads the members of `restrictionKeys`.
    init(_ members: inout DocumentMembers) throws(PolicyError) {
        codes = try members.texts("filter_codes")
        rangeWidth = try Self.step("range_width", &members)
        rangeAlignment = try Self.step("range_alignment", &members)
        band = try Self.step("band", &members)
        compareWith = try members.texts("compare_with")
        joinWith = try members.texts("join_with").map { $0.map(EntityType.canonical) }
        if let words = try members.texts("functions") {
            let classes = words.compactMap { FunctionClass(rawValue: $0) }
            guard classes.count == words.count else { throw PolicyError(.badDocument, members.place + ".functions") }
            functions = Set(classes)
        }
        minimumEntities = try members.integer("minimum_entities").map { Int($0) }
        mayOrder = try members.flag("order_in_result")
    }

    private static func step(_ name: String, _ members: inout DocumentMembers) throws(PolicyError) -> ParameterStep? {
        guard let text = try members.text(name) else { return nil }
        guard let step = ParameterStep(text: text) else { throw PolicyError(.badDocument, members.place + "." + name) }
        return step
    }

    /// English keys with their values, as a document has them.
    var lines: [(key: String, text: String)] {
        func list(_ texts: [String]) -> String { "[" + texts.joined(separator: ", ") + "]" }
        let lines: [(String, String?)] = [
            ("filter_codes", codes.map(list)), ("range_width", rangeWidth?.text), ("range_alignment", rangeAlignment?.text), ("band", band?.text),
            ("finest", isByChapter == true ? "chapter" : nil), ("compare_with", compareWith.map(list)), ("join_with", joinWith.map(list)),
            ("functions", functions.map { classes in list(FunctionClass.allCases.filter(classes.contains).map(\.rawValue)) }),
            ("minimum_entities", minimumEntities.map(String.init)), ("order_in_result", mayOrder.map(String.init)),
        ]
        return lines.compactMap { line in line.1.map { (line.0, $0) } }
    }
}

/// Classes of scalar functions that a column may allow; which functions are in each stands in Documentation/Effects.md.
public enum FunctionClass: String, Sendable, Hashable, CaseIterable {
    /// Other spellings: case, blanks and padding, texts put together.
    case text
    /// Shifts of a date by a constant, and its distance from one.
    case date
    /// Arithmetic with constants, rounding, size and sign.
    case number

    public var chinese: String {
        switch self {
        case .text: "文本"
        case .date: "日期"
        case .number: "数值"
        }
    }
}

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
