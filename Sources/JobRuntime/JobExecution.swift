// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import Confinement
import CryptoSuites
import DisclosureControl
import Glibc
import PolicyCheck
import QueryEngine
import QueryPlan
import Synchronization
import Tabular
import WireContract

/// Runs one job: parses, binds and checks again, refuses unless it arrives at the approved plan, executes, releases, finishes, and
/// serialises the result once.
package struct JobExecution {
    private let input: ExecutorInput
    private let request: JobRequest

    package init(_ input: ExecutorInput) throws {
        self.input = input
        request = try JobRequest(json: input.json)
    }

    /// Digest and length of the result bytes, which stand in the output.
    package func run() throws -> JSONValue {
        let (policies, approved, parameters, tables) = try prepare()
        // Policies may lower it; the executor reads them itself.
        let memory = min(request.memoryLimitBytes, policies.jobMemoryBytes ?? .max)
        let engine = QueryEngine(workers: request.workers, memoryLimitBytes: Int(clamping: memory))
        let scans = try Self.scans(approved.plan.rows, tables)
        let spill = JobSpill(try input.descriptor(request.spillDescriptor))
        let started = PhaseClock.now()
        let unreleased = try engine.execute(approved, parameters: parameters, scans: scans, spill: spill)
        PhaseClock.add(.engine, since: started)
        let cells = try unreleased.release(threads: request.workers)
        let result = try engine.finish(cells, plan: approved.plan, parameters: parameters)
        let pieces = result.canonicalPieces(adding: members(record: cells.record), threads: request.workers)
        let (digest, byteCount) = try Self.write(pieces, to: try input.descriptor(request.outputDescriptor))
        return [
            "result": .string(digest.hex), "bytes": .integer(Int64(byteCount)),
            "confinement": .array(input.confinement.lines.map { .string($0) }),
        ]
    }

    /// The check and the opening of the tables, side by side: neither needs the other, and nothing of a row is read before both are
    /// done. What the check says comes first.
    private func prepare() throws -> (PolicySet, ApprovedPlan, [String: Literal], [String: StoredTable]) {
        let results = Preparation()
        Workers.run(request.workers, each: 2) { part in
            if part == 0 {
                let result = Result { try check() }
                results.checked.withLock { $0 = result }
            } else {
                let result = Result { try openTables() }
                results.opened.withLock { $0 = result }
            }
        }
        guard let checked = try results.checked.withLock({ $0 })?.get(), let tables = try results.opened.withLock({ $0 })?.get() else {
            throw RuntimeError(.badRequest)
        }
        return (checked.policies, checked.plan, checked.parameters, tables)
    }

    /// What threads of `prepare` leave behind.
    private final class Preparation: Sendable {
        let checked = Mutex<Result<Checked, any Error>?>(nil)
        let opened = Mutex<Result<[String: StoredTable], any Error>?>(nil)
    }

    private struct Checked {
        let policies: PolicySet
        let plan: ApprovedPlan
        let parameters: [String: Literal]
    }

    private func check() throws -> Checked {
        let policies = try PolicySet(documents: request.documents)
        return Checked(policies: policies, plan: try recheck(policies), parameters: try typedParameters())
    }

    private func recheck(_ policies: PolicySet) throws -> ApprovedPlan {
        // Without a grant only a rehearsal may run.
        let terms = request.terms.isNull ? (request.isRehearsal ? nil : UseTerms.empty) : try UseTerms(json: request.terms)
        guard case .approved(let approved) = try QueryCheck.run(
            sql: request.sql, policies: policies, parameterDomains: request.parameterDomains, basis: CheckBasis(terms: terms))
        else { throw RuntimeError(.notAllowed) }
        guard SHA256.hash(Array(approved.canonicalText.utf8)).hex == request.planDigest else { throw RuntimeError(.planDiffers) }
        return approved
    }

    private func typedParameters() throws -> [String: Literal] {
        var typed: [String: Literal] = [:]
        for (name, domain) in try ParameterDomain.domains(request.parameterDomains) {
            guard let value = request.parameters[name], let literal = domain.literal(value), domain.accepts(literal) else {
                throw RuntimeError(.parameterOutside, name)
            }
            typed[name] = literal
        }
        return typed
    }

    private func openTables() throws -> [String: StoredTable] {
        var tables: [String: StoredTable] = [:]
        for table in request.tables { tables[table.name] = try StoredTableInput.open(table, suite: request.suite, input: input) }
        return tables
    }

    private static func scans(_ plan: LogicalPlan, _ tables: [String: StoredTable]) throws -> [Int: any TableScan] {
        var found: [Int: any TableScan] = [:]
        for scan in plan.scans {
            guard let table = tables[scan.table] else { throw RuntimeError(.tableMissing, scan.table) }
            found[scan.reference] = StoredScan(table: table)
        }
        return found
    }

    /// What the result document says beside the result: everything a person is shown but the receipt's path.
    private func members(record: ReleaseRecord) -> [String: JSONValue] {
        var members: [String: JSONValue] = ["status": "released", "release": record.document]
        members["sources"] = .array(
            request.tables.map { ["table": .string($0.name), "version": .integer($0.version), "as_of": .string($0.asOf)] })
        if request.isRehearsal { members["rehearsal"] = true }
        return members
    }

    /// Digest and length of what was written.
    private static func write(_ pieces: [[UInt8]], to descriptor: Int32) throws(RuntimeError) -> (Digest, Int) {
        var hash = SHA256(), offset = 0
        for piece in pieces {
            hash.update(piece)
            try write(piece, to: descriptor, at: offset)
            offset += piece.count
        }
        return (hash.finish(), offset)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, at offset: Int) throws(RuntimeError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written, off_t(offset + written))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw RuntimeError(.outputFailed) }
            written += count
        }
    }
}
