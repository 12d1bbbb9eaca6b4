// SPDX-License-Identifier: Apache-2.0

public import CanonicalJSON
import DisclosureControl
import Tabular

extension ReleasedTable {
    /// The canonical document: `columns`, `rows` and `withheld`. Decimals and doubles are strings (JSON here has no fractions), whole
    /// numbers beyond 2^53 too, dates and times are ISO 8601, NULL and withheld cells are null. A double is written with the fewest
    /// digits that read back as the same number.
    public var document: JSONValue {
        [
            "columns": .array(columns.map { ["name": .string($0.name), "type": .string($0.type.name)] }),
            "rows": .array(rows.map { .array($0.map(Self.value)) }),
            "withheld": [
                "cells": .string(record.withheld.rawValue),
                "reasons": .array(reasons.map { .string($0.rawValue) }),
                "cells_at": .array(withheldCells.map { [.integer(Int64($0.row)), .integer(Int64($0.column))] }),
            ],
        ]
    }

    /// Largest whole number that every JSON reader keeps exactly.
    public static let exactIntegerMaximum: Int64 = 1 << 53

    private static func value(_ cell: ReleasedCell) -> JSONValue {
        switch cell {
        case .withheld: .null
        case .value(let literal): value(literal)
        }
    }

    private static func value(_ literal: Literal) -> JSONValue {
        switch literal {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int64(let value): value.magnitude <= exactIntegerMaximum.magnitude ? .integer(value) : .string(String(value))
        case .decimal(let units, let scale): .string(ExactDecimal.text(units: units, scale: scale))
        case .double(let value): value.isFinite ? .string(value.description) : .null
        case .date(let days): CivilDate(days: days).map { .string($0.text) } ?? .null
        case .timestamp(let microseconds): CivilTimestamp.text(microseconds: microseconds).map { .string($0) } ?? .null
        case .text(let value): .string(value)
        }
    }
}
