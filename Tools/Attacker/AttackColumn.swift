// SPDX-License-Identifier: Apache-2.0

internal import CanonicalJSON
internal import SQLLogic
package import Tabular

/// One column of an attacked table: what its policy grants, and how finely.
package struct AttackColumn: Sendable {
    package let name: String
    package let type: LogicalType
    package var allow: Set<String> = []
    package var granularity: String?
    package var prefix: Int?
    package var bounds: [String] = []
    package var excluded: [String] = []
    /// Type of the entity that the column identifies.
    package var entity: String?

    package func allows(_ capability: String) -> Bool { allow.contains(capability) }

    /// The type as SQL and the engine see it.
    package var boundType: LogicalType { entity.map { .entity($0) } ?? type }

    /// The line of a canonical policy document.
    var document: JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "type": .string(type.name), "nullable": true, "allow": .array(allow.sorted().map { .string($0) }),
        ]
        if !bounds.isEmpty { members["bounds"] = .array(bounds.map { .string($0) }) }
        if entity != nil { members["identifier"] = "key" }
        if type == .date { members["format"] = ["yyyy-MM-dd"] }
        if let granularity { members["granularity"] = .string(granularity) }
        if let prefix { members["prefix"] = .integer(Int64(prefix)) }
        if !excluded.isEmpty { members["exclude_rows"] = .array(excluded.map { .string($0) }) }
        return .object(members)
    }

    /// A column with some of what its kind may be granted; `tendency`: how many of a hundred grants are given.
    static func random(_ name: String, _ type: LogicalType, _ possible: [String], _ tendency: Int, _ random: inout RandomSource) -> AttackColumn {
        var column = AttackColumn(name: name, type: type)
        for capability in possible where random.chance(tendency) { column.allow.insert(capability) }
        if type == .date, random.chance(60) { column.granularity = random.pick(["day", "month", "quarter", "year"]) }
        return column
    }
}
