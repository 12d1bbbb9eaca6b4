// SPDX-License-Identifier: Apache-2.0

internal import CanonicalJSON
internal import DisclosureControl
package import PolicyCheck
package import QueryEngine
internal import QueryPlan
internal import SQLSyntax
package import Tabular
internal import TestSupport

/// Queries within this process: parsed, bound, checked under an open policy, executed, released and finished by the real modules, over
/// tables in memory.
package final class MemorySession: Session {
    /// How rows lie, so that a test can show that it does not matter.
    package struct Layout: Sendable {
        package var workers: Int
        package var blockRows: Int
        package var partitionRows: Int
        package var sharesDictionaries: Bool
        /// Most rows that aggregations and joins take into memory before they put them aside; nil: as many as memory holds.
        package var spillRows: Int?

        package init(
            workers: Int = 1, blockRows: Int = 65_536, partitionRows: Int = .max, sharesDictionaries: Bool = true, spillRows: Int? = nil
        ) {
            self.workers = workers
            self.blockRows = blockRows
            self.partitionRows = partitionRows
            self.sharesDictionaries = sharesDictionaries
            self.spillRows = spillRows
        }
    }

    private let layout: Layout
    private let engine: QueryEngine
    private var policies: PolicySet?
    private var tables: [String: MemoryTable] = [:]

    package init(_ layout: Layout = Layout(), memoryLimitBytes: Int = 512 << 20) {
        self.layout = layout
        var ceilings = EngineLimits.Ceilings()
        if let rows = layout.spillRows {
            ceilings.spillRows = rows
            ceilings.spillParts = 3
            ceilings.spillLevels = 6
        }
        engine = QueryEngine(workers: layout.workers, memoryLimitBytes: memoryLimitBytes, ceilings: ceilings)
    }

    package func use(_ tables: [String: TestTable]) throws {
        policies = try PolicySet(documents: tables.values.map(\.policy))
        self.tables = tables.mapValues { table in
            MemoryTable(
                columns: table.columns.map { ($0.name, $0.type) }, entityTypes: [],
                rows: table.rows.map { MemoryTable.Row(values: $0, entities: []) }, blockRows: layout.blockRows,
                partitionRows: layout.partitionRows, sharesDictionaries: layout.sharesDictionaries)
        }
    }

    package func answer(_ sql: String) throws -> Answer {
        do {
            switch try check(sql) {
            case .stopped(let verdict):
                let finding = verdict.findings.first
                return .refused(Refusal(code: finding?.rule ?? "policy", detail: finding?.arguments.joined(separator: ", ") ?? ""))
            case .approved(let approved): return .rows(Self.literals(try run(approved).rows))
            }
        } catch {
            guard let refusal = Self.refusal(error) else { throw error }
            return .refused(refusal)
        }
    }

    package func check(_ sql: String) throws -> CheckOutcome {
        let policies = try self.policies ?? PolicySet(documents: [])
        return try QueryCheck.run(sql: sql, policies: policies, parameterDomains: .null)
    }

    package func run(_ approved: ApprovedPlan) throws -> ReleasedTable {
        let scans: [Int: any TableScan] = scans(approved)
        let spill = layout.spillRows.map { MemorySpill(seed: UInt64($0)) }
        let cells = try engine.execute(approved, parameters: [:], scans: scans, spill: spill).release()
        return try engine.finish(cells, plan: approved.plan, parameters: [:])
    }

    package func literals(_ approved: ApprovedPlan) throws -> [[Literal]] { Self.literals(try run(approved).rows) }

    private func scans(_ approved: ApprovedPlan) -> [Int: MemoryTable] {
        approved.plan.rows.scans.reduce(into: [:]) { $0[$1.reference] = tables[$1.table] }
    }

    /// What the naive interpreter answers to the same plan.
    package func naive(_ approved: ApprovedPlan) -> [[Literal]] {
        let plan = ExecutionPlan(
            rows: approved.plan.rows, release: approved.plan.release, rules: approved.rules, dimensions: approved.dimensions,
            scans: approved.scans, branchConditions: approved.branchConditions, parameters: [:])
        let released = NaiveInterpreter(plan, tables: scans(approved)).released()
        return Self.literals(NaiveFinishing(parameters: [:]).finish(released, approved.plan.finishing))
    }

    private static func literals(_ rows: [[ReleasedCell]]) -> [[Literal]] {
        rows.map { row in
            row.map { cell in
                if case .value(let literal) = cell { return literal }
                return .text("(withheld)")
            }
        }
    }

    package static func refusal(_ error: any Error) -> Refusal? {
        switch error {
        case let error as SQLError: Refusal(code: error.code.rawValue, detail: error.arguments.joined(separator: ", "))
        case let error as BindError: Refusal(code: error.code.rawValue, detail: error.arguments.joined(separator: ", "))
        case let error as EngineError: Refusal(code: error.code.rawValue, detail: error.arguments.joined(separator: ", "))
        case let error as DisclosureError: Refusal(code: error.code.rawValue, detail: error.arguments.joined(separator: ", "))
        default: nil
        }
    }
}
