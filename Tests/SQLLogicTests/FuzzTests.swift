// SPDX-License-Identifier: Apache-2.0

import Foundation
import SQLLogic
import Testing

/// Random queries by the engine, in two layouts, and by the naive interpreter. Tools/fuzz asks PostgreSQL as well, and longer.
@Suite("Fuzzed queries")
struct FuzzTests {
    /// Seeds that showed a difference once.
    static let saved: [UInt64] = {
        let folder = SQLLogicTests.folder.appendingPathComponent("seeds")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.compactMap { $0.hasSuffix(".seed") ? UInt64($0.dropLast(5)) : nil }.sorted()
    }()

    private func agree(_ seed: UInt64) throws -> Int {
        let fuzzCase = FuzzCase(seed: seed)
        var answered = 0
        for (sql, outcome) in zip(fuzzCase.queries, try fuzzCase.run()) {
            switch outcome {
            case .answered: answered += 1
            case .differs(let message): Issue.record("seed \(seed): \(message)\n\(sql)")
            case .refused(let refusal):
                if !refusal.code.hasPrefix("plan.") || refusal.code == "plan.invariant-violated" {
                    Issue.record("seed \(seed): refused: \(refusal.code) \(refusal.detail)\n\(sql)")
                }
            }
        }
        return answered
    }

    @Test("Engine and naive interpreter agree", arguments: [UInt64](0..<8))
    func agree(batch: UInt64) throws {
        var answered = 0
        for seed in (batch * 4)..<(batch * 4 + 4) { answered += try agree(1_000_000 + seed) }
        #expect(answered >= 4 * FuzzCase.queryCount * 3 / 4)
    }

    @Test("Cells of protected tables, their evidence and what is withheld agree", arguments: [UInt64](0..<4))
    func protectedCells(batch: UInt64) throws {
        var approved = 0
        for seed in (batch * 5)..<(batch * 5 + 5) {
            let protectedCase = try ProtectedCase(seed: seed)
            for sql in protectedCase.queries {
                guard let differences = try protectedCase.differences(sql) else { continue }
                approved += 1
                for difference in differences { Issue.record("protected seed \(seed): \(difference)\n\(sql)") }
            }
        }
        #expect(approved >= 5 * ProtectedCase.queryCount / 3)
    }

    @Test("Seeds that showed a difference show none", arguments: saved)
    func replay(seed: UInt64) throws { _ = try agree(seed) }
}
