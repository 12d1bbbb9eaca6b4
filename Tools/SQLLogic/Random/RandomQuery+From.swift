// SPDX-License-Identifier: Apache-2.0

internal import Tabular

extension RandomQuery {
    /// What stands behind FROM, and the columns that it offers.
    mutating func from(depth: Int) -> (sql: String, columns: [Column]) {
        var (sql, columns) = relation(depth: depth)
        for _ in 0..<random.pick(depth > 0 ? [0, 0, 1, 1, 2] : [0, 0, 1]) {
            let (other, added) = relation(depth: depth - 1)
            guard let (left, right) = keys(columns, added) else { continue }
            let kind = random.pick(["JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
            var on = left + " = " + right
            let whole = columns + added
            if let (one, two) = keys(columns, added), random.chance(20) { on += " AND \(one) = \(two)" }
            // PostgreSQL has full joins on equalities alone.
            if kind != "FULL JOIN", random.chance(25) { on += " AND " + condition(whole, depth: 1, subqueries: false) }
            sql += " \(kind) \(other) ON \(on)"
            columns = whole
        }
        if depth > 0, random.chance(8) {
            let (other, added) = oneRow()
            sql += random.pick([" CROSS JOIN ", " CROSS JOIN "]) + other
            columns += added
        }
        return (sql, columns)
    }

    /// Relations with commas between them, and the equalities that join them.
    mutating func listedRelations(depth: Int) -> (sql: String, columns: [Column], equality: String)? {
        var (sql, columns) = relation(depth: depth)
        var equalities: [String] = []
        for _ in 0..<random.pick([1, 1, 2]) {
            let (other, added) = relation(depth: 0)
            guard let (left, right) = keys(columns, added) else { return nil }
            sql += ", " + other
            equalities.append("\(left) = \(right)")
            columns += added
        }
        return (sql, columns, equalities.joined(separator: " AND "))
    }

    /// An aggregate without keys, which any relation may be combined with.
    private mutating func oneRow() -> (sql: String, columns: [Column]) {
        let name = alias(), (from, inner) = self.from(depth: 0)
        return ("(SELECT COUNT(*) AS o0, MIN(\(value(.int64, inner))) AS o1 FROM \(from)) \(name)",
            [Column(sql: name + ".o0", type: .int64), Column(sql: name + ".o1", type: .int64)])
    }

    /// A scalar subquery that may have several rows: NULL here, an error in PostgreSQL.
    mutating func severalRows(_ outer: [Column]) -> Column {
        let (from, inner) = self.from(depth: 0)
        let correlation = outer.shuffledPair(with: inner, &random).map { "\($0) = \($1)" } ?? "TRUE"
        let column = random.pick(inner)
        return Column(sql: "(SELECT \(column.sql) FROM \(from) WHERE \(correlation))", type: column.type)
    }

    /// A pair of columns, or simple expressions of them, that can be equal.
    private mutating func keys(_ left: [Column], _ right: [Column]) -> (String, String)? {
        let one = random.pick(left)
        let fitting = right.filter { $0.type == one.type || ($0.type.isNumeric && one.type.isNumeric) }
        guard !fitting.isEmpty, one.type != .bool else {
            guard let a = left.first(where: { $0.type == .int64 }), let b = right.first(where: { $0.type == .int64 }) else { return nil }
            return (a.sql, b.sql)
        }
        let other = random.pick(fitting)
        if one.type == .int64, random.chance(10) { return (one.sql + " + 1", other.sql) }
        if one.type == .text, other.type == .text, random.chance(10) { return ("lower(\(one.sql))", "lower(\(other.sql))") }
        return (one.sql, other.sql)
    }

    private mutating func relation(depth: Int) -> (sql: String, columns: [Column]) {
        let name = alias()
        if random.chance(3) {
            // A SELECT without FROM.
            let items = (0..<2).map { _ in random.pick(RandomTables.types) }.map { Column(sql: expression($0, [], depth: 1), type: $0) }
            let list = items.enumerated().map { "\($1.sql) AS o\($0)" }.joined(separator: ", ")
            return ("(SELECT \(list)) \(name)", items.enumerated().map { Column(sql: "\(name).o\($0)", type: $1.type) })
        }
        if depth > 0, random.chance(25) {
            let inner = query(depth: depth - 1)
            return ("(\(inner.sql)) \(name)", inner.types.enumerated().map { Column(sql: "\(name).o\($0)", type: $1) })
        }
        let table = random.pick(tables)
        return ("\(table.name) \(name)", table.columns.map { Column(sql: "\(name).\($0.name)", type: $0.type) })
    }

    /// A condition with a subquery that refers to the columns, or not.
    mutating func subqueryCondition(_ outer: [Column]) -> String {
        let (from, inner) = self.from(depth: 0)
        let filter = random.chance(50) ? condition(inner, depth: 1, subqueries: false) : "TRUE"
        let related = outer.shuffledPair(with: inner, &random)
        switch random.below(5) {
        case 0, 1:
            let column = random.pick(outer)
            let type = column.type == .bool ? LogicalType.int64 : column.type
            let correlation = related.map { random.chance(30) ? " AND \($0) = \($1)" : "" } ?? ""
            return "\(expression(type, outer, depth: 0)) \(random.pick(["IN", "NOT IN"])) (SELECT \(value(type, inner)) FROM \(from) WHERE \(filter)\(correlation))"
        case 2:
            guard let (one, other) = related else { return "EXISTS (SELECT 1 FROM \(from) WHERE \(filter))" }
            let extra = random.chance(20) ? " AND " + condition(outer + inner, depth: 0, subqueries: false) : ""
            return "\(random.pick(["", "NOT "]))EXISTS (SELECT 1 FROM \(from) WHERE \(one) = \(other) AND \(filter)\(extra))"
        case 3:
            return "EXISTS (SELECT 1 FROM \(from) WHERE \(filter))"
        default:
            let value = scalarSubquery(outer)
            return "\(expression(value.type, outer, depth: 0)) \(random.pick(["=", "<", ">=", "<>"])) \(value.sql)"
        }
    }

    /// A scalar subquery that has one row: an aggregate, correlated or not.
    mutating func scalarSubquery(_ outer: [Column]) -> Column {
        let (from, inner) = self.from(depth: 0)
        let type = random.pick([LogicalType.int64, .text, RandomTables.money])
        let (call, result): (String, LogicalType) =
            switch random.below(3) {
            case 0: ("COUNT(*)", .int64)
            case 1: ("COUNT(\(random.pick(inner).sql))", .int64)
            default: ("\(random.pick(["MIN", "MAX"]))(\(value(type, inner)))", type)
            }
        let filter = random.chance(40) ? condition(inner, depth: 1, subqueries: false) : "TRUE"
        let correlation = random.chance(60) ? outer.shuffledPair(with: inner, &random).map { " AND \($0) = \($1)" } ?? "" : ""
        return Column(sql: "(SELECT \(call) FROM \(from) WHERE \(filter)\(correlation))", type: result)
    }

    private mutating func value(_ type: LogicalType, _ columns: [Column]) -> String {
        let fitting = columns.filter { $0.type == type }
        return fitting.isEmpty ? expression(type, columns, depth: 1) : random.pick(fitting).sql
    }
}

extension [RandomQuery.Column] {
    /// One column of each side, of one type.
    fileprivate func shuffledPair(with others: Self, _ random: inout RandomSource) -> (String, String)? {
        let pairs = flatMap { one in others.filter { $0.type == one.type && one.type != .bool }.map { (one.sql, $0.sql) } }
        return pairs.isEmpty ? nil : random.pick(pairs)
    }
}
