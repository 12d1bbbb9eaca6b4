// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DisclosureControl
import Tabular
import TestBasics
import Testing
import TestSupport

/// Seeded random jobs: the real gate against the literal one, and twins that differ only in what must not show.
@Suite struct OracleTests {
    @Test(arguments: 0..<8)
    func theGateAgreesWithTheOracle(part: UInt64) throws {
        var visible = 0, withheld = 0, reasons: Set<WithheldReason> = []
        for seed in (part * 500)..<((part + 1) * 500) {
            var job = RandomJob(seed: seed)
            let expected = NaiveGate(rules: job.rules).release(job.rows, hasKeys: !job.keyTypes.isEmpty)
            let released = try job.release()
            #expect(released.rows == expected.rows, "seed \(seed)")
            #expect(released.reasons == expected.reasons, "seed \(seed)")
            let mark: WithheldClass = expected.withheldCount == 0 ? .none : expected.withheldCount < 10 ? .few : .several
            #expect(released.record.withheld == mark, "seed \(seed)")
            visible += expected.rows.count
            withheld += expected.withheldCount
            reasons.formUnion(expected.reasons)
        }
        #expect(visible > 500 && withheld > 100 && reasons.count == WithheldReason.allCases.count, "the jobs must not be trivial")
    }

    @Test func leavingOutAnEntityOfAVanishedGroupChangesNothing() throws {
        var twins = 0
        for seed in 0..<600 as Range<UInt64> {
            var job = RandomJob(seed: seed)
            guard !job.keyTypes.isEmpty else { continue }
            let released = try job.release()
            let keys = Set(released.rows.map { $0.prefix(job.keyTypes.count) })
            guard let hidden = job.rows.first(where: { !keys.contains($0.keys.map { .value($0) }[...]) }) else { continue }
            let twin = try job.release(job.rows.filter { $0.keys != hidden.keys || $0.entities != hidden.entities })
            #expect(bytes(released) == bytes(twin), "seed \(seed)")
            twins += 1
        }
        #expect(twins > 100)
    }

    @Test func leavingOutAnEntityOfATotalBelowTheMinimumChangesNothing() throws {
        let rules = Cases.rules([Cases.aggregate(.sum(scale: 0), dominance: .init(largest: Cases.share(1, 2), twoLargest: nil))], minimum: 5)
        let all = Cases.rows([900, 1, 1, 1])
        for left in 0...4 {
            #expect(bytes(try Cases.release(Array(all.prefix(left)), rules)) == bytes(try Cases.release(all, rules)))
        }
    }

    @Test func repeatedRowsOfAnEntityNeverMakeAGroupVisible() throws {
        for seed in 0..<200 as Range<UInt64> {
            var job = RandomJob(seed: seed)
            guard !job.keyTypes.isEmpty else { continue }
            let keys = try job.release().rows.map { $0.prefix(job.keyTypes.count) }
            let repeated = try job.release(job.rows.flatMap { Array(repeating: $0, count: 5) }).rows.map { $0.prefix(job.keyTypes.count) }
            #expect(keys == repeated, "seed \(seed)")
        }
    }

    private func bytes(_ released: ReleasedCells) -> String {
        "\(released.rows)\(released.reasons)" + released.record.document.canonicalText
    }
}

/// A random result: few keys, few entities, small numbers, so that every rule is met at and around its limit.
private struct RandomJob {
    let rules: ReleaseRules
    let keyTypes: [LogicalType]
    let rows: [NaiveRow]
    private var random: SplitMix64

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let dimensions = (0..<Int.random(in: 1...2, using: &random)).map { position in
            ReleaseRules.Dimension(
                entity: "e\(position)", minimumContributors: .random(in: 1...4, using: &random),
                mayBeAbsent: position == 1 && Bool.random(using: &random))
        }
        let aggregates = (0..<Int.random(in: 1...4, using: &random)).map { _ in Self.aggregate(&random) }
        rules = ReleaseRules(isOpen: false, dimensions: dimensions, aggregates: aggregates)
        keyTypes = Array(([.text, .int64, .bool, .date] as [LogicalType]).shuffled(using: &random).prefix(.random(in: 0...2, using: &random)))
        let entityCount = UInt64.random(in: 2...9, using: &random)
        var rows: [NaiveRow] = []
        for _ in 0..<Int.random(in: 0...60, using: &random) {
            rows.append(
                NaiveRow(
                    keys: keyTypes.map { Self.key($0, &random) },
                    entities: dimensions.map { _ in
                        Int.random(in: 0..<8, using: &random) == 0 ? nil : UInt64.random(in: 0..<entityCount, using: &random)
                    },
                    arguments: aggregates.map { Self.argument($0, &random) }))
        }
        self.rows = rows
        self.random = random
    }

    mutating func release(_ rows: [NaiveRow]? = nil) throws -> ReleasedCells {
        try Evidence(rules).result(rows ?? self.rows, keyTypes: keyTypes, shuffledBy: &random).release()
    }

    private static func aggregate(_ random: inout SplitMix64) -> ReleaseRules.AggregateRule {
        let kinds: [ReleaseRules.Kind] = [.count, .countDistinct, .sum(scale: 1), .average(scale: 1, resultScale: 4), .average(scale: 2, resultScale: 0)]
        let kind = kinds.randomElement(using: &random) ?? .count
        var clamp: ReleaseRules.Clamp?
        var dominance: ReleaseRules.Dominance?
        if kind != .count, kind != .countDistinct {
            if Bool.random(using: &random) { clamp = .init(lower: -20, upper: 40, dimension: 0) }
            if Bool.random(using: &random) {
                dominance = .init(
                    largest: Bool.random(using: &random) ? Cases.share(1, 2) : nil,
                    twoLargest: Bool.random(using: &random) ? Cases.share(4, 5) : nil)
            }
        }
        return Cases.aggregate(
            kind, clamp: clamp, dominance: dominance, base: [1, 1, 3, 5, 10].randomElement(using: &random) ?? 1,
            branches: Int.random(in: 0...2, using: &random))
    }

    private static func key(_ type: LogicalType, _ random: inout SplitMix64) -> Literal {
        let choice = Int64.random(in: 0...3, using: &random)
        if choice == 3 { return .null }
        switch type {
        case .text: return .text(["市", "a", ""][Int(choice)])
        case .int64: return .int64(choice - 1)
        case .date: return .date(days: choice * 31)
        default: return .bool(choice == 0)
        }
    }

    private static func argument(_ rule: ReleaseRules.AggregateRule, _ random: inout SplitMix64) -> NaiveRow.Argument {
        let scale: Int
        switch rule.kind {
        case .count, .countDistinct, .openValue: scale = 0
        case .sum(let digits), .average(let digits, _): scale = digits
        }
        let branch = rule.branchCount == 0 ? nil : Int.random(in: 0..<rule.branchCount * 4, using: &random)
        return .init(
            value: Int.random(in: 0..<10, using: &random) == 0 ? .null : .decimal(units: .random(in: -15...60, using: &random), scale: scale),
            branch: branch.flatMap { $0 / 3 < rule.branchCount ? $0 / 3 : nil })
    }
}
