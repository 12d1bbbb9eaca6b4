// SPDX-License-Identifier: Apache-2.0

internal import SQLLogic
internal import Tabular
package import TestSupport

/// The rows of the attacked tables.
package struct AttackRows: Sendable {
    package var visits: [MemoryTable.Row]
    package var residents: [MemoryTable.Row]
    let codes: [MemoryTable.Row]

    init(_ schema: AttackSchema, _ random: inout RandomSource) {
        let persons = random.pick([1, 4, 8, 12, 16, 24])
        let count = random.pick([0, 12, 40, 70, 100])
        visits = (0..<count).map { _ in Self.visit(schema, person: random.chance(4) ? nil : UInt32(random.below(persons)), &random) }
        residents = (0..<persons).filter { _ in random.chance(90) }.map { Self.resident(schema, person: UInt32($0), &random) }
        codes = AttackSchema.codes.dropLast().map { code in
            let title = random.chance(10) ? Literal.null : .text(random.pick(["x", "y", "z"]))
            return MemoryTable.Row(values: [.text(code), title, .text(String(code.prefix(1)))], entities: [])
        }
    }

    static func visit(_ schema: AttackSchema, person: UInt32?, _ random: inout RandomSource) -> MemoryTable.Row {
        var values: [Literal] = [], entities: [UInt32?] = []
        for column in schema.visit.columns {
            if let entity = column.entity {
                let number = entity == "person" ? person : random.chance(3) ? nil : UInt32(random.below(12))
                entities.append(number)
                values.append(number.map { .int64(Int64($0)) } ?? .null)
            } else {
                values.append(value(column, &random))
            }
        }
        return MemoryTable.Row(values: values, entities: entities)
    }

    static func resident(_ schema: AttackSchema, person: UInt32, _ random: inout RandomSource) -> MemoryTable.Row {
        let values = schema.resident.columns.map { $0.entity == nil ? value($0, &random) : .int64(Int64(person)) }
        return MemoryTable.Row(values: values, entities: [person])
    }

    /// A value such as the column may hold; NULL sometimes, and some that are far from all others.
    static func value(_ column: AttackColumn, _ random: inout RandomSource) -> Literal {
        if random.chance(column.name == "cost" || column.name == "code" ? 12 : 4) { return .null }
        switch column.name {
        case "hospital": return .text(random.chance(60) ? AttackSchema.hospitals[0] : random.pick(AttackSchema.hospitals))
        case "code": return .text(random.pick(AttackSchema.codes))
        case "district": return .text(random.pick(AttackSchema.districts))
        case "sex": return .text(random.pick(["男", "女"]))
        case "name": return .text("名\(random.below(1000))")
        case "day", "born": return .date(days: AttackSchema.firstDay + Int64(random.below(random.pick([20, 200, 800]))))
        case "age": return .int64(Int64(random.pick([1, 30, 60, 60, 61, 90, 150, -5])))
        default: break
        }
        switch column.type {
        case .bool: return .bool(random.chance(random.pick([50, 90])))
        case .decimal(_, let scale): return .decimal(units: Int128(random.pick([0, 100, 1_000, 1_050, 20_000, 90_000, 99_999_999, -700])), scale: scale)
        case .int64: return .int64(Int64(random.below(100)))
        case .text: return .text(random.pick(["a", "b"]))
        case .date, .double, .timestamp, .entity, .null: return .null
        }
    }

    /// As the engine scans them.
    package func tables(_ schema: AttackSchema) -> [String: MemoryTable] {
        func table(_ table: AttackSchema.Table, _ rows: [MemoryTable.Row]) -> MemoryTable {
            MemoryTable(
                columns: table.columns.map { ($0.name, $0.boundType) }, entityTypes: table.entities, rows: rows, blockRows: 16, partitionRows: 24)
        }
        return ["visit": table(schema.visit, visits), "resident": table(schema.resident, residents), "code": table(schema.code, codes)]
    }
}
