// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import LocalKnowledge

extension TableProfile {
    /// As it stands among the objects and in decision records (Documentation/Formats/table-profile.md).
    public var json: JSONValue {
        ["format": .integer(Self.format), "minimum": .integer(Int64(minimum)), "columns": .array(columns.map(\.json)), "unions": .array(unions.map(\.json))]
    }

    private static let format: Int64 = 1

    /// Nil when the document is none.
    public init?(json: JSONValue) {
        guard json.members?.count == 4, json["format"]?.number == Self.format, let minimum = json["minimum"]?.size, let columns = json.list("columns", { ColumnProfile(json: $0) }),
            let unions = json.list("unions", { UnionProfile(json: $0) }), unions.count <= Limits.unions
        else { return nil }
        self.init(minimum: minimum, columns: columns, unions: unions)
    }
}

extension ColumnProfile {
    var json: JSONValue {
        [
            "name": .string(name), "values": .integer(Int64(values)), "nulls": .string(nulls.rawValue), "range": range?.json ?? .null,
            "view": view.map { .string($0) } ?? .null,
        ]
    }

    init?(json: JSONValue) {
        guard json.members?.count == 5, let name = json["name"]?.text, let values = json["values"]?.size,
            let nulls = json["nulls"]?.text.flatMap({ ShareClass(rawValue: $0) }), let range = json["range"], let view = json["view"],
            view.isNull || view.text != nil
        else { return nil }
        let bounds = PowerRange(json: range)
        guard range.isNull || bounds != nil else { return nil }
        self.init(name: name, values: values, nulls: nulls, range: bounds, view: view.text)
    }
}

extension PowerRange {
    var json: JSONValue {
        ["lower": lower.map { .integer(Int64($0)) } ?? .null, "upper": upper.map { .integer(Int64($0)) } ?? .null]
    }

    init?(json: JSONValue) {
        guard json.members?.count == 2, let lower = json["lower"], let upper = json["upper"], lower.isNull || lower.size != nil,
            upper.isNull || upper.size != nil, lower.size ?? 0 <= 38, upper.size ?? 0 <= 38
        else { return nil }
        self.init(lower: lower.size, upper: upper.size)
    }
}

extension UnionProfile {
    var json: JSONValue {
        [
            "columns": .array(columns.map { .string($0) }), "unique": .string(unique.rawValue), "below": .string(below.rawValue),
            "room": .integer(Int64(room)),
        ]
    }

    init?(json: JSONValue) {
        guard json.members?.count == 4, let columns = json.list("columns", { $0.text }), let room = json["room"]?.number,
            (-1...5).contains(room), let unique = json["unique"]?.text.flatMap({ ShareClass(rawValue: $0) }),
            let below = json["below"]?.text.flatMap({ ShareClass(rawValue: $0) })
        else { return nil }
        self.init(columns: columns, unique: unique, below: below, room: Int(room))
    }
}
