// SPDX-License-Identifier: Apache-2.0

internal import Tabular

extension RandomQuery {
    mutating func anything(_ columns: [Column], depth: Int) -> Column {
        if !columns.isEmpty, random.chance(50) { return random.pick(columns) }
        let type = random.pick(RandomTables.types)
        return Column(sql: expression(type, columns, depth: depth), type: type)
    }

    mutating func literal(_ type: LogicalType) -> String {
        let value = RandomTables.value(type, &random)
        let sql = Rendering.sql(value)
        return sql.hasPrefix("-") ? "(\(sql))" : sql
    }

    mutating func leaf(_ type: LogicalType, _ columns: [Column]) -> String {
        let fitting = columns.filter { $0.type == type }
        if !fitting.isEmpty, random.chance(80) { return random.pick(fitting).sql }
        if type == RandomTables.money || type == RandomTables.fine {
            let numbers = columns.filter { $0.type.isNumeric }
            if !numbers.isEmpty, random.chance(60) { return random.pick(numbers).sql }
        }
        return random.chance(8) ? "CAST(NULL AS \(Self.name(type)))" : literal(type)
    }

    private static func name(_ type: LogicalType) -> String {
        switch type {
        case .int64: "bigint"
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .bool: "boolean"
        case .date: "date"
        case .timestamp: "timestamp"
        case .text, .double, .entity, .null: "text"
        }
    }

    /// Decimals may come in any scale, other types as asked.
    mutating func expression(_ type: LogicalType, _ columns: [Column], depth: Int) -> String {
        if depth <= 0 || random.chance(35) { return leaf(type, columns) }
        func sub(_ other: LogicalType? = nil) -> String { expression(other ?? type, columns, depth: depth - 1) }
        switch random.below(10) {
        case 0: return "CASE WHEN \(condition(columns, depth: depth - 1, subqueries: false)) THEN \(sub())" + (random.chance(70) ? " ELSE \(sub())" : "") + " END"
        case 4 where random.chance(30) && type != .bool:
            return "CASE \(leaf(.int64, columns)) WHEN \(literal(.int64)) THEN \(sub()) WHEN \(leaf(.int64, columns)) THEN \(sub()) ELSE \(sub()) END"
        case 1: return "coalesce(\(sub()), \(sub()))"
        case 2 where type != .bool: return "nullif(\(sub()), \(sub()))"
        case 3 where type != .bool: return "\(random.pick(["greatest", "least"]))(\(sub()), \(sub()))"
        default: break
        }
        switch type {
        case .int64: return integer(columns, depth)
        case .decimal: return decimal(columns, depth)
        case .text: return text(columns, depth)
        case .date: return date(columns, depth)
        case .timestamp: return timestamp(columns, depth)
        case .bool: return "(\(condition(columns, depth: depth, subqueries: false)))"
        case .double, .entity, .null: return leaf(type, columns)
        }
    }

    private mutating func integer(_ columns: [Column], _ depth: Int) -> String {
        func sub(_ type: LogicalType) -> String { expression(type, columns, depth: depth - 1) }
        // What overflows or divides by zero is NULL here and an error in PostgreSQL.
        if random.chance(1) { return "(\(sub(.int64)) \(random.pick(["+", "-", "*"])) 9223372036854775807)" }
        if random.chance(1) { return "(\(sub(.int64)) \(random.pick(["/", "%"])) \(leaf(.int64, columns)))" }
        switch random.below(14) {
        case 12: return "CAST(position(\(literal(.text)) IN \(sub(.text))) AS bigint)"
        case 13: return "CAST(extract(\(random.pick(["hour", "minute", "second"])) FROM \(sub(.timestamp))) AS bigint)"
        case 0, 1: return "(\(sub(.int64)) + \(sub(.int64)))"
        case 2: return "(\(sub(.int64)) - \(sub(.int64)))"
        case 3: return "(\(leaf(.int64, columns)) * \(leaf(.int64, columns)))"
        case 4: return "(\(sub(.int64)) / nullif(\(leaf(.int64, columns)), 0))"
        case 5: return "(\(sub(.int64)) % nullif(\(leaf(.int64, columns)), 0))"
        case 6: return "abs(\(sub(.int64)))"
        case 7: return "CAST(length(\(sub(.text))) AS bigint)"
        case 8: return "CAST(extract(\(random.pick(["year", "quarter", "month", "week", "day", "dow", "isodow", "doy"])) FROM \(sub(random.pick([.date, .timestamp])))) AS bigint)"
        case 9: return "CAST(\(sub(.date)) - \(sub(.date)) AS bigint)"
        case 10: return "CAST(\(sub(RandomTables.money)) AS bigint)"
        default: return "(- \(sub(.int64)))"
        }
    }

    private mutating func decimal(_ columns: [Column], _ depth: Int) -> String {
        func sub(_ type: LogicalType = RandomTables.money) -> String { expression(type, columns, depth: depth - 1) }
        switch random.below(9) {
        case 0, 1: return "(\(sub()) + \(sub(RandomTables.fine)))"
        case 2: return "(\(sub()) - \(sub(.int64)))"
        case 3: return "(\(leaf(RandomTables.money, columns)) * \(leaf(RandomTables.fine, columns)))"
        case 4: return "round(\(sub()) / nullif(\(leaf(RandomTables.money, columns)), 0), 3)"
        case 5: return "(\(sub()) % nullif(\(leaf(RandomTables.fine, columns)), 0))"
        case 6: return "\(random.pick(["abs", "floor", "ceil", "round", "trunc"]))(CAST(\(sub()) AS decimal(20,4)))"
        case 7: return "round(CAST(\(sub()) AS decimal(20,4)), \(random.pick([0, 1, 2, -1])))"
        default: return "CAST(\(sub(random.pick([.int64, RandomTables.fine]))) AS decimal(\(random.pick(["20,2", "20,5", "22,0"]))))"
        }
    }

    private mutating func text(_ columns: [Column], _ depth: Int) -> String {
        func sub(_ type: LogicalType = .text) -> String { expression(type, columns, depth: depth - 1) }
        switch random.below(16) {
        case 13: return "\(random.pick(["ltrim", "rtrim"]))(\(sub()), \(literal(.text)))"
        case 14: return "trim(\(random.pick(["LEADING", "TRAILING", "BOTH"])) \(literal(.text)) FROM \(sub()))"
        case 0: return "upper(\(sub()))"
        case 1: return "lower(\(sub()))"
        case 2: return "substring(\(sub()), \(random.pick([0, 1, 2, -1])), \(random.below(4)))"
        case 3: return "(\(sub()) || \(sub()))"
        case 4: return "replace(\(sub()), \(literal(.text)), \(literal(.text)))"
        case 5: return "\(random.pick(["left", "right"]))(\(sub()), \(random.pick([0, 1, 2, -1])))"
        case 6: return "\(random.pick(["lpad", "rpad"]))(\(sub()), \(random.below(5)), \(literal(.text)))"
        case 7: return "reverse(\(sub()))"
        case 8: return "concat(\(sub()), \(sub()))"
        case 9: return "CAST(\(sub(.int64)) AS text)"
        case 10: return "CAST(\(sub(.date)) AS text)"
        case 11: return "btrim(\(sub()), \(literal(.text)))"
        case 12: return "CAST(CAST(\(sub(RandomTables.money)) AS decimal(20,2)) AS text)"
        default: return "substring(\(sub()), 2)"
        }
    }

    private mutating func date(_ columns: [Column], _ depth: Int) -> String {
        func sub(_ type: LogicalType = .date) -> String { expression(type, columns, depth: depth - 1) }
        switch random.below(5) {
        case 0: return "(\(sub()) + \(random.below(40)))"
        case 1: return "(\(sub()) - \(random.below(40)))"
        case 2: return "CAST(\(sub()) \(random.pick(["+", "-"])) INTERVAL '\(random.pick(["1 month", "1 year", "3 days", "2 weeks", "1 year 2 months"]))' AS date)"
        case 3: return "CAST(\(sub(.timestamp)) AS date)"
        default: return "CAST(date_trunc('\(random.pick(["year", "quarter", "month", "week"]))', \(sub())) AS date)"
        }
    }

    private mutating func timestamp(_ columns: [Column], _ depth: Int) -> String {
        func sub(_ type: LogicalType = .timestamp) -> String { expression(type, columns, depth: depth - 1) }
        switch random.below(3) {
        case 0: return "(\(sub()) \(random.pick(["+", "-"])) INTERVAL '\(random.pick(["1 hour", "90 minutes", "1 month", "1 day 02:30:00"]))')"
        case 1: return "date_trunc('\(random.pick(["hour", "day", "month", "week", "year"]))', \(sub()))"
        default: return "CAST(\(sub(.date)) AS timestamp)"
        }
    }

    // MARK: Conditions

    mutating func condition(_ columns: [Column], depth: Int, subqueries: Bool) -> String {
        if depth > 0, random.chance(40) {
            let one = condition(columns, depth: depth - 1, subqueries: subqueries), other = condition(columns, depth: depth - 1, subqueries: subqueries)
            switch random.below(4) {
            case 0, 1: return "(\(one) AND \(other))"
            case 2: return "(\(one) OR \(other))"
            default: return "NOT (\(one))"
            }
        }
        if subqueries, random.chance(25) { return subqueryCondition(columns) }
        let type = random.pick([LogicalType.int64, .int64, .text, RandomTables.money, .date, .timestamp])
        func value() -> String { expression(type, columns, depth: depth > 0 ? 1 : 0) }
        switch random.below(12) {
        case 0...4: return "\(value()) \(random.pick(["=", "<>", "<", "<=", ">", ">="])) \(value())"
        case 5: return "\(value()) \(random.pick(["IN", "NOT IN"])) (\(value()), \(literal(type))\(random.chance(15) ? ", NULL" : ""))"
        case 6: return "\(value()) \(random.pick(["", "NOT "]))BETWEEN \(value()) AND \(value())"
        case 7: return "\(anything(columns, depth: 1).sql) \(random.pick(["IS NULL", "IS NOT NULL"]))"
        case 8: return "\(value()) \(random.pick(["IS DISTINCT FROM", "IS NOT DISTINCT FROM"])) \(value())"
        case 9:
            let pattern = random.pick(["a%", "%b", "_", "%医院", "张%", "%", "_b%", "%a%", "张_"])
            let value = expression(.text, columns, depth: 1)
            if random.chance(20) { return "\(value) LIKE '\(random.pick(["a!_b%", "!%", "%!%%", "!!_"]))' ESCAPE '!'" }
            return "\(value) \(random.pick(["LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE"])) '\(pattern)'"
        case 10: return "(\(value()) < \(value())) IS \(random.pick(["TRUE", "NOT TRUE", "FALSE", "UNKNOWN", "NOT UNKNOWN"]))"
        default: return leaf(.bool, columns)
        }
    }
}
