// SPDX-License-Identifier: Apache-2.0

internal import SQLLogic
internal import Tabular

extension AttackQuery {
    mutating func call() -> String {
        switch random.below(12) {
        case 0, 1: return "COUNT(*)"
        case 2: return column(["count"]).map { "COUNT(\($0.text))" } ?? "COUNT(*)"
        case 3: return distinct()
        case 4: return conditional()
        case 5: return "\(amountCall()) FILTER (WHERE \(condition(depth: random.below(2))))"
        case 6: return "COUNT(*) FILTER (WHERE \(condition(depth: random.below(2))))"
        case 7 where random.chance(boldness): return strange()
        default: return amountCall()
        }
    }

    private mutating func distinct() -> String {
        guard let (text, column) = column(["count_distinct"]) else { return "COUNT(DISTINCT v.person)" }
        let whole: String
        switch column.type {
        case .date: whole = column.granularity == nil ? text : "date_trunc('\(field(column, extracted: false))', \(text))"
        case .text where column.prefix != nil: whole = "substring(\(text), 1, \(width(column)))"
        default: whole = text
        }
        return random.pick(["COUNT(DISTINCT \(whole))", "COUNT(DISTINCT \(whole))", "COUNT(DISTINCT CASE WHEN \(condition(depth: 0)) THEN \(whole) END)", "COUNT(DISTINCT \(whole)) FILTER (WHERE \(condition(depth: 0)))"])
    }

    private mutating func amountCall() -> String {
        let function = random.pick(["SUM", "SUM", "AVG"])
        guard let (text, column) = column([function == "SUM" ? "sum" : "average"], where: \.type.isExactNumeric) else { return "COUNT(*)" }
        return "\(function)(\(amount(text, column)))"
    }

    /// A column, or what arithmetic makes of it.
    private mutating func amount(_ text: String, _ column: AttackColumn) -> String {
        let other = self.column(["sum", "average"], where: \.type.isExactNumeric)?.text ?? text
        if random.chance(boldness) {
            return random.pick([
                "\(text) + \(other)", "\(text) + 1", "\(text) % 7", "round(\(text))", "\(text) / 7", "\(text) / \(other)", "\(text) - \(other)", "abs(\(text))", "power(\(text), 9)", "\(text) * \(text) * \(text)",
                "CAST(\(text) AS int)", "CASE WHEN \(text) > 100 THEN 1 ELSE 0 END", "\(text) * 0.001", "greatest(\(text), \(other))", "CAST(\(text) AS double precision)", "\(text) * 9223372036854775807",
            ])
        }
        return random.pick([text, text, text, text, "-\(text)", "\(text) * 2", "2 * \(text)", "\(text) * \(other)", "coalesce(\(text), 0)", "\(text) * 0.5"])
    }

    private mutating func conditional() -> String {
        let test = condition(depth: random.below(2)), second = condition(depth: 0)
        let amount = column(["sum"], where: \.type.isExactNumeric)?.text ?? "1"
        let mean = column(["average"], where: \.type.isExactNumeric)?.text ?? "1"
        return random.pick([
            "SUM(CASE WHEN \(test) THEN \(amount) END)", "SUM(CASE WHEN \(test) THEN \(amount) ELSE 0 END)", "SUM(CASE WHEN \(test) THEN 1 ELSE 0 END)", "COUNT(CASE WHEN \(test) THEN 1 END)",
            "AVG(CASE WHEN \(test) THEN \(mean) END)", "AVG(CASE WHEN \(test) THEN 1 ELSE 0 END)", "AVG(CASE WHEN \(test) THEN 1.0 ELSE 0.0 END)",
            "SUM(CASE WHEN \(test) THEN \(amount) WHEN \(second) THEN NULL ELSE \(amount) END)", "SUM(CASE WHEN \(test) THEN \(amount) ELSE -\(amount) END)",
            "SUM(CASE WHEN \(test) THEN 1 WHEN \(second) THEN 2 ELSE 1000 END)", "COUNT(CASE WHEN \(test) THEN NULL ELSE 0 END)", "SUM(coalesce(CASE WHEN \(test) THEN \(amount) END, 0))",
            "SUM(CASE WHEN \(test) THEN \(amount) ELSE 1000000 END)", "COUNT(nullif(\(amount), 0))",
        ])
    }

    private mutating func strange() -> String {
        let text = column(["sum", "average", "count", "group"])?.text ?? "v.cost"
        return random.pick([
            "MIN(\(text))", "MAX(\(text))", "SUM(DISTINCT \(text))", "AVG(DISTINCT \(text))", "stddev(\(text))", "var_pop(\(text))", "percentile_cont(0.5) WITHIN GROUP (ORDER BY \(text))",
            "bool_or(\(text) IS NULL)", "bool_and(v.urgent)", "COUNT(DISTINCT \(text) IS NULL)", "SUM(SUM(\(text))) OVER ()", "SUM(1000)", "COUNT(DISTINCT 1)",
        ])
    }

    /// Two aggregates whose difference is aimed at somebody.
    mutating func pair() -> [String] {
        let test = condition(depth: random.below(2)), narrower = condition(depth: 0)
        let amount = column(["sum"], where: \.type.isExactNumeric)?.text
        let counted = column(["count"])?.text
        switch random.below(7) {
        case 0: return ["COUNT(*) FILTER (WHERE \(test))", "COUNT(*) FILTER (WHERE \(test) AND \(narrower))"]
        case 1: return counted.map { ["COUNT(*)", "COUNT(\($0))"] } ?? ["COUNT(*)"]
        case 2: return amount.map { ["SUM(\($0))", "SUM(\($0)) FILTER (WHERE \(test))"] } ?? ["COUNT(*)"]
        case 3: return amount.map { ["SUM(\($0)) FILTER (WHERE \(test))", "SUM(\($0)) FILTER (WHERE NOT \(narrower))"] } ?? ["COUNT(*)"]
        case 4: return column(["average"], where: \.type.isExactNumeric).map { ["AVG(\($0.text))", "COUNT(*)"] } ?? ["COUNT(*)"]
        case 5: return ["COUNT(DISTINCT v.person)", "COUNT(DISTINCT v.person) FILTER (WHERE \(test))"].map { aliases.contains { $0.name == "v" } ? $0 : "COUNT(*)" }
        default:
            return amount.map { ["SUM(\($0))", "SUM(CASE WHEN \(test) THEN \($0) END)", "SUM(CASE WHEN \(narrower) THEN \($0) * 2 END)"] } ?? ["COUNT(*)"]
        }
    }

    /// Arithmetic over cells.
    mutating func mixed(_ calls: [String]) -> String {
        let one = random.pick(calls), other = random.pick(calls)
        return random.pick(["\(one) - \(other)", "\(one) / \(other)", "\(one) * \(other)", "\(one) % 7", "CASE WHEN \(one) > \(other) THEN 1 END", "coalesce(\(one), -1)", "nullif(\(one), \(other))", "power(10, \(one))", "\(one) * 9223372036854775807"])
    }
}
