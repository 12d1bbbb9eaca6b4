// SPDX-License-Identifier: Apache-2.0

internal import SQLLogic
internal import Tabular

extension AttackQuery {
    mutating func condition(depth: Int) -> String {
        guard depth > 0 else { return test() }
        let left = condition(depth: depth - 1), right = condition(depth: depth - 1)
        switch random.below(7) {
        case 0, 1: return "\(left) AND \(right)"
        case 2: return "(\(left) OR \(right))"
        case 3: return "NOT (\(left))"
        case 4: return "(\(left) AND NOT \(right))"
        case 5: return "CASE WHEN \(left) THEN \(right) ELSE FALSE END"
        default: return "(\(left)) AND (\(right) OR \(left))"
        }
    }

    private mutating func test() -> String {
        guard let (text, column) = column(["filter_equal", "filter_range"]) else { return random.pick(["TRUE", "1 = 1", "1 > 2"]) }
        let isRange = column.allows("filter_range") && !(column.allows("filter_equal") && random.chance(30))
        if random.chance(boldness) { return probe(text, column) }
        switch column.type {
        case .bool: return random.pick([text, "NOT \(text)", "\(text) IS TRUE", "\(text) IS NOT TRUE", "\(text) = FALSE", "\(text) IS UNKNOWN", "coalesce(\(text), FALSE)"])
        case .date: return isRange ? dateRange(text, column) : period(text, column)
        case .text: return textTest(text, column)
        case .int64, .decimal: return isRange ? range(text, column) : random.pick(["\(text) = \(number(column))", "\(text) IN (\(number(column)), \(number(column)))", "\(text) IS NULL"])
        case .double, .timestamp, .entity, .null: return "\(text) IS NULL"
        }
    }

    private mutating func textTest(_ text: String, _ column: AttackColumn) -> String {
        if column.name == "hospital", random.chance(15) { return "\(text) = :place" }
        let isCut = column.prefix != nil || random.chance(15)
        let cut = width(column)
        let operand = isCut ? random.pick(["substring(\(text), 1, \(cut))", "left(\(text), \(cut))"]) : text
        func value(_ random: inout RandomSource) -> String {
            let whole: String
            switch column.name {
            case "hospital": whole = random.pick(AttackSchema.hospitals + ["戊"])
            case "code", "title", "chapter": whole = random.pick(AttackSchema.codes)
            case "district": whole = random.pick(AttackSchema.districts)
            case "sex": whole = random.pick(["男", "女"])
            default: whole = random.pick(["a", "x", "名7"])
            }
            return "'" + (isCut ? String(whole.prefix(cut)) : whole) + "'"
        }
        let first = value(&random), second = value(&random)
        return random.pick([
            "\(operand) = \(first)", "\(operand) = \(first)", "\(operand) <> \(first)", "\(operand) IN (\(first), \(second))", "\(operand) NOT IN (\(first), \(second))", "\(text) IS NOT NULL",
            "\(text) IS NULL", "\(first) = \(operand)", "CASE WHEN \(operand) = \(first) THEN 1 ELSE 2 END = 1", "CASE \(operand) WHEN \(first) THEN TRUE END",
        ])
    }

    private mutating func range(_ text: String, _ column: AttackColumn) -> String {
        let symbol = random.pick([">", ">=", "<", "<="])
        return random.pick([
            "\(text) \(symbol) \(number(column))", "\(number(column)) \(symbol) \(text)", "\(text) BETWEEN \(number(column)) AND \(number(column))",
            "CASE WHEN \(text) \(symbol) \(number(column)) THEN 'h' ELSE 'l' END = 'h'",
        ])
    }

    mutating func number(_ column: AttackColumn) -> String {
        switch column.type {
        case .decimal: random.pick(["0", "10", "10.50", "200.00", "999999.98", "900", "-7"])
        default: random.pick(["0", "30", "60", "61", "90", "149", "-1", "2", "9223372036854775807"])
        }
    }

    private mutating func dateRange(_ text: String, _ column: AttackColumn) -> String {
        let edges: [String]
        switch column.granularity {
        case "year": edges = ["2024-01-01", "2025-01-01"]
        case "quarter": edges = ["2024-01-01", "2024-04-01", "2023-10-01"]
        case "month": edges = ["2023-11-01", "2024-01-01", "2024-02-01", "2024-06-01"]
        default: edges = ["2023-11-02", "2024-01-15", "2024-02-29", "2024-03-01"]
        }
        let edge = random.pick(random.chance(boldness) ? ["2024-01-02", "2023-12-31"] : edges)
        if random.chance(20) { return "\(text) >= :since" }
        return random.pick([
            "\(text) >= DATE '\(edge)'", "\(text) < DATE '\(edge)'", "\(text) >= '\(edge)'", "NOT \(text) < DATE '\(edge)'", "\(text) >= DATE '\(edge)' + INTERVAL '1 year'",
            "\(text) >= TIMESTAMP '\(edge) 00:00:00'", "(\(text) >= DATE '\(edge)' AND \(text) < DATE '\(random.pick(edges))')", period(text, column),
        ])
    }

    private mutating func period(_ text: String, _ column: AttackColumn) -> String {
        let field = field(column, extracted: false), part = self.field(column, extracted: true)
        return random.pick([
            "date_trunc('\(field)', \(text)) = TIMESTAMP '2024-01-01 00:00:00'", "extract(\(part) FROM \(text)) = \(random.pick([1, 2, 3, 2024]))",
            "extract(\(part) FROM \(text)) IN (1, 2)", "extract(\(part) FROM \(text)) > 1", "date_trunc('\(field)', \(text)) < DATE '2024-04-01'",
        ])
    }

    /// Looks at more of a value than a grant would show.
    private mutating func probe(_ text: String, _ column: AttackColumn) -> String {
        let other = self.column(["filter_equal", "filter_range", "group"])?.text ?? text
        return random.pick([
            "\(text) = \(other)", "\(text) < \(other)", "\(text) LIKE 'I1%'", "length(\(text)) = 5", "lower(\(text)) = 'a'", "\(text) || 'x' = 'ax'", "position('1' IN \(text)) > 0",
            "\(text) % 2 = 0", "\(text) + 1 > 60", "abs(\(text)) > 3", "1 / (\(text) - 60) > 0", "CAST(\(text) AS text) = '60'", "CAST(\(text) AS int) = 3", "sqrt(\(text)) > 2",
            "nullif(\(text), \(other)) IS NULL", "greatest(\(text), 60) = 60", "\(text) IS DISTINCT FROM \(other)", "\(text) >= (SELECT AVG(age) FROM visit)",
            "\(text) + INTERVAL '3 days' > TIMESTAMP '2024-01-01 00:00:00'", "\(text) > \(text) * 1", "power(\(text), 20) > 0", "coalesce(\(text), \(other)) = \(other)", "(\(text), \(other)) = (1, 2)",
            "\(text) BETWEEN \(other) AND 100", "\(text) IN (\(other), 60)", "exp(\(text)) > 1000", "CASE \(text) WHEN \(other) THEN TRUE ELSE FALSE END",
        ])
    }
}
