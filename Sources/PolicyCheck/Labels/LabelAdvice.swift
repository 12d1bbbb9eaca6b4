// SPDX-License-Identifier: Apache-2.0

import LocalKnowledge
import Tabular

/// What a load recognised in a column, held against the column's label: a better label, or one that is wrong. Rests on coarse classes, so it
/// tells nothing of a value; texts stand in the catalogue under the codes and, for kinds, under `textCode`.
public struct LabelAdvice: Sendable, Hashable {
    /// Stable codes. Arguments of their texts: column, table, name of the kind, lines of the policy that would fit.
    public enum Code: String, CaseIterable, Sendable {
        /// Resident numbers under an ordinary label, or as a key whose two lengths do not meet.
        case undeclaredResidentID = "label.undeclared-resident-id"
        /// Declared as resident numbers, which most values are not.
        case noResidentID = "label.no-resident-id"
        /// Another identifier that may be used like an ordinary column.
        case usableIdentifier = "label.usable-identifier"
        /// A part of the values identify somebody.
        case partlyIdentifier = "label.partly-identifier"
        /// Not usable as it stands, but could be an identifier.
        case possibleIdentifier = "label.possible-identifier"
        /// Divisions or postcodes that are shown in full.
        case wholeDivision = "label.whole-division"
    }

    public let code: Code
    public let column: String
    public let kind: ValueKind
    public let share: KindShare
    /// The label and the values contradict each other; else it is a suggestion.
    public let isWrong: Bool
    /// Lines of the policy that would fit.
    public let lines: String

    /// The stable name of the kind.
    public var kindCode: String { kind.code }
    /// The code of the kind's name in the catalogue.
    public var kindTextCode: String { Self.textCode(kind) }
    /// The stable name of the share.
    public var shareCode: String { share.rawValue }

    /// The code under which the catalogue names a kind.
    public static func textCode(_ kind: ValueKind) -> String { "kind." + kind.code.map { $0 == "_" ? "-" : String($0) }.joined() }
}

extension TablePolicy {
    /// Advice on the labels of columns in which something was recognised, in the order of the columns.
    public func labelAdvice(_ recognised: [RecognisedColumn]) -> [LabelAdvice] {
        columns.flatMap { column in
            recognised.filter { $0.column == column.name }.compactMap { found in
                guard let (code, isWrong) = Self.judge(column, found) else { return nil }
                return LabelAdvice(
                    code: code, column: column.name, kind: found.kind, share: found.share, isWrong: isWrong,
                    lines: Self.lines(column.name, found.kind, code))
            }
        }
    }

    private static func judge(_ column: ColumnPolicy, _ found: RecognisedColumn) -> (LabelAdvice.Code, isWrong: Bool)? {
        let isUsable = !column.capabilities.isEmpty
        switch (column.identifier, found.kind) {
        case (.residentID, .residentID): return found.share == .most ? nil : (.noResidentID, true)
        // Whether it is what it is declared as was just said.
        case (.residentID, _): return nil
        case (.key, .residentID): return found.share == .none ? nil : (.undeclaredResidentID, found.share == .most)
        case (.key, _): return nil
        case (.none, .division), (.none, .postcode):
            let isShown = column.type == .text && column.prefix == nil && column.codeList == nil && column.capabilities.contains(.group)
            return isShown && found.share == .most ? (.wholeDivision, false) : nil
        case (.none, _):
            switch found.share {
            case .none: return nil
            case .some: return isUsable ? (.partlyIdentifier, false) : nil
            case .most where isUsable: return (found.kind == .residentID ? .undeclaredResidentID : .usableIdentifier, true)
            case .most: return found.kind == .residentID || found.kind == .creditCode ? (.possibleIdentifier, false) : nil
            }
        }
    }

    /// What to write in the policy instead.
    private static func lines(_ column: String, _ kind: ValueKind, _ code: LabelAdvice.Code) -> String {
        if code == .noResidentID { return "\(column): { identifier: key }" }
        switch kind {
        case .residentID:
            return "entity: { person: \(column) }, \(column): { identifier: resident_id, allow: [join, count_distinct] }"
        case .creditCode: return "entity: { enterprise: \(column) }, \(column): { identifier: key, allow: [join, count_distinct] }"
        case .plate: return "entity: { vehicle: \(column) }, \(column): { identifier: key, allow: [join, count_distinct] }"
        case .bankCard, .mobilePhone, .fixedPhone, .email, .personalName: return "\(column): { allow: [] }"
        case .division: return "\(column): { codes: GB/T 2260, prefix: 6 }"
        case .postcode: return "\(column): { prefix: 4 }"
        }
    }
}
