// SPDX-License-Identifier: Apache-2.0

import PolicyCheck
import Testing

@Suite("Limits of checking")
struct LimitTests {
    private func rules(_ sql: String) throws -> [String] {
        switch try check(sql, try example("visit")) {
        case .approved: []
        case .stopped(let verdict): verdict.findings.map(\.rule)
        }
    }

    /// A conditional aggregate with this many branches, the rest counted as one of them. `first` keeps it unlike others.
    private func conditional(_ branches: Int, first: Int) -> String {
        "COUNT(CASE " + (0..<branches - 1).map { "WHEN age > \(first + $0) THEN 1 " }.joined() + "END)"
    }

    private func statement(_ branches: [Int]) -> String {
        "SELECT " + branches.enumerated().map { conditional($0.element, first: $0.offset + 1) }.joined(separator: ", ") + " FROM visit"
    }

    @Test("as many combinations of all branches as the limit; with more, every two are combined")
    func jointProducts() throws {
        let policies = try example("visit")
        let limit = PolicyCheck.Limits.jointProducts
        let all = try approved(statement([4, 4, limit / 16]), policies)
        #expect(all.branchConditions.map(\.count) == [limit, limit, limit])
        let over = limit / 16 + 1
        let pairs = 16 + 4 * over + 4 * over
        let some = try approved(statement([4, 4, over]), policies)
        #expect(some.branchConditions.map(\.count) == [pairs, pairs, pairs])
    }

    @Test("as many combinations of every two as the limit, not one more")
    func jointPairs() throws {
        let limit = PolicyCheck.Limits.jointPairs
        let plan = try approved(statement([16, limit / 16]), try example("visit"))
        #expect(plan.branchConditions.map(\.count) == [limit, limit])
        // 27 times 19 is one more than 512.
        let over = try #require((17..<limit).first { (limit + 1) % $0 == 0 })
        #expect(try rules(statement([over, (limit + 1) / over])) == [PolicyRule.tooManyBranches.rawValue])
    }

    /// A condition of 500 nodes is computed by a projection, beside one plain column, and read 398 times under one OR; a list there takes
    /// the rest.
    @Test("as many nodes over the columns of tables as the limit, not one more")
    func flowNodes() throws {
        func list(_ count: Int) -> String { (0..<count).map { "'h\($0)'" }.joined(separator: ", ") }
        func sql(_ nodes: Int) -> String {
            let uses = 398
            let values = nodes - (1 + 500) - (1 + uses * 500) - 2
            return "SELECT COUNT(*) FROM (SELECT hospital, hospital IN (\(list(498))) AS x FROM visit) t "
                + "WHERE \(Array(repeating: "x", count: uses).joined(separator: " OR ")) OR hospital IN (\(list(values)))"
        }
        #expect(try rules(sql(PolicyCheck.Limits.flowNodes)) == [])
        #expect(try rules(sql(PolicyCheck.Limits.flowNodes + 1)) == [PolicyRule.tooLarge.rawValue])
    }

    /// Amounts of visit.cost are whole numbers of hundredths up to 20,000,000.
    @Test("as many digits of an amount as the limit, not one more")
    func amountDigits() throws {
        let bound = try #require(Int64("5" + String(repeating: "0", count: PolicyCheck.Limits.amountDigits - 8)))
        #expect(try rules("SELECT SUM(cost * \(bound - 1)) FROM visit") == [])
        #expect(try rules("SELECT SUM(cost * \(bound)) FROM visit") == [PolicyRule.inexactAmount.rawValue])
        #expect(try rules("SELECT SUM(-cost * \(bound - 1)) FROM visit") == [])
        #expect(try rules("SELECT SUM(-cost * \(bound)) FROM visit") == [PolicyRule.inexactAmount.rawValue])
    }
}
