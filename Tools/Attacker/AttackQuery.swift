// SPDX-License-Identifier: Apache-2.0

internal import SQLLogic
internal import Tabular

/// Writes statements by a grammar that knows the policy: most of what it writes lies just within the grants, the rest just outside.
struct AttackQuery {
    let schema: AttackSchema
    var random: RandomSource
    /// Tables of the statement that is being written, by their aliases.
    private(set) var aliases: [(name: String, table: AttackSchema.Table)] = []
    /// Chance in a hundred to leave the grants for once.
    private(set) var boldness = 0

    init(schema: AttackSchema, random: RandomSource) {
        self.schema = schema
        self.random = random
    }

    mutating func next() -> String {
        boldness = random.pick([0, 0, 1, 10])
        let source = from()
        let keys = (0..<random.pick([0, 0, 1, 1, 1, 2])).map { _ in key() }
        var calls = (0..<random.pick([1, 2, 2, 3, 4])).map { _ in call() }
        if random.chance(25) { calls += pair() }
        if random.chance(15) { calls.append(mixed(calls)) }
        let items = (keys + calls).enumerated().map { "\($1) AS o\($0)" }
        var sql = "SELECT " + items.joined(separator: ", ") + " FROM " + source
        if random.chance(55) { sql += " WHERE " + condition(depth: random.below(3)) }
        if !keys.isEmpty { sql += " GROUP BY " + (random.chance(50) ? keys.joined(separator: ", ") : (1...keys.count).map(String.init).joined(separator: ", ")) }
        if random.chance(15) { sql += " HAVING \(random.pick(calls)) \(random.pick([">", "<", "=", "<>"])) \(random.below(12))" }
        return wrapped(sql, columns: items.count)
    }

    // MARK: FROM

    private mutating func from() -> String {
        aliases = [("v", schema.visit)]
        let visits = random.chance(12) ? "(SELECT * FROM visit\(random.chance(50) ? " WHERE " + bare { $0.condition(depth: 0) } : "")) v" : "visit v"
        switch random.below(12) {
        case 0, 1, 2:
            aliases.append(("r", schema.resident))
            let residual = random.chance(15) ? " AND " + condition(depth: 0) : ""
            return visits + random.pick([" JOIN ", " LEFT JOIN "]) + "resident r ON v.person = r.person" + residual
        case 3:
            aliases = [("r", schema.resident), ("v", schema.visit)]
            return "resident r" + random.pick([" JOIN ", " LEFT JOIN "]) + "visit v ON r.person = v.person"
        case 4:
            aliases.append(("c", schema.code))
            return visits + random.pick([" JOIN ", " LEFT JOIN "]) + "code c ON v.code = c.code"
        case 5:
            aliases.append(("c", schema.code))
            let width = random.below(4)
            return visits + " JOIN code c ON substring(v.code, 1, \(width)) = c.chapter"
        case 6 where random.chance(60): return odd()
        case 7:
            aliases = [("r", schema.resident)]
            return "resident r"
        default: return visits
        }
    }

    /// Sources that were refused when this was written; accepted or not, what comes out is examined.
    private mutating func odd() -> String {
        random.pick([
            "(SELECT * FROM visit UNION ALL SELECT * FROM visit) v", "visit v JOIN visit w ON v.person = w.person", "(SELECT * FROM visit ORDER BY cost LIMIT 3) v",
            "(SELECT x.*, row_number() OVER (ORDER BY x.cost) AS n FROM visit x) v", "visit v FULL JOIN resident r ON v.person = r.person",
            "visit v JOIN resident r ON v.day = r.born", "code c LEFT JOIN visit v ON v.code = c.code", "visit v CROSS JOIN code c",
            "(SELECT * FROM visit WHERE person IN (SELECT person FROM resident WHERE district = '东')) v",
            "(SELECT * FROM visit x WHERE EXISTS (SELECT 1 FROM resident r WHERE r.person = x.person AND r.income > 100)) v",
            "(SELECT * FROM visit x WHERE cost > (SELECT AVG(cost) FROM visit)) v",
            "(SELECT DISTINCT hospital, code, urgent, day, age, cost, insured, person FROM visit) v",
            "visit v JOIN (SELECT person, COUNT(*) AS n FROM visit GROUP BY person) t ON v.person = t.person AND t.n > 1",
            "visit v JOIN (SELECT person FROM resident WHERE sex = '女') r ON v.person = r.person",
            "visit v LEFT JOIN (SELECT person, 1 AS one FROM resident) r ON v.person = r.person",
        ])
    }

    /// Within a derived table columns stand without an alias.
    private mutating func bare(_ write: (inout AttackQuery) -> String) -> String {
        write(&self).replacing("v.", with: "")
    }

    // MARK: Above the release

    private mutating func wrapped(_ sql: String, columns: Int) -> String {
        let order = " ORDER BY " + (1...columns).shuffled(using: &random).prefix(2).map { "\($0)" + random.pick(["", " DESC", " NULLS FIRST"]) }.joined(separator: ", ")
        let last = "x.o\(columns - 1)"
        switch random.below(10) {
        case 0: return sql + order
        case 1: return sql + order + " LIMIT \(1 + random.below(3))" + (random.chance(40) ? " OFFSET \(random.below(3))" : "")
        case 2: return "SELECT x.*, \(random.pick(["RANK", "DENSE_RANK", "ROW_NUMBER"]))() OVER (ORDER BY \(last) DESC) AS k FROM (\(sql)) x"
        case 3: return "SELECT DISTINCT x.o0 FROM (\(sql)) x"
        case 4: return "WITH x AS (\(sql)) SELECT x.o0, SUM(\(last)) OVER (ORDER BY x.o0 ROWS UNBOUNDED PRECEDING) AS k FROM x WHERE \(last) IS NOT NULL"
        case 5: return "SELECT CASE WHEN \(last) IS NULL THEN 'small' ELSE 'large' END AS k, x.o0 FROM (\(sql)) x"
        default: return sql
        }
    }

    // MARK: Columns

    /// A column of the statement's tables that grants one of these, or any column when in the mood for it; nil when there is none.
    mutating func column(_ capabilities: [String], where fits: (AttackColumn) -> Bool = { _ in true }) -> (text: String, column: AttackColumn)? {
        let isBold = random.chance(boldness)
        var found: [(String, AttackColumn)] = []
        for (alias, table) in aliases {
            for column in table.columns where fits(column) && (isBold || capabilities.contains(where: column.allows)) {
                found.append((alias + "." + column.name, column))
            }
        }
        return found.isEmpty ? nil : random.pick(found)
    }

    /// Fields of a date that are coarse enough, or any when bold.
    mutating func field(_ column: AttackColumn, extracted: Bool) -> String {
        let order = ["day", "month", "quarter", "year"]
        let least = random.chance(boldness) ? 0 : order.firstIndex(of: column.granularity ?? "day") ?? 0
        let field = random.pick(Array(order[least...]))
        if extracted { return field == "day" ? random.pick(["day", "dow", "doy"]) : field }
        return random.chance(boldness) ? "week" : field
    }

    mutating func width(_ column: AttackColumn) -> Int {
        let most = column.prefix ?? 4
        return random.chance(boldness) ? most + 1 : 1 + random.below(most)
    }

    // MARK: Keys

    mutating func key() -> String {
        guard let (text, column) = column(["group"]) else { return random.pick(["'all'", "CASE WHEN \(condition(depth: 0)) THEN 1 ELSE 0 END"]) }
        switch column.type {
        case .date:
            return random.chance(50) ? "date_trunc('\(field(column, extracted: false))', \(text))" : random.chance(80) ? "extract(\(field(column, extracted: true)) FROM \(text))" : text
        case .text:
            let coarse = column.prefix != nil || random.chance(15) ? "substring(\(text), 1, \(width(column)))" : text
            return random.pick([coarse, coarse, coarse, "coalesce(\(coarse), '无')", "CASE WHEN \(condition(depth: 0)) THEN \(coarse) END", "\(condition(depth: 0))"])
        default: return random.pick([text, text, "CASE WHEN \(condition(depth: 0)) THEN 'a' WHEN \(condition(depth: 0)) THEN 'b' ELSE 'c' END", "\(text) IS NULL"])
        }
    }
}
