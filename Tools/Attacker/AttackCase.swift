// SPDX-License-Identifier: Apache-2.0

package import DisclosureControl
package import PolicyCheck
internal import QueryEngine
internal import QueryPlan
internal import SQLLogic
internal import SQLSyntax
package import Tabular
internal import TestSupport

/// Policies, tables and statements that a seed stands for.
package struct AttackCase: Sendable {
    package let seed: UInt64
    package let schema: AttackSchema
    package let rows: AttackRows
    package let queries: [String]
    package let parameters: [String: Literal]

    /// Statements of one seed.
    package static let queryCount = 30

    package init(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        self.seed = seed
        schema = try AttackSchema(&random)
        rows = AttackRows(schema, &random)
        let months: [Int64] = [19_662, 19_692, 19_723, 19_754]
        parameters = ["since": .date(days: random.pick(months)), "place": .text(random.pick(AttackSchema.hospitals))]
        var query = AttackQuery(schema: schema, random: random)
        queries = (0..<Self.queryCount).map { _ in query.next() }
    }

    /// What became of a statement.
    package enum Outcome: Sendable {
        case notAStatement(String)
        /// The rules of the findings.
        case refused([String])
        case failed(String)
        case answered(Answer)
    }

    /// What left.
    package struct Answer: Sendable, Equatable {
        package let cells: [[ReleasedCell]]
        package let reasons: [String]
        /// The document of the result.
        package let bytes: [UInt8]
    }

    package func check(_ sql: String) throws -> CheckOutcome? {
        do { return try QueryCheck.run(sql: sql, policies: schema.policies, parameterDomains: schema.parameters) } catch {
            guard MemorySession.refusal(error) != nil else { throw error }
            return nil
        }
    }

    /// The whole path from the statement to the document, over these rows.
    package func run(_ sql: String, over rows: AttackRows) throws -> Outcome {
        do {
            switch try QueryCheck.run(sql: sql, policies: schema.policies, parameterDomains: schema.parameters) {
            case .stopped(let verdict): return .refused(verdict.findings.map(\.rule))
            case .approved(let approved): return run(approved, over: rows)
            }
        } catch {
            guard let refusal = MemorySession.refusal(error) else { throw error }
            return .notAStatement(refusal.code)
        }
    }

    func run(_ approved: ApprovedPlan, over rows: AttackRows) -> Outcome {
        let tables = rows.tables(schema)
        let scans = approved.plan.rows.scans.reduce(into: [Int: any TableScan]()) { $0[$1.reference] = tables[$1.table] }
        let engine = QueryEngine(workers: 1, memoryLimitBytes: 256 << 20)
        let values = used(approved)
        do {
            let cells = try engine.execute(approved, parameters: values, scans: scans).release()
            let table = try engine.finish(cells, plan: approved.plan, parameters: values)
            return .answered(
                Answer(cells: cells.rows, reasons: table.reasons.map(\.rawValue), bytes: table.canonicalPieces(adding: ["release": table.record.document]).flatMap(\.self)))
        } catch { return .failed("\(MemorySession.refusal(error)?.code ?? "\(error)")") }
    }

    /// Values of the parameters that a statement has.
    func used(_ approved: ApprovedPlan) -> [String: Literal] {
        parameters.filter { name, _ in approved.plan.parameters.contains { $0.name == name } }
    }

    /// Runs a statement and tries to learn from the answer what fewer than the minimum make up. `assumed`: a larger minimum than the
    /// policies', to see that the attacker sees.
    package func attack(_ sql: String, assumed: Int = 0) throws -> (outcome: Outcome, findings: [AttackFinding]) {
        guard case .approved(let approved)? = try check(sql) else { return (try run(sql, over: rows), []) }
        let outcome = run(approved, over: rows)
        switch outcome {
        case .answered(let answer):
            let tables = rows.tables(schema)
            guard let contributing = ContributingRows(approved, schema, tables, parameters: used(approved), assumed: assumed) else {
                return (outcome, [])
            }
            let examination = Examination(contributing: contributing, approved: approved, released: answer.cells, schema: schema)
            let findings = examination.findings { name, place in
                guard let table = schema.tables.first(where: { $0.name == name }), let stored = tables[name] else { return true }
                return table.isLeftOut(stored.rows[Int(place)].values)
            }
            return (outcome, findings)
        // Memory is the one thing that data may use up; a key that stands twice in an open table is in the open.
        case .failed("engine.resource-exhausted"), .failed("engine.open-key-repeats"): return (outcome, [])
        case .failed(let code): return (outcome, [AttackFinding(kind: .ending, text: code)])
        case .notAStatement, .refused: return (outcome, [])
        }
    }
}
