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

    @Test("Seeds that showed a difference show none", arguments: saved)
    func replay(seed: UInt64) throws { _ = try agree(seed) }
}
