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
        "SELECT h FROM t",
    ]

    /// Capabilities by column, granularity of d (0 none … 3 year), prefix of k (0 none).
    private struct Grant {
        var allow: [String: Set<Capability>]
        var granularity: Int
        var prefix: Int

        var document: String {
            func list(_ column: String) -> String { "[" + (allow[column] ?? []).map(\.rawValue).sorted().joined(separator: ", ") + "]" }
            let period = ["", ", granularity: month", ", granularity: quarter", ", granularity: year"][granularity]
            return """
                table: t
                unit: u
                grade: 一般
                entity: { person: p }
                columns:
                  p: { type: text, identifier: key, allow: \(list("p")) }
                  h: { type: text, nullable: true, allow: \(list("h")) }
                  d: { type: date, allow: \(list("d"))\(period) }
                  k: { type: text, allow: \(list("k"))\(prefix == 0 ? "" : ", prefix: \(prefix)") }
                  c: { type: int64, nullable: true, allow: \(list("c")), bounds: [0, 100] }
                """
        }

        static let possible: [String: [Capability]] = [
            "p": [.join, .countDistinct], "h": [.group, .filterEqual, .join, .count, .countDistinct],
            "d": [.group, .filterEqual, .filterRange, .join, .count, .countDistinct], "k": [.group, .filterEqual, .join, .countDistinct],
            "c": [.group, .filterEqual, .filterRange, .count, .countDistinct, .sum, .average],
        ]

        static func random(_ random: inout SplitMix) -> Grant {
            var allow: [String: Set<Capability>] = [:]
            for column in possible.keys.sorted() {
                allow[column] = Set((possible[column] ?? []).filter { _ in Int.random(in: 0..<4, using: &random) > 0 })
            }
            return Grant(allow: allow, granularity: Int.random(in: 0...3, using: &random), prefix: Int.random(in: 0...3, using: &random))
        }

        /// One line tighter, in one random place.
        func tightened(_ random: inout SplitMix) -> Grant {
            var grant = self
            switch Int.random(in: 0..<6, using: &random) {
            case 0: grant.granularity = min(3, granularity + 1)
            case 1: grant.prefix = prefix == 0 ? 2 : max(1, prefix - 1)
            default:
                let column = allow.keys.sorted().filter { !(allow[$0] ?? []).isEmpty }.randomElement(using: &random) ?? "h"
                if let capability = (allow[column] ?? []).sorted(by: { $0.rawValue < $1.rawValue }).randomElement(using: &random) {
                    grant.allow[column]?.remove(capability)
                }
            }
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

    @Test("whatever is taken away", arguments: 0..<60)
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
        var widest = Grant(allow: [:], granularity: 0, prefix: 0)
        for (column, capabilities) in Grant.possible { widest.allow[column] = Set(capabilities) }
        #expect(try allowed(widest).count == Self.statements.count - 1)
    }
}
