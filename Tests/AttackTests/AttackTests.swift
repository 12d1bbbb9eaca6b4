// SPDX-License-Identifier: Apache-2.0

import Attacker
import Foundation
import Testing

/// Random statements under random policies, by fixed seeds. Tools/attack goes on for as long as one likes.
@Suite("The attacker")
struct AttackTests {
    @Test("learns from released cells nothing that fewer than the minimum make up", arguments: [UInt64](0..<8))
    func attack(batch: UInt64) throws {
        var executed = 0
        for seed in (batch * 5)..<(batch * 5 + 5) {
            let attackCase = try AttackCase(seed: 500_000 + seed)
            for sql in attackCase.queries {
                let (outcome, findings) = try attackCase.attack(sql)
                if case .answered = outcome { executed += 1 }
                for finding in findings where !finding.isKnown { Issue.record("seed \(attackCase.seed): \(finding)\n\(sql)") }
            }
        }
        #expect(executed >= 5 * AttackCase.queryCount / 5)
    }

    @Test("tells databases that differ in one person apart only where enough are", arguments: [UInt64](0..<8))
    func twins(batch: UInt64) throws {
        var executed = 0
        for seed in (batch * 4)..<(batch * 4 + 4) {
            let attackCase = try AttackCase(seed: 600_000 + seed)
            for sql in attackCase.queries {
                let (outcome, findings, _) = try attackCase.tellApart(sql)
                if case .answered = outcome { executed += 1 }
                for finding in findings { Issue.record("seed \(attackCase.seed): \(finding)\n\(sql)") }
            }
        }
        #expect(executed >= 4 * AttackCase.queryCount / 5)
    }

    @Test("sees what rests on too few, when more are needed than the gate asked for, and every difference, when none may show")
    func control() throws {
        var kinds: Set<AttackFinding.Kind> = [], differences = 0
        for seed in UInt64(500_000)..<500_012 {
            let attackCase = try AttackCase(seed: seed)
            for sql in attackCase.queries {
                kinds.formUnion(try attackCase.attack(sql, assumed: 14).findings.map(\.kind))
                differences += try attackCase.tellApart(sql, mayNothingShow: true).findings.count
            }
        }
        #expect(kinds.isSuperset(of: [.cell, .key, .combination]))
        // However the grammar and the rules change, some remain.
        #expect(differences > 10)
    }

    @Test("lists the combinations that nothing smaller lies within")
    func combinations() {
        func smallest(_ rows: [[Int128]]) -> Set<[Int]> {
            Set(Combinations(rows.map { $0.map { Rational($0) } }).smallest().map { row in row.indices.filter { !row[$0].isZero } })
        }
        #expect(smallest([[1, 1], [1, 0]]) == [[0], [1]])
        #expect(smallest([[1, 1, 1], [2, 2, 2]]) == [[0, 1, 2]])
        #expect(smallest([[1, 1, 0], [0, 1, 1]]) == [[0, 1], [1, 2], [0, 2]])
        #expect(smallest([[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 1, 0]]) == [[0, 1], [0, 2], [1, 3], [2, 3], [0, 3], [1, 2]])
        #expect(smallest([[1, 2, 1000], [1, 1, 1], [0, 1, 1]]) == [[0], [1], [2]])
        #expect(smallest([]) == [])
        #expect(Rational(2, over: -4) == Rational(-1, over: 2) && Rational(1, over: 3) + Rational(1, over: 6) == Rational(1, over: 2))
    }

    /// What succeeded once: the seed, and the statement over its tables.
    static let saved: [(UInt64, String)] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Seeds")
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".seed") }.sorted()
        return names.compactMap { name in
            let lines = (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8))?.split(separator: "\n", maxSplits: 1)
            guard let lines, lines.count == 2, let seed = UInt64(lines[0]) else { return nil }
            return (seed, String(lines[1]))
        }
    }()

    @Test("no longer succeeds where it did once", arguments: saved)
    func replay(seed: UInt64, sql: String) throws {
        let attackCase = try AttackCase(seed: seed)
        for statement in [sql] + attackCase.queries {
            #expect(try attackCase.attack(statement).findings.allSatisfy(\.isKnown), "\(statement)")
            #expect(try attackCase.tellApart(statement).findings.isEmpty, "\(statement)")
        }
    }
}
