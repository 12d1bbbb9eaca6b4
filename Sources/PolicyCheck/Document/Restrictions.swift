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
