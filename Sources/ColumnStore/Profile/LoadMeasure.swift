// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// What a load is to measure of a table: which columns may tell entities apart, in the form in which anybody may see them.
public struct LoadMeasure: Sendable, Hashable {
    /// Fewest entities that a cell of a release has.
    public let minimum: Int
    /// In the order of the table; the first `Limits.unionColumns` are put together.
    public let columns: [Column]

    public struct Column: Sendable, Hashable {
        public let name: String
        /// `day`, `month`, `quarter`, `year` of a date.
        public let granularity: String?
        /// Leading characters of a text.
        public let prefix: Int?

        public init(name: String, granularity: String?, prefix: Int?) {
            self.name = name
            self.granularity = granularity
            self.prefix = prefix
        }
    }

    public init(minimum: Int, columns: [Column]) {
        self.minimum = minimum
        self.columns = columns
    }
}

extension LoadMeasure {
    var json: JSONValue {
        [
            "minimum": .integer(Int64(minimum)),
            "columns": .array(
                columns.map { column in
                    [
                        "name": .string(column.name), "granularity": column.granularity.map { .string($0) } ?? .null,
                        "prefix": column.prefix.map { .integer(Int64($0)) } ?? .null,
                    ]
                }),
        ]
    }

    init?(json: JSONValue) {
        guard let minimum = json["minimum"]?.size, minimum > 0,
            let columns = json.list("columns", { member -> Column? in
                guard let name = member["name"]?.text, let granularity = member["granularity"], let prefix = member["prefix"],
                    granularity.isNull || ["day", "month", "quarter", "year"].contains(granularity.text), prefix.isNull || prefix.size ?? 0 > 0
                else { return nil }
                return Column(name: name, granularity: granularity.text, prefix: prefix.size)
            })
        else { return nil }
        self.init(minimum: minimum, columns: columns)
    }
}
