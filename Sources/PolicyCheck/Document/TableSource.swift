// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// One table as its document has it, with what it inherits from the unit's defaults.
struct TableSource {
    let name: String
    let unit: String
    let catalogue: String?
    let baseline: String?
    let updated: String?
    let grade: Grade?
    let personal: PersonalClass?
    let isOpen: Bool
    let entities: [Entity]
    /// Most rows of an entity of the first type.
    let fanOut: Int?
    let rowRange: [RowCondition]
    let rowKey: [String]
    let columns: [JSONValue]
    let release: ReleaseLines
    let useLimits: UseLimits

    enum Entity {
        case key(type: String, column: String)
        case via(table: String, column: String)
        case none(maximumRows: Int)
        case weight(column: String)
    }

    /// The defaults of a unit.
    private struct Inherited {
        var baseline: String?
        var updated: String?
        var grade: Grade?
        var personal: PersonalClass?

        init() {}

        init(_ members: inout DocumentMembers) throws(PolicyError) {
            baseline = try members.text("baseline")
            updated = try members.text("updated")
            grade = try members.word("grade", Grade.self)
            personal = try members.word("personal", PersonalClass.self)
        }
    }

    static func tables(ofUnit json: JSONValue) throws(PolicyError) -> [TableSource] {
        var members = try DocumentMembers(json, place: "unit")
        _ = members.value("kind")
        let unit = try members.requiredText("unit")
        var defaults = Inherited()
        if var object = try members.object("defaults") {
            defaults = try Inherited(&object)
            try object.finish()
        }
        guard var tables = try members.object("tables") else { throw PolicyError(.badDocument, "unit.tables") }
        try members.finish()
        var sources: [TableSource] = []
        for name in tables.names {
            guard let body = try tables.object(name) else { continue }
            sources.append(try TableSource(name: name, unit: unit, members: body, defaults: defaults))
        }
        return sources
    }

    init(single json: JSONValue) throws(PolicyError) {
        var members = try DocumentMembers(json, place: "table")
        _ = members.value("kind")
        let name = try members.requiredText("table")
        let unit = try members.requiredText("unit")
        try self.init(name: name, unit: unit, members: members, defaults: Inherited())
    }

    private init(name: String, unit: String, members: consuming DocumentMembers, defaults: Inherited) throws(PolicyError) {
        var members = members
        self.name = name
        self.unit = unit
        let own = try Inherited(&members)
        baseline = own.baseline ?? defaults.baseline
        updated = own.updated ?? defaults.updated
        grade = own.grade ?? defaults.grade
        personal = own.personal ?? defaults.personal
        catalogue = try members.text("catalogue")
        isOpen = try members.flag("open") ?? false
        (entities, fanOut) = try Self.entities(members.value("entity"), name)
        var conditions: [RowCondition] = []
        for value in members.value("row_range")?.elements ?? [] {
            guard let condition = RowCondition(json: value) else { throw PolicyError(.badDocument, name + ".row_range") }
            conditions.append(condition)
        }
        rowRange = conditions
        rowKey = try members.texts("row_key") ?? []
        guard let columns = members.value("columns")?.elements, !columns.isEmpty, columns.count <= Limits.columns else {
            throw PolicyError(.badDocument, name + ".columns")
        }
        self.columns = columns
        release = try members.object("release").map { members throws(PolicyError) in try ReleaseLines(members) } ?? ReleaseLines()
        useLimits = try members.object("use_for").map { members throws(PolicyError) in try UseLimits(members) } ?? UseLimits()
        try members.finish()
    }

    private static func entities(_ json: JSONValue?, _ table: String) throws(PolicyError) -> ([Entity], fanOut: Int?) {
        guard let json else { return ([], nil) }
        guard let elements = json.elements, !elements.isEmpty else { throw PolicyError(.badDocument, table + ".entity") }
        var entities: [Entity] = []
        var fanOut: Int?
        for element in elements {
            var members = try DocumentMembers(element, place: table + ".entity")
            if let rows = try members.integer("max_rows_per_person") {
                entities.append(.none(maximumRows: Int(rows)))
            } else if let column = try members.text("weight") {
                entities.append(.weight(column: column))
            } else if var via = try members.object("via") {
                entities.append(.via(table: try via.requiredText("table"), column: try via.requiredText("column")))
                try via.finish()
            } else {
                // Rows stand in order of the first entity alone, so only its rows are counted when a version is loaded.
                if entities.isEmpty { fanOut = try members.integer("fan_out").map { Int(clamping: $0) } }
                entities.append(.key(type: try members.requiredText("type"), column: try members.requiredText("column")))
            }
            try members.finish()
        }
        return (entities, fanOut)
    }
}
