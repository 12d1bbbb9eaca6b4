// SPDX-License-Identifier: Apache-2.0

internal import Tabular

/// Random queries over the dialect whose answers are determined: LIMIT only under an order over all columns, no division by zero, no
/// constructs whose meaning Yunei defines otherwise than PostgreSQL (the scale of quotients, several rows of a scalar subquery).
package struct RandomQuery {
    var random: RandomSource
    let tables: [TestTable]
    private var aliases = 0

    /// A column that can be written.
    struct Column {
        let sql: String
        let type: LogicalType
    }

    /// A query and the types of its columns, named `o0`, `o1`, …
    struct Body {
        let sql: String
        let types: [LogicalType]
    }

    package init(random: RandomSource, tables: [TestTable]) {
        self.random = random
        self.tables = tables
    }

    /// A query, and whether its rows come in an order.
    package mutating func next() -> (sql: String, isOrdered: Bool) {
        let body = query(depth: 2)
        guard random.chance(40) else { return (body.sql, false) }
        return (ordered(body, limit: random.chance(50)).sql, true)
    }

    mutating func alias() -> String {
        aliases += 1
        return "q\(aliases)"
    }

    // MARK: Whole queries

    /// Without ORDER BY at its end.
    mutating func query(depth: Int) -> Body {
        switch random.below(depth > 0 ? 12 : 8) {
        case 0...2: return rows(depth: depth)
        case 3...5: return groups(depth: depth)
        case 6, 7: return windows(depth: depth)
        case 8: return union(depth: depth - 1)
        case 9 where random.chance(40): return commonQueries(depth: depth - 1)
        default: return over(depth: depth - 1)
        }
    }

    private mutating func ordered(_ body: Body, limit: Bool) -> Body {
        var places = Array(1...body.types.count)
        for place in places.indices.reversed() { places.swapAt(place, random.below(place + 1)) }
        let keys = places.map { place -> String in
            "\(place)" + random.pick(["", " ASC", " DESC"]) + random.pick(["", "", " NULLS FIRST", " NULLS LAST"])
        }
        // PostgreSQL 15 takes columns that a join makes equal for one sort key, also where grouping sets make them differ.
        let hasSets = ["ROLLUP", "CUBE", "GROUPING SETS"].contains { body.sql.contains($0) }
        var sql = (hasSets ? "SELECT * FROM (\(body.sql)) \(alias())" : body.sql) + " ORDER BY " + keys.joined(separator: ", ")
        if limit {
            sql += " LIMIT \(random.below(8))"
            if random.chance(40) { sql += " OFFSET \(random.below(4))" }
        }
        return Body(sql: sql, types: body.types)
    }

    private func listed(_ items: [Column]) -> String {
        items.enumerated().map { "\($1.sql) AS o\($0)" }.joined(separator: ", ")
    }

    private mutating func rows(depth: Int) -> Body {
        if depth > 0, random.chance(8), let (from, columns, equality) = listedRelations(depth: depth) {
            let items = (0..<(1 + random.below(3))).map { _ in anything(columns, depth: 1) }
            let filter = random.chance(60) ? " AND " + condition(columns, depth: 1, subqueries: true) : ""
            return Body(sql: "SELECT \(listed(items)) FROM \(from) WHERE \(equality)\(filter)", types: items.map(\.type))
        }
        let (from, columns) = self.from(depth: depth)
        var items = (0..<(1 + random.below(4))).map { _ in anything(columns, depth: 2) }
        if depth > 0, random.chance(15) { items.append(random.chance(80) ? scalarSubquery(columns) : severalRows(columns)) }
        if depth > 0, random.chance(5) { items.append(Column(sql: "(\(subqueryCondition(columns)))", type: .bool)) }
        var sql = "SELECT " + (random.chance(25) ? "DISTINCT " : "") + listed(items) + " FROM " + from
        if random.chance(70) { sql += " WHERE " + condition(columns, depth: 2, subqueries: depth > 0) }
        return Body(sql: sql, types: items.map(\.type))
    }

    private mutating func union(depth: Int) -> Body {
        let one = query(depth: depth)
        if random.chance(15) {
            let values = one.types.map { Column(sql: expression($0, [], depth: 1), type: $0) }
            return Body(sql: one.sql + " UNION ALL SELECT " + listed(values), types: one.types)
        }
        let (from, columns) = self.from(depth: 0)
        let items = one.types.map { Column(sql: expression($0, columns, depth: 1), type: $0) }
        var sql = one.sql + " UNION ALL SELECT " + listed(items) + " FROM " + from
        if random.chance(50) { sql += " WHERE " + condition(columns, depth: 1, subqueries: false) }
        return Body(sql: sql, types: one.types)
    }

    /// A query over a query: derived table or WITH.
    private mutating func over(depth: Int) -> Body {
        var inner = query(depth: depth)
        if random.chance(30) { inner = ordered(inner, limit: random.chance(70)) }
        let name = alias()
        let columns = inner.types.enumerated().map { Column(sql: "\(name).o\($0)", type: $1) }
        let isGrouped = random.chance(50)
        let (list, tail, types) = isGrouped ? grouping(columns) : plain(columns)
        let isCommon = random.chance(40)
        let head = isCommon ? "WITH \(name) AS (\(inner.sql)) " : ""
        let source = isCommon ? name : "(\(inner.sql)) \(name)"
        let filter = random.chance(50) ? " WHERE " + condition(columns, depth: 1, subqueries: false) : ""
        // WITH cannot stand inside a UNION operand without brackets; derived tables can stand anywhere.
        return Body(sql: (isCommon ? "(" : "") + head + "SELECT " + list + " FROM " + source + filter + tail + (isCommon ? ")" : ""), types: types)
    }

    private mutating func plain(_ columns: [Column]) -> (list: String, tail: String, types: [LogicalType]) {
        let items = (0..<(1 + random.below(3))).map { _ in anything(columns, depth: 1) }
        return (listed(items), "", items.map(\.type))
    }

    /// WITH queries of which the second reads the first, and one is read twice.
    private mutating func commonQueries(depth: Int) -> Body {
        let first = query(depth: depth), name = alias(), next = alias()
        let columns = first.types.enumerated().map { Column(sql: "\(name).o\($0)", type: $1) }
        let items = (0..<(1 + random.below(2))).map { _ in anything(columns, depth: 1) }
        let one = alias(), other = alias()
        let type = items[0].type
        let key = type == .bool || random.chance(20) ? "COUNT(*)" : "MIN(\(one).o0)"
        let sql = "(WITH \(name) AS (\(first.sql)), \(next) AS (SELECT \(listed(items)) FROM \(name) WHERE \(condition(columns, depth: 1, subqueries: false))) "
            + "SELECT \(key) AS o0, COUNT(\(other).o0) AS o1 FROM \(next) \(one) \(random.pick(["JOIN", "LEFT JOIN", "FULL JOIN"])) \(next) \(other) ON \(one).o0 = \(other).o0)"
        return Body(sql: sql, types: [key.hasPrefix("MIN") ? type : .int64, .int64])
    }

    // MARK: Groups

    private mutating func groups(depth: Int) -> Body {
        let (from, columns) = self.from(depth: depth)
        let filter = random.chance(50) ? " WHERE " + condition(columns, depth: 2, subqueries: depth > 0) : ""
        let (list, tail, types) = grouping(columns)
        return Body(sql: "SELECT " + list + " FROM " + from + filter + tail, types: types)
    }

    private mutating func grouping(_ columns: [Column]) -> (list: String, tail: String, types: [LogicalType]) {
        var keys: [Column] = []
        for _ in 0..<random.pick([0, 1, 1, 1, 2, 2, 3]) {
            let key = random.chance(70) ? random.pick(columns) : computedKey(columns)
            if !keys.contains(where: { $0.sql == key.sql }) { keys.append(key) }
        }
        let calls = (0..<(keys.isEmpty ? 1 : 0) + random.below(4)).map { _ in aggregate(columns) }
        let clause = keys.isEmpty ? "" : groupClause(random.chance(15) ? keys.indices.map { "\($0 + 1)" } : keys.map(\.sql))
        var items = keys + calls
        let hasSets = ["ROLLUP", "CUBE", "GROUPING SETS"].contains(where: clause.hasPrefix)
        if hasSets, random.chance(50) {
            items.append(Column(sql: "CAST(GROUPING(\(random.pick(keys).sql)) AS bigint)", type: .int64))
        }
        if !hasSets, random.chance(8), let call = calls.first {
            items.append(Column(sql: "RANK() OVER (ORDER BY \(call.sql)\(random.pick(["", " DESC", " NULLS FIRST"])))", type: .int64))
        }
        var tail = keys.isEmpty ? "" : " GROUP BY " + clause
        if random.chance(25) {
            let call = aggregate(columns)
            let value = scalarSubquery([])
            let count = value.type == .int64 ? value.sql : "1"
            tail += " HAVING " + random.pick(["COUNT(*) > 1", "COUNT(*) <> 2", "\(call.sql) IS NOT NULL", compared(call), "NOT \(compared(call))", "COUNT(*) >= \(count)"])
        }
        return (listed(items), tail, items.map(\.type))
    }

    private mutating func groupClause(_ keys: [String]) -> String {
        let list = keys.joined(separator: ", ")
        switch random.below(10) {
        case 0: return "ROLLUP (\(list))"
        case 1 where keys.count < 3: return "CUBE (\(list))"
        case 2: return "GROUPING SETS ((\(list)), ())"
        case 3 where keys.count > 1: return "GROUPING SETS ((\(keys[0])), (\(list)))"
        default: return list
        }
    }

    private mutating func computedKey(_ columns: [Column]) -> Column {
        let column = random.pick(columns)
        switch column.type {
        case .int64: return Column(sql: "\(column.sql) % 3", type: .int64)
        case .text: return Column(sql: random.pick(["substring(\(column.sql), 1, 1)", "upper(\(column.sql))"]), type: .text)
        case .date: return Column(sql: "CAST(extract(month FROM \(column.sql)) AS bigint)", type: .int64)
        case .timestamp: return Column(sql: "date_trunc('day', \(column.sql))", type: .timestamp)
        case .bool: return Column(sql: "NOT \(column.sql)", type: .bool)
        case .decimal: return Column(sql: "\(column.sql) > 0", type: .bool)
        case .double, .entity, .null: return column
        }
    }

    private mutating func aggregate(_ columns: [Column]) -> Column {
        let filter = random.chance(15) ? " FILTER (WHERE \(condition(columns, depth: 1, subqueries: false)))" : ""
        switch random.below(13) {
        case 0, 1: return Column(sql: "COUNT(*)" + filter, type: .int64)
        case 12:
            // Small values, so that what doubles lose stays behind the digits that are compared.
            let word = random.pick(["STDDEV", "STDDEV_SAMP", "STDDEV_POP", "VARIANCE", "VAR_SAMP", "VAR_POP"])
            let call = "\(word)(\(leaf(.int64, columns)) % 1000)\(filter)"
            return Column(sql: "round(CAST(\(call) AS decimal(30,7)), 4)", type: .decimal(precision: 20, scale: 4))
        case 10: return Column(sql: random.pick(["bool_and", "bool_or"]) + "(\(condition(columns, depth: 1, subqueries: false)))" + filter, type: .bool)
        case 11:
            let place = random.pick(["0.5", "0", "1", "0.25"])
            let argument = expression(.int64, columns, depth: 1) + random.pick(["", " DESC"])
            let type = LogicalType.decimal(precision: 30, scale: 3)
            return Column(sql: "CAST(percentile_cont(\(place)) WITHIN GROUP (ORDER BY \(argument))\(filter) AS decimal(30,3))", type: type)
        case 2: return Column(sql: "COUNT(\(anything(columns, depth: 1).sql))" + filter, type: .int64)
        case 3: return Column(sql: "COUNT(DISTINCT \(random.pick(columns).sql))" + filter, type: .int64)
        case 4, 5:
            // A decimal in PostgreSQL, whatever is summed.
            let type = random.pick([LogicalType.int64, RandomTables.money])
            let argument = expression(type, columns, depth: 1)
            let word = random.chance(15) ? "DISTINCT " : ""
            return Column(sql: "CAST(SUM(\(word)\(argument))\(filter) AS decimal(30,\(type.scale)))", type: .decimal(precision: 30, scale: type.scale))
        case 6: return Column(sql: "round(AVG(\(expression(random.pick([.int64, RandomTables.fine]), columns, depth: 1)))\(filter), 4)", type: .decimal(precision: 20, scale: 4))
        default:
            let type = random.pick([LogicalType.int64, .text, RandomTables.money, .date, .timestamp])
            return Column(sql: random.pick(["MIN", "MAX"]) + "(\(expression(type, columns, depth: 1)))" + filter, type: type)
        }
    }

    private mutating func compared(_ column: Column) -> String {
        "(\(column.sql) \(random.pick(["<", ">=", "<>"])) \(literal(column.type)))"
    }

    // MARK: Windows

    private mutating func windows(depth: Int) -> Body {
        let (from, columns) = self.from(depth: min(depth, 1))
        var items = (0..<(1 + random.below(2))).map { _ in anything(columns, depth: 1) }
        // Two orders over all columns could place rows that are equal altogether differently.
        for number in 0..<(1 + random.below(2)) { items.append(windowCall(columns, isTotal: number == 0)) }
        let filter = random.chance(50) ? " WHERE " + condition(columns, depth: 1, subqueries: depth > 0) : ""
        return Body(sql: "SELECT " + listed(items) + " FROM " + from + filter, types: items.map(\.type))
    }

    private mutating func windowCall(_ columns: [Column], isTotal: Bool) -> Column {
        let partition = random.chance(50) ? "PARTITION BY " + random.pick(columns).sql : ""
        func direction(_ random: inout RandomSource) -> String { random.pick(["", " DESC", " NULLS FIRST", " DESC NULLS LAST"]) }
        let some = "ORDER BY " + random.pick(columns).sql + direction(&random)
        // All columns: rows that are equal then are equal altogether.
        let all = "ORDER BY " + columns.map { $0.sql + direction(&random) }.joined(separator: ", ")
        switch random.below(6) {
        case 0: return Column(sql: "\(random.pick(["RANK()", "DENSE_RANK()"])) OVER (\(partition) \(some))", type: .int64)
        case 1 where isTotal: return Column(sql: "ROW_NUMBER() OVER (\(partition) \(all))", type: .int64)
        default:
            let (order, frame) =
                switch random.below(isTotal ? 4 : 2) {
                case 0: ("", "")
                case 1: (some, random.pick(["", " RANGE UNBOUNDED PRECEDING", " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", " RANGE BETWEEN CURRENT ROW AND CURRENT ROW"]))
                default:
                    (all, random.pick([" ROWS BETWEEN 1 PRECEDING AND CURRENT ROW", " ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING", " ROWS UNBOUNDED PRECEDING", " ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING",
                        " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"]))
                }
            let over = " OVER (\(partition) \(order)\(frame))"
            switch random.below(5) {
            case 0: return Column(sql: "COUNT(*)" + over, type: .int64)
            case 1: return Column(sql: "CAST(SUM(\(expression(.int64, columns, depth: 1)))\(over) AS decimal(30,0))", type: .decimal(precision: 30, scale: 0))
            case 2: return Column(sql: "round(AVG(\(expression(.int64, columns, depth: 1)))\(over), 4)", type: .decimal(precision: 20, scale: 4))
            case 3: return Column(sql: "COUNT(\(random.pick(columns).sql))" + over, type: .int64)
            default:
                let type = random.pick([LogicalType.int64, .text, RandomTables.money, .date])
                return Column(sql: random.pick(["MIN", "MAX"]) + "(\(expression(type, columns, depth: 1)))" + over, type: type)
            }
        }
    }
}
