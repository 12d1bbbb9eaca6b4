// SPDX-License-Identifier: Apache-2.0

import TestBasics

/// Writes random statements of the wider dialect over two tables of TPC-H: joins of every kind, subqueries that refer outwards,
/// grouping sets, windows, UNION ALL.
struct DialectTextGenerator {
    private var random: SplitMix64
    private var aliases = 0

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private mutating func below(_ bound: Int) -> Int { random.below(bound) }
    private mutating func pick(_ texts: [String]) -> String { texts[below(texts.count)] }

    /// A relation under a new alias with the columns a, b (numbers) and t (text).
    private mutating func relation(_ depth: Int, _ outer: [String]) -> (text: String, alias: String) {
        aliases += 1
        let alias = "r\(aliases)"
        switch below(depth > 0 ? 7 : 3) {
        case 0: return ("(SELECT r_regionkey AS a, nullif(r_regionkey, 2) AS b, r_name AS t FROM region) \(alias)", alias)
        case 1, 2: return ("(SELECT n_nationkey AS a, nullif(n_regionkey, 3) AS b, n_name AS t FROM nation) \(alias)", alias)
        case 3: return ("(\(query(depth - 1, outer)) UNION ALL \(query(depth - 1, outer))) \(alias)", alias)
        case 4: return ("(\(query(depth - 1, outer)) ORDER BY 1, 2, 3 LIMIT \(below(4) + 1)) \(alias)", alias)
        default: return ("(\(query(depth - 1, outer))) \(alias)", alias)
        }
    }

    private mutating func number(_ names: [String]) -> String {
        pick(names) + pick([".a", ".b"]) + pick(["", "", "", " + 1"])
    }

    private mutating func condition(_ depth: Int, _ own: [String], _ outer: [String]) -> String {
        let all = own + outer + own
        switch below(depth > 0 ? 10 : 4) {
        case 0: return "\(number(own)) = \(number(all))"
        case 1: return "\(number(own)) \(pick(["<", ">=", "<>", "IS DISTINCT FROM"])) \(number(all))"
        case 2: return pick(own) + pick([".t > 'C'", ".t = 'B'", ".a IN (1, 3)", ".a = 2"])
        case 3: return "\(number(own)) IS NOT NULL"
        case 4: return "(\(condition(depth - 1, own, outer)) OR \(condition(depth - 1, own, outer)))"
        case 5: return "\(pick(["", "NOT "]))EXISTS (\(query(depth - 1, own + outer)))"
        case 6: return "\(number(own)) \(pick(["", "NOT "]))IN (SELECT q.a FROM (\(query(depth - 1, own + outer))) q)"
        case 7: return "\(number(own)) > (\(value(depth - 1, own + outer)))"
        case 8: return "(\(condition(depth - 1, own, outer))) IS NOT TRUE"
        default: return "\(condition(depth - 1, own, outer)) AND \(condition(depth - 1, own, outer))"
        }
    }

    /// A query with one row and one column.
    private mutating func value(_ depth: Int, _ outer: [String]) -> String {
        let (text, alias) = relation(depth, [])
        let call = pick(["count(*)", "max(\(alias).a)", "sum(\(alias).b) + 1", "avg(\(alias).b)"])
        return "SELECT \(call) FROM \(text) WHERE \(alias).a = \(number(outer)) AND \(condition(depth, [alias], outer))"
    }

    /// A query with the columns a, b and t.
    mutating func query(_ depth: Int, _ outer: [String] = []) -> String {
        let (first, one) = relation(depth, outer)
        var from = first
        var own = [one]
        let shape = below(12)
        if shape == 0 { return merged(depth, outer) }
        if shape == 1 { return named(depth, outer) }
        if below(3) == 0 {
            let (second, other) = relation(max(depth - 1, 0), outer)
            own.append(other)
            if below(4) == 0 {
                let further = condition(depth, own, outer)
                return "SELECT \(one).b AS a, \(other).a AS b, \(one).t AS t FROM \(first), \(second) WHERE \(one).a = \(other).b AND \(further)"
            }
            let kind = pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
            from += " \(kind) \(second) ON \(one).a = \(other).b" + pick(["", " AND \(one).t < \(other).t"])
        }
        let filter = below(2) == 0 ? " WHERE " + condition(depth, own, outer) : ""
        switch below(7) {
        case 0:
            let group = pick(["\(one).t", "ROLLUP (\(one).t)", "GROUPING SETS ((\(one).t), ())", "\(one).t, \(one).b"])
            let having = below(3) == 0 ? " HAVING count(*) > 1" : ""
            return "SELECT count(*) AS a, max(\(number(own))) AS b, \(one).t AS t FROM \(from)\(filter) GROUP BY \(group)\(having)"
        case 1:
            let call = pick(["row_number()", "rank()", "sum(\(one).b)", "count(*)"])
            return "SELECT \(one).a, \(call) OVER (PARTITION BY \(one).t ORDER BY \(one).a) AS b, \(one).t FROM \(from)\(filter)"
        case 2:
            return "SELECT DISTINCT \(number(own)) AS a, \(number(own)) AS b, \(one).t AS t FROM \(from)\(filter)"
        case 4 where depth > 0:
            let counted = condition(depth - 1, own, outer)
            return "SELECT sum(CASE WHEN \(counted) THEN 1 ELSE 0 END) AS a, count(*) AS b, \(one).t AS t FROM \(from)\(filter)"
                + " GROUP BY \(one).t HAVING count(*) > 0 OR EXISTS (SELECT 1 FROM region WHERE r_name = \(one).t)"
        case 5 where depth > 0:
            let shown = condition(depth - 1, own, outer)
            return "SELECT CASE WHEN \(shown) THEN 1 WHEN (\(shown)) IS NULL THEN 2 END AS a, \(one).b AS b, \(one).t AS t FROM \(from)\(filter)"
        case 6:
            return "SELECT sum(\(number(own))) AS a, sum(count(*)) OVER (PARTITION BY max(\(one).a)) AS b, \(one).t AS t FROM \(from)\(filter)"
                + " GROUP BY \(one).t"
        case 3 where depth > 0:
            let shown = value(depth - 1, own + outer)
            return "SELECT \(number(own)) AS a, (\(shown)) AS b, \(one).t AS t FROM \(from)\(filter)"
        default:
            return "SELECT \(number(own)) AS a, \(number(own)) AS b, \(one).t AS t FROM \(from)\(filter)"
        }
    }

    /// A join by USING.
    private mutating func merged(_ depth: Int, _ outer: [String]) -> String {
        let (first, one) = relation(max(depth - 1, 0), outer)
        let (second, other) = relation(max(depth - 1, 0), outer)
        let kind = pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
        let filter = pick(["", " WHERE \(condition(max(depth - 1, 0), [one, other], outer))"])
        return "SELECT a, \(other).b AS b, coalesce(\(one).t, \(other).t) AS t FROM \(first) \(kind) \(second) USING (a)" + filter
    }

    /// WITH, its query used twice.
    private mutating func named(_ depth: Int, _ outer: [String]) -> String {
        aliases += 1
        let name = "w\(aliases)"
        let body = query(max(depth - 1, 0), outer)
        return "SELECT x.a, y.b, x.t FROM (WITH \(name) AS (\(body)) SELECT p.a, q.b, q.t FROM \(name) p JOIN \(name) q ON p.a = q.a) x"
            + " JOIN (SELECT r_regionkey AS b FROM region) y ON x.b = y.b"
    }
}
