// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import QueryPlan
import Testing

/// A seeded generator.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("A tighter grant never makes more queries pass")
struct MonotoneTests {
    private static let statements = [
        "SELECT h, COUNT(*) FROM t GROUP BY h", "SELECT COUNT(*) FROM t WHERE h = 'x'", "SELECT COUNT(*) FROM t WHERE h IS NULL",
        "SELECT date_trunc('month', d), COUNT(*) FROM t GROUP BY 1", "SELECT date_trunc('year', d), COUNT(*) FROM t WHERE d >= '2024-01-01' GROUP BY 1",
        "SELECT COUNT(*) FROM t WHERE date_trunc('month', d) = DATE '2024-01-01'", "SELECT d, COUNT(*) FROM t GROUP BY d",
        "SELECT COUNT(*) FROM t WHERE d = '2024-01-01'", "SELECT COUNT(*) FROM t WHERE d BETWEEN '2024-01-01' AND '2024-01-31'",
        "SELECT substring(k, 1, 2), COUNT(*) FROM t GROUP BY 1", "SELECT k, COUNT(*) FROM t GROUP BY k", "SELECT COUNT(*) FROM t WHERE k = 'ab'",
        "SELECT COUNT(*) FROM t WHERE substring(k, 1, 1) IN ('a')", "SELECT SUM(c), AVG(c), COUNT(c) FROM t", "SELECT SUM(c) FROM t",
        "SELECT AVG(CASE WHEN h = 'x' THEN c END) FROM t", "SELECT COUNT(DISTINCT p), COUNT(DISTINCT h) FROM t",
        "SELECT COUNT(DISTINCT date_trunc('month', d)) FROM t", "SELECT CASE WHEN c > 5 THEN 1 END, COUNT(*) FROM t GROUP BY 1",
        "SELECT COUNT(*) FROM t JOIN o ON t.k = o.code WHERE o.title = 'x'", "SELECT o.title, COUNT(*) FROM t JOIN o ON t.h = o.code GROUP BY o.title",
        "SELECT floor(a / 5) * 5, COUNT(*) FROM t GROUP BY 1", "SELECT a / 10, COUNT(*) FROM t GROUP BY 1", "SELECT a, COUNT(*) FROM t GROUP BY a",
        "SELECT CASE WHEN a < 20 THEN 1 ELSE 2 END, COUNT(*) FROM t GROUP BY 1", "SELECT CASE WHEN a < 23 THEN 1 ELSE 2 END, COUNT(*) FROM t GROUP BY 1",
        "SELECT COUNT(*) FROM t WHERE a >= 20", "SELECT COUNT(*) FROM t WHERE a >= 20 AND a < 30", "SELECT COUNT(*) FROM t WHERE a >= 20 AND a < 25",
        "SELECT COUNT(*) FROM t WHERE a > 21 AND NOT a >= 24", "SELECT COUNT(*) FROM t WHERE a = 21", "SELECT COUNT(*) FROM t WHERE floor(a / 5) = 4",
        "SELECT COUNT(*) FILTER (WHERE a < 25) FROM t WHERE a >= 20", "SELECT COUNT(DISTINCT a / 5) FROM t", "SELECT a % 5, COUNT(*) FROM t GROUP BY 1",
        "SELECT abs(a), COUNT(*) FROM t GROUP BY 1", "SELECT upper(h), COUNT(*) FROM t GROUP BY 1", "SELECT COUNT(*) FROM t WHERE upper(h) = 'X'",
        "SELECT h || '-' || k, COUNT(*) FROM t GROUP BY 1", "SELECT lower(substring(k, 1, 2)), COUNT(*) FROM t GROUP BY 1",
        "SELECT d + 7, COUNT(*) FROM t GROUP BY 1", "SELECT COUNT(*) FROM t WHERE h IN ('x', 'y')", "SELECT COUNT(*) FROM t WHERE h <> 'z'",
        "SELECT COUNT(*) FROM t WHERE d >= '2024-01-01' AND d < '2024-04-01'", "SELECT COUNT(*) FROM t WHERE d >= '2024-01-15'",
        "SELECT COUNT(*) FROM t WHERE d >= '2024-01-01' AND d < '2024-02-01'", "SELECT COUNT(*) FROM t WHERE EXTRACT(year FROM d) = 2024",
        "SELECT COUNT(*) FROM t WHERE d > '2024-01-07' AND d <= '2024-01-14'", "SELECT CASE WHEN d < '2024-01-15' THEN 1 END, COUNT(*) FROM t GROUP BY 1",
        "SELECT COUNT(*) FROM t WHERE c > a", "SELECT COUNT(*) FROM t WHERE a = c", "SELECT COUNT(*) FROM t WHERE h < 'm'",
        "SELECT CASE WHEN substring(k, 1, 3) < 'C00' THEN 1 END, COUNT(*) FROM t GROUP BY 1", "SELECT CASE WHEN k < 'C00' THEN 1 END, COUNT(*) FROM t GROUP BY 1",
        "SELECT o.title, COUNT(*) FROM t JOIN o ON t.k = o.code GROUP BY o.title", "SELECT COUNT(*) FROM t JOIN o ON t.h = o.code WHERE o.title = 'x'",
        "SELECT COUNT(*) FROM t JOIN o ON t.h = o.title", "SELECT h, SUM(c) AS s FROM t GROUP BY h ORDER BY s", "SELECT h, COUNT(*) AS n FROM t GROUP BY h ORDER BY h",
        "SELECT STDDEV(c) FROM t", "SELECT VAR_POP(CASE WHEN h = 'x' THEN c END), COUNT(c) FROM t",
        "SELECT h FROM t",
    ]

    /// Each restriction from none to the tightest, each as tight as the one before or tighter.
    private static let ladders: [String: [String: [String]]] = [
        "h": [
            "filter_codes": ["", "[x, y, z]", "[x, y]", "[x]", "[w]"], "functions": ["[text, number]", "[text]", "[number]", ""],
            "join_with": ["", "[o.code, o.title]", "[o.code]", "[person]"], "order_in_result": ["", "true", "false"], "minimum_entities": ["", "10", "50"],
        ],
        "d": [
            "granularity": ["", "day", "month", "quarter", "year"], "range_width": ["", "7 days", "1 month", "3 months", "1 year"],
            "range_alignment": ["", "1 day", "7 days", "14 days"], "functions": ["[date]", ""],
        ],
        "k": [
            "prefix": ["", "3", "2", "1"], "functions": ["[text]", ""], "filter_codes": ["", "[a, ab]", "[a]"], "finest": ["", "category", "chapter"],
        ],
        "a": [
            "band": ["", "1", "5", "10"], "range_width": ["", "1", "5", "10", "20"], "range_alignment": ["", "1", "5", "10"],
            "functions": ["[number, text]", "[number]", ""], "compare_with": ["[c, p]", "[c]", "[]"], "filter_codes": ["", "[20, 21]", "[20]"],
        ],
        "c": ["compare_with": ["[a]", "[]"], "order_in_result": ["", "true", "false"]],
    ]

    /// Capabilities by column, and the step on every ladder.
    private struct Grant {
        var allow: [String: Set<Capability>]
        var steps: [String: [String: Int]] = ladders.mapValues { $0.mapValues { _ in 0 } }

        private static let heads = [
            ("p", "type: text, identifier: key"), ("h", "type: text, nullable: true"), ("d", "type: date"), ("k", "type: text, codes: ICD-10"),
            ("c", "type: int64, nullable: true, bounds: [0, 100]"), ("a", "type: int64, bounds: [0, 130]"),
        ]

        var document: String {
            var text = "table: t\nunit: u\ngrade: 一般\nentity: { person: p }\ncolumns:\n"
            for (column, head) in Self.heads {
                let list = (allow[column] ?? []).map(\.rawValue).sorted().joined(separator: ", ")
                text += "  \(column): { \(head), allow: [\(list)]\(lines(column)) }\n"
            }
            return text
        }

        private func lines(_ column: String) -> String {
            (steps[column] ?? [:]).keys.sorted().map { key in
                let value = ladders[column]?[key]?[steps[column]?[key] ?? 0] ?? ""
                return value.isEmpty ? "" : ", \(key): \(value)"
            }.joined()
        }

        static let possible: [String: [Capability]] = [
            "p": [.join, .countDistinct], "h": [.group, .filterEqual, .join, .count, .countDistinct],
            "d": [.group, .filterEqual, .filterRange, .join, .count, .countDistinct], "k": [.group, .filterEqual, .join, .countDistinct],
            "c": [.group, .filterEqual, .filterRange, .count, .countDistinct, .sum, .average, .variance, .compare],
            "a": [.group, .filterEqual, .filterRange, .countDistinct, .compare],
        ]

        static func random(_ random: inout SplitMix) -> Grant {
            var grant = Grant(allow: [:])
            for column in possible.keys.sorted() {
                grant.allow[column] = Set((possible[column] ?? []).filter { _ in Int.random(in: 0..<6, using: &random) > 0 })
            }
            for column in ladders.keys.sorted() {
                for key in (ladders[column] ?? [:]).keys.sorted() where Int.random(in: 0..<4, using: &random) == 0 {
                    grant.steps[column]?[key] = Int.random(in: 0..<(ladders[column]?[key]?.count ?? 1), using: &random)
                }
            }
            return grant
        }

        /// One line tighter, in one random place.
        func tightened(_ random: inout SplitMix) -> Grant {
            var grant = self
            if Int.random(in: 0..<3, using: &random) == 0 {
                let column = allow.keys.sorted().filter { !(allow[$0] ?? []).isEmpty }.randomElement(using: &random) ?? "h"
                if let capability = (allow[column] ?? []).sorted(by: { $0.rawValue < $1.rawValue }).randomElement(using: &random) {
                    grant.allow[column]?.remove(capability)
                }
                return grant
            }
            let places = ladders.keys.sorted().flatMap { column in (ladders[column] ?? [:]).keys.sorted().map { (column, $0) } }
            guard let (column, key) = places.randomElement(using: &random), let step = steps[column]?[key] else { return grant }
            grant.steps[column]?[key] = min(step + 1, (ladders[column]?[key]?.count ?? 1) - 1)
            return grant
        }
    }

    private let open = "table: o\nunit: u\ngrade: 一般\nopen: true\ncolumns: { code: { type: text }, title: { type: text } }"

    private func allowed(_ grant: Grant) throws -> Set<String> {
        let set = try policies(grant.document, open)
        return Set(
            try Self.statements.filter { sql in
                if case .approved = try check(sql, set) { true } else { false }
            })
    }

    @Test("whatever is taken away", arguments: 0..<50)
    func monotone(_ seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        var grant = Grant.random(&random)
        var before = try allowed(grant)
        for _ in 0..<6 {
            grant = grant.tightened(&random)
            let after = try allowed(grant)
            #expect(after.isSubset(of: before), "\(after.subtracting(before))")
            before = after
        }
    }

    @Test("the statements are not all refused by the widest grant")
    func notVacuous() throws {
        var widest = Grant(allow: [:])
        for (column, capabilities) in Grant.possible { widest.allow[column] = Set(capabilities) }
        let refused = try Set(Self.statements).subtracting(allowed(widest))
        #expect(refused == ["SELECT h FROM t", "SELECT a % 5, COUNT(*) FROM t GROUP BY 1", "SELECT COUNT(*) FROM t WHERE h < 'm'"])
    }

    @Test("every step of every ladder takes something away, or nothing but what another line holds already")
    func ladders() throws {
        var widest = Grant(allow: [:])
        for (column, capabilities) in Grant.possible { widest.allow[column] = Set(capabilities) }
        for (column, keys) in Self.ladders {
            for (key, values) in keys where key != "minimum_entities" {
                var last = widest
                last.steps[column]?[key] = values.count - 1
                // Without equality a range is all that is left, and with it nothing is held back.
                if key.hasPrefix("range") { for capability in [Capability.filterEqual, .group] { last.allow[column]?.remove(capability) } }
                var first = last
                first.steps[column]?[key] = 0
                #expect(try allowed(last).isStrictSubset(of: allowed(first)), "\(column).\(key)")
            }
        }
    }
}
