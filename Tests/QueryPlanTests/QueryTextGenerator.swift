// SPDX-License-Identifier: Apache-2.0

import TestBasics

/// Writes random statements over the sample tables, mostly well typed.
struct QueryTextGenerator {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private mutating func below(_ bound: Int) -> Int { random.below(bound) }
    private mutating func pick(_ texts: [String]) -> String { texts[below(texts.count)] }

    mutating func number(_ depth: Int) -> String {
        if depth == 0 { return pick(["a", "b", "c", "1", "2.5", "NULL", "0", ":cap"]) }
        switch below(7) {
        case 0: return "(\(number(depth - 1)) + \(number(depth - 1)))"
        case 1: return "(\(number(depth - 1)) / \(number(depth - 1)))"
        case 2: return "\(number(depth - 1)) * \(number(depth - 1))"
        case 3: return "CASE WHEN \(condition(depth - 1)) THEN \(number(depth - 1)) ELSE \(number(depth - 1)) END"
        case 4: return "coalesce(\(number(depth - 1)), \(number(depth - 1)))"
        case 5: return "CAST(\(number(depth - 1)) AS \(pick(["int", "numeric(9,3)", "double precision"])))"
        default: return "round(\(number(depth - 1)))"
        }
    }

    mutating func condition(_ depth: Int) -> String {
        switch below(depth == 0 ? 3 : 7) {
        case 0: return "\(number(depth)) > \(number(0))"
        case 1: return "t = \(pick(["'x'", "t", "NULL"]))"
        case 2: return pick(["a IS NULL", "TRUE", "b IN (1, 2, NULL)", "d >= :since"])
        case 3: return "(\(condition(depth - 1)) AND \(condition(depth - 1)))"
        case 4: return "(\(condition(depth - 1)) OR \(condition(depth - 1)))"
        case 5: return "NOT \(condition(depth - 1))"
        default: return "\(number(depth - 1)) BETWEEN \(number(0)) AND \(number(0))"
        }
    }

    /// A relation with the columns a, b, c (numbers), t (text) and d (date).
    private mutating func relation(_ depth: Int) -> String {
        let base = "(SELECT id AS a, days AS b, cost AS c, hospital AS t, visit_date AS d FROM visit)"
        guard depth > 0 else { return base + " r" }
        switch below(4) {
        case 0:
            return "(SELECT \(number(1)) AS a, b, c, t, d FROM \(relation(depth - 1)) WHERE \(condition(1))) r"
        case 1:
            return "(SELECT x.a, y.b, x.c, y.t, x.d FROM \(base) x \(pick(["JOIN", "LEFT JOIN"])) \(base) y ON x.a = y.a) r"
        case 2:
            return
                "(SELECT a, SUM(\(number(1))) AS b, COUNT(*) AS c, t, d FROM \(relation(depth - 1)) GROUP BY a, t, d) r"
        default: return base + " r"
        }
    }

    mutating func query(_ depth: Int) -> String {
        let from = " FROM \(relation(depth))" + (below(2) == 0 ? " WHERE \(condition(2))" : "")
        let tail = pick(["", " ORDER BY 1", " ORDER BY 2 DESC LIMIT 5", " LIMIT 3 OFFSET 1"])
        if below(2) == 0 { return "SELECT \(number(2)) AS p, t" + from + tail }
        let having = below(2) == 0 ? " HAVING COUNT(*) > 1" : ""
        return "SELECT t, AVG(\(number(1))) + 1, COUNT(DISTINCT a)" + from + " GROUP BY t" + having + tail
    }
}
