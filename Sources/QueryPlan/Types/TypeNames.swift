// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Types as casts spell them. Whole numbers of every width are int64, so ranges of the narrower ones are not enforced.
enum TypeNames {
    /// The type, or nil when it is not known. `source` decides what a bare `numeric` means.
    static func type(_ name: SQLTypeName, of source: LogicalType) -> LogicalType? {
        switch name.name {
        case "numeric", "decimal", "dec": return decimal(name.modifiers, source)
        default: break
        }
        guard name.modifiers.isEmpty else { return nil }
        switch name.name {
        case "int", "integer", "bigint", "smallint", "int2", "int4", "int8", "int64": return .int64
        case "double precision", "float8", "float", "double": return .double
        case "text", "varchar", "character varying", "char varying": return .text
        case "bool", "boolean": return .bool
        case "date": return .date
        case "timestamp": return .timestamp
        default: return nil
        }
    }

    private static func decimal(_ modifiers: [Int], _ source: LogicalType) -> LogicalType? {
        let maximum = LogicalType.decimalPrecisionMaximum
        if modifiers.isEmpty {
            if let digits = NumericTypes.digits(of: source) {
                return NumericTypes.decimal(whole: digits.whole, scale: digits.scale).type
            }
            return .decimal(precision: maximum, scale: NumericTypes.quotientScale)
        }
        guard modifiers.count <= 2, (1...maximum).contains(modifiers[0]) else { return nil }
        let scale = modifiers.count == 2 ? modifiers[1] : 0
        return scale <= modifiers[0] ? .decimal(precision: modifiers[0], scale: scale) : nil
    }
}
