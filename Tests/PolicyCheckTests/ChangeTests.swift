// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import JobControl
import PolicyCheck
import SQLSyntax
import Testing

@Suite("Changes that findings name")
struct ChangeTests {
    /// Findings of a case with the changes tried.
    private func verdict(_ file: CaseFile) throws -> Verdict? {
        let outcome = try QueryCheck.runTryingChanges(
            sql: file.sql, policies: try PolicySet(documents: try file.documents()), parameterDomains: try file.parameters())
        guard case .stopped(let verdict) = outcome else { return nil }
        return verdict
    }

    @Test("leave the verdict as it is, but for the changes", arguments: CaseFile.all)
    func sameVerdict(_ file: CaseFile) throws {
        guard case .stopped(let plain) = try file.outcome(), let tried = try verdict(file) else { return }
        func lines(_ verdict: Verdict) -> [String] {
            verdict.findings.map { "\($0.rule) \($0.clause) \($0.span) \($0.column ?? "") \($0.arguments) \($0.passesIf?.code ?? "")" }
        }
        #expect(lines(plain) == lines(tried) && plain.decision == tried.decision)
        for finding in plain.findings { #expect(finding.passesIf?.edit == nil && finding.passesIf?.isVerified != true) }
    }

    @Test("every rule whose change can be carried out has a case in which it was, and helped")
    func everyRule() throws {
        var offered: Set<String> = []
        var verified: Set<String> = []
        var changes: Set<PolicyChange> = []
        for file in CaseFile.all {
            for finding in try verdict(file)?.findings ?? [] {
                guard let change = finding.passesIf, let code = PolicyChange(rawValue: change.code), code.isMechanical else {
                    #expect(finding.passesIf?.isVerified != true && finding.passesIf?.edit == nil)
                    continue
                }
                offered.insert(finding.rule)
                if change.isVerified {
                    verified.insert(finding.rule)
                    changes.insert(code)
                    #expect(change.edit != nil)
                }
            }
        }
        #expect(offered.subtracting(verified).sorted() == [])
        #expect(changes == Set(PolicyChange.allCases.filter(\.isMechanical)))
        #expect(offered.count >= 15)
    }

    @Test("what is called verified is: another check of the changed statement or policy has one such finding less and none more", arguments: CaseFile.all)
    func verified(_ file: CaseFile) throws {
        guard let before = try verdict(file) else { return }
        for finding in before.findings {
            guard let change = finding.passesIf, change.isVerified, let edit = change.edit else { continue }
            let after = try Self.findings(file, edit)
            func count(_ findings: [Finding], _ rule: String, _ column: String?) -> Int {
                findings.filter { $0.rule == rule && $0.column == column }.count
            }
            #expect(count(after, finding.rule, finding.column) < count(before.findings, finding.rule, finding.column), "\(file.path) \(edit)")
            for other in after { #expect(count(after, other.rule, other.column) <= count(before.findings, other.rule, other.column), "\(file.path)") }
        }
    }

    @Test("a repair passes, checked under the documents that the owners would write", arguments: CaseFile.all)
    func repaired(_ file: CaseFile) throws {
        guard let repair = try verdict(file)?.repair else { return }
        var documents = try file.documents()
        for grant in repair.grants { documents = documents.map { Self.granting(grant.capability, grant.column, grant.table, in: $0) } }
        let outcome = try QueryCheck.run(
            sql: repair.sql, policies: try PolicySet(documents: documents), parameterDomains: try repair.parameterDomains ?? file.parameters())
        switch outcome {
        case .approved: #expect(repair.decision == .allowed)
        case .stopped(let verdict): #expect(verdict.decision == .needsReview && repair.decision == .needsReview, "\(file.path) \(repair)")
        }
    }

    @Test("read as a person would write them", arguments: [
        ("SELECT visit_date, COUNT(*) FROM visit GROUP BY visit_date",
         "SELECT date_trunc('month', visit_date) AS visit_date, COUNT(*) FROM visit GROUP BY date_trunc('month', visit_date)"),
        ("SELECT COUNT(*) FROM visit WHERE visit_date >= '2024-01-15' AND visit_date < '2024-03-02'",
         "SELECT COUNT(*) FROM visit WHERE visit_date >= DATE '2024-01-01' AND visit_date < DATE '2024-03-01'"),
        ("SELECT COUNT(*) FROM visit WHERE visit_date BETWEEN '2024-01-15' AND '2024-03-02'",
         "SELECT COUNT(*) FROM visit WHERE visit_date BETWEEN DATE '2024-01-01' AND DATE '2024-03-31'"),
        ("SELECT COUNT(*) FROM visit WHERE icd_code = 'I10.9'", "SELECT COUNT(*) FROM visit WHERE substring(icd_code, 1, 3) = 'I10'"),
        ("SELECT upper(hospital), COUNT(*) FROM visit GROUP BY 1", "SELECT hospital, COUNT(*) FROM visit GROUP BY 1"),
        ("SELECT hospital, SUM(cost - insured) FROM visit GROUP BY hospital",
         "SELECT hospital, (SUM(cost) - SUM(insured)) FROM visit GROUP BY hospital"),
        ("SELECT hospital, MAX(cost) FROM visit GROUP BY hospital", "SELECT hospital, AVG(cost) FROM visit GROUP BY hospital"),
        ("SELECT hospital FROM visit", "SELECT hospital, COUNT(*) FROM visit GROUP BY 1"),
        ("SELECT hospital, name, COUNT(*) FROM visit GROUP BY 1, 2", "SELECT hospital, COUNT(*) FROM visit GROUP BY 1"),
        ("SELECT COUNT(*) FROM visit WHERE urgent AND name = 'x'", "SELECT COUNT(*) FROM visit WHERE urgent AND TRUE"),
        ("SELECT COUNT(*)\nFROM visit\nWHERE visit_date\n  >= '2024-01-15'", "SELECT COUNT(*)\nFROM visit\nWHERE visit_date\n  >= DATE '2024-01-01'"),
    ])
    func spelling(_ written: String, _ wanted: String) throws {
        let outcome = try QueryCheck.runTryingChanges(sql: written, policies: try example("visit"), parameterDomains: .null)
        guard case .stopped(let verdict) = outcome else { throw NotApproved() }
        #expect(verdict.repair?.sql == wanted)
        #expect(verdict.repair?.decision == .allowed && verdict.repair?.grants == [])
    }

    @Test("a grant that the column's type does not bear is not promised, nor one that is not enough")
    func unverified() throws {
        func change(_ sql: String) throws -> Finding.Change? {
            let outcome = try QueryCheck.runTryingChanges(sql: sql, policies: try example("visit"), parameterDomains: .null)
            guard case .stopped(let verdict) = outcome else { throw NotApproved() }
            return verdict.findings.first?.passesIf
        }
        // Texts have no range.
        #expect(try change("SELECT COUNT(*) FROM visit WHERE hospital < 'M'")?.isVerified == false)
        #expect(try change("SELECT COUNT(*) FROM visit WHERE ward_code = 'x'")?.isVerified == true)
        #expect(try change("SELECT COUNT(*) FROM visit WHERE cost > insured")?.isVerified == false)
    }

    @Test("as many are tried as the limit, not one more")
    func trials() throws {
        func verified(_ count: Int) throws -> Int {
            let conditions = (0..<count).map { "visit_date >= '\(1900 + $0)-01-02'" }.joined(separator: " OR ")
            let outcome = try QueryCheck.runTryingChanges(
                sql: "SELECT COUNT(*) FROM visit WHERE " + conditions, policies: try example("visit"), parameterDomains: .null)
            guard case .stopped(let verdict) = outcome else { throw NotApproved() }
            #expect(verdict.findings.count == count)
            return verdict.findings.filter { $0.passesIf?.isVerified == true }.count
        }
        let limit = PolicyCheck.Limits.changeTrials
        #expect(try verified(limit) == limit)
        #expect(try verified(limit + 1) == limit)
    }

    // MARK: Carrying out, apart from the checker's own way

    private static func findings(_ file: CaseFile, _ edit: Edit) throws -> [Finding] {
        var sql = file.sql
        var documents = try file.documents()
        var domains = try file.parameters()
        switch edit {
        case .statement(let edits): sql = replaced(sql, edits)
        case .grant(let table, let column, let capability): documents = documents.map { granting(capability, column, table, in: $0) }
        case .parameter(let name, let domain): domains = .object((domains.members ?? [:]).merging([name: domain]) { $1 })
        }
        switch try QueryCheck.run(sql: sql, policies: try PolicySet(documents: documents), parameterDomains: domains) {
        case .approved: return []
        case .stopped(let verdict): return verdict.findings
        }
    }

    /// By line and column, as whoever reads the JSON has to do it.
    private static func replaced(_ sql: String, _ edits: [TextEdit]) -> String {
        var lines = sql.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        for edit in edits.sorted(by: { ($0.span.line, $0.span.column) > ($1.span.line, $1.span.column) }) {
            let line = edit.span.line - 1
            var rest = edit.span.length
            lines[line].insert(contentsOf: edit.text.unicodeScalars, at: edit.span.column - 1)
            let place = edit.span.column - 1 + edit.text.unicodeScalars.count
            while rest > 0 {
                let taken = min(rest, lines[line].count - place)
                lines[line].removeSubrange(place..<place + taken)
                rest -= taken
                guard rest > 0, line + 1 < lines.count else { break }
                lines[line] += lines[line + 1]
                lines.remove(at: line + 1)
                rest -= 1
            }
        }
        return lines.map { scalars in
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            return String(view)
        }.joined(separator: "\n")
    }

    /// The canonical document with one capability more.
    private static func granting(_ capability: Capability, _ column: String, _ table: String, in document: JSONValue) -> JSONValue {
        if var members = document.members, var tables = document["tables"]?.members, let lines = tables[table] {
            tables[table] = granting(capability, column, toColumnsOf: lines)
            members["tables"] = .object(tables)
            return .object(members)
        }
        return document["table"]?.text == table ? granting(capability, column, toColumnsOf: document) : document
    }

    private static func granting(_ capability: Capability, _ column: String, toColumnsOf document: JSONValue) -> JSONValue {
        guard var members = document.members else { return document }
        members["columns"] = .array(
            (document["columns"]?.elements ?? []).map { value in
                guard value["name"]?.text == column, var line = value.members else { return value }
                line["allow"] = .array((value["allow"]?.elements ?? []) + [.string(capability.rawValue)])
                return .object(line)
            })
        return .object(members)
    }
}
