// SPDX-License-Identifier: Apache-2.0

import Foundation
import QueryPlan
import SQLSyntax
import TestSupport
import Testing

/// The queries of TPC-H: what their plans look like.
@Suite struct TPCHPlanTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("TPCH/Queries")

    private func statement(_ number: Int) throws -> ParsedStatement {
        let name = (number < 10 ? "0" : "") + String(number) + ".sql"
        return try SQLParser.parse(try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8))
    }

    private func plan(_ number: Int) throws -> BoundPlan {
        try Binder.bind(try statement(number), catalog: TPCHCatalog(), parameters: [])
    }

    /// Every query binds; every subquery has become a join that hashes, or one with a single row.
    @Test(arguments: 1...22)
    func bind(number: Int) throws {
        let plan = try plan(number)
        #expect(plan.brokenInvariant == nil)
        #expect(try plan.canonicalText == self.plan(number).canonicalText)
        for join in plan.rows.joins {
            #expect([.inner, .left, .semi, .anti].contains(join.kind))
            #expect(!join.keys.isEmpty || join.right.rowMaximum == 1)
        }
    }

    /// How many joins of each kind.
    @Test(arguments: [
        (2, [Join.Kind.inner: 8, .semi: 1]), (4, [.semi: 1]), (11, [.inner: 5]), (13, [.left: 1]), (15, [.inner: 2]), (16, [.inner: 1, .anti: 1]),
        (17, [.inner: 2, .semi: 1]), (18, [.inner: 2, .semi: 1]), (19, [.inner: 1]), (20, [.inner: 2, .semi: 3]),
        (21, [.inner: 3, .semi: 1, .anti: 1]), (22, [.inner: 1, .anti: 1]),
    ])
    func joins(pair: (number: Int, kinds: [Join.Kind: Int])) throws {
        let kinds = try plan(pair.number).rows.joins.map(\.kind)
        #expect(Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +) == pair.kinds)
    }

    @Test(arguments: [1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 16, 17, 18, 19, 21, 22])
    func releasesItsAggregation(number: Int) throws {
        guard case .aggregate = try plan(number).release else {
            Issue.record("an aggregation is expected")
            return
        }
    }

    /// The aggregation of the others stands below a join.
    @Test(arguments: [2, 11, 15, 20])
    func releasesRows(number: Int) throws {
        guard case .rows = try plan(number).release else {
            Issue.record("rows are expected")
            return
        }
    }

    /// The conditions that the alternatives of query 19 share are its join key.
    @Test func explanation() throws {
        let steps = try Binder.explain(try statement(19), catalog: TPCHCatalog(), parameters: [])
        #expect(steps.count == 4)
        #expect(steps.first?.stage == .written)
        #expect(try steps.last?.text == plan(19).canonicalText)
        #expect(steps[0].text.contains("join inner without key\n"))
        #expect(steps[2].text.contains("join inner on $1 = $0"))
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.text != $1.text })
    }
}

extension LogicalPlan {
    fileprivate var joins: [Join] {
        let below = inputs.flatMap(\.joins)
        if case .join(let join) = self { return below + [join] }
        return below
    }
}
