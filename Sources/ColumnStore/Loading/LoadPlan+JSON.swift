// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

extension LoadPlan {
    public var json: JSONValue {
        [
            "identity": identity.json, "mode": .string(mode.rawValue), "columns": .array(columns.map(\.json)),
            "entities": .array(entities.map(\.json)), "fan_out": fanOut.map { .integer(Int64($0)) } ?? .null,
            "upsert_key": .array(upsertKey.map { .string($0) }), "period": .string(period), "as_of": .string(asOf),
            "measure": measure?.json ?? .null,
        ]
    }

    /// Reads and validates a plan; throws `store.plan-invalid` with what is wrong.
    public init(json: JSONValue) throws(StoreError) {
        guard let identity = json["identity"].flatMap({ TableIdentity(json: $0) }),
            let mode = json["mode"]?.text.flatMap({ LoadMode(rawValue: $0) }),
            let columns = json.list("columns", { LoadColumn(json: $0) }), let entities = json.list("entities", { EntityRule(json: $0) }),
            let fanOut = json["fan_out"], fanOut.isNull || fanOut.number != nil,
            let upsertKey = json.list("upsert_key", { $0.text }), let period = json["period"]?.text, let asOf = json["as_of"]?.text,
            let measureJSON = json["measure"]
        else { throw StoreError(.planInvalid, ["plan"]) }
        let measure = LoadMeasure(json: measureJSON)
        guard measureJSON.isNull || measure != nil else { throw StoreError(.planInvalid, ["measure"]) }
        self.init(
            identity: identity, mode: mode, columns: columns, entities: entities, fanOut: fanOut.number.map { Int(clamping: $0) }, upsertKey: upsertKey,
            period: period, asOf: asOf, measure: measure)
        try validate()
    }

    /// Throws `store.plan-invalid` with the name of what does not fit, or `store.limit-exceeded`.
    func validate() throws(StoreError) {
        guard !columns.isEmpty else { throw StoreError(.planInvalid, ["columns"]) }
        guard columns.count <= Limits.columns else { throw StoreError(.limitExceeded, ["columns", String(Limits.columns)]) }
        guard Set(columns.map(\.name)).count == columns.count, Set(entities.map(\.type)).count == entities.count else {
            throw StoreError(.planInvalid, ["names"])
        }
        for column in columns {
            guard isSound(column) else { throw StoreError(.planInvalid, [column.name]) }
            for format in column.dateFormats where DatePattern(format) == nil { throw StoreError(.planInvalid, [column.name]) }
        }
        for rule in entities { guard isSound(rule) else { throw StoreError(.planInvalid, [rule.type]) } }
        if let fanOut { guard fanOut > 0, !entities.isEmpty else { throw StoreError(.planInvalid, ["fan_out"]) } }
        let known = Set(columns.map(\.name))
        guard mode != .upsert || (!upsertKey.isEmpty && upsertKey.allSatisfy(known.contains)) else {
            throw StoreError(.planInvalid, ["upsert_key"])
        }
    }

    private func isSound(_ column: LoadColumn) -> Bool {
        switch column.type {
        case .entity, .null: false
        case .bool, .int64, .decimal, .double, .date, .timestamp, .text:
            (column.identifier == nil) == (column.entityType == nil) && column.dateFormats.count <= Limits.dateFormats
        }
    }

    private func isSound(_ rule: EntityRule) -> Bool {
        switch rule {
        case .key(let type, let name, let kind):
            columns.contains { $0.name == name && $0.identifier == kind && $0.entityType == type }
        case .via(_, _, _, let name):
            columns.contains { $0.name == name && $0.type != .double }
        }
    }
}

extension LoadColumn {
    var json: JSONValue {
        [
            "name": .string(name), "physical_name": .string(physicalName), "type": .string(type.name), "nullable": .bool(isNullable),
            "date_formats": .array(dateFormats.map { .string($0) }), "identifier": identifier.map { .string($0.rawValue) } ?? .null,
            "entity": entityType.map { .string($0) } ?? .null,
        ]
    }

    init?(json: JSONValue) {
        guard let name = json["name"]?.text, let physicalName = json["physical_name"]?.text,
            let type = json["type"]?.text.flatMap({ LogicalType(name: $0) }), let isNullable = json["nullable"]?.flag,
            let formats = json.list("date_formats", { $0.text }), let identifier = json["identifier"], let entity = json["entity"]
        else { return nil }
        let kind = identifier.text.flatMap { IdentifierKind(rawValue: $0) }
        guard identifier.isNull || kind != nil, entity.isNull || entity.text != nil else { return nil }
        self.init(
            name: name, physicalName: physicalName, type: type, isNullable: isNullable, dateFormats: formats, identifier: kind,
            entityType: entity.text)
    }
}

extension EntityRule {
    var json: JSONValue {
        switch self {
        case .key(let type, let column, let kind):
            ["entity": .string(type), "column": .string(column), "identifier": .string(kind.rawValue)]
        case .via(let type, let table, let keyColumn, let column):
            ["entity": .string(type), "column": .string(column), "via": .string(table), "key": .string(keyColumn)]
        }
    }

    init?(json: JSONValue) {
        guard let type = json["entity"]?.text, let column = json["column"]?.text else { return nil }
        if let table = json["via"]?.text, let key = json["key"]?.text {
            self = .via(type: type, table: table, keyColumn: key, column: column)
        } else if let kind = json["identifier"]?.text.flatMap({ IdentifierKind(rawValue: $0) }) {
            self = .key(type: type, column: column, kind: kind)
        } else {
            return nil
        }
    }
}
