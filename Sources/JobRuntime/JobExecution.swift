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
        let policies = try PolicySet(documents: request.documents)
        let approved = try recheck(policies)
        let parameters = try typedParameters()
        let tables = try openTables(for: approved)
        // Policies may lower it; the executor reads them itself.
        let memory = min(request.memoryLimitBytes, policies.jobMemoryBytes ?? .max)
        let engine = QueryEngine(workers: request.workers, memoryLimitBytes: Int(clamping: memory))
        let scans = try Self.scans(approved.plan.rows, tables)
        let spill = JobSpill(try input.descriptor(request.spillDescriptor))
        let started = PhaseClock.now()
        let unreleased = try engine.execute(approved, parameters: parameters, scans: scans, spill: spill)
        PhaseClock.add(.engine, since: started)
        let cells = try unreleased.release()
        let result = try engine.finish(cells, plan: approved.plan, parameters: parameters)
        let bytes = document(result, record: cells.record).canonicalBytes
        try Self.write(bytes, to: try input.descriptor(request.outputDescriptor))
        return [
            "result": .string(SHA256.hash(bytes).hex), "bytes": .integer(Int64(bytes.count)),
            "confinement": .array(input.confinement.lines.map { .string($0) }),
        ]
    }

    private func recheck(_ policies: PolicySet) throws -> ApprovedPlan {
        guard case .approved(let approved) = try QueryCheck.run(
            sql: request.sql, policies: policies, parameterDomains: request.parameterDomains)
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

    private func openTables(for approved: ApprovedPlan) throws -> [String: StoredTable] {
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

    /// The result document: everything a person is shown but the receipt's path.
    private func document(_ result: ReleasedTable, record: ReleaseRecord) -> JSONValue {
        var members = result.document.members ?? [:]
        members["status"] = "released"
        members["release"] = record.document
        members["sources"] = .array(
            request.tables.map { ["table": .string($0.name), "version": .integer($0.version), "as_of": .string($0.asOf)] })
        if request.isRehearsal { members["rehearsal"] = true }
        return .object(members)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(RuntimeError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written, off_t(written)) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw RuntimeError(.outputFailed) }
            written += count
        }
    }
}
