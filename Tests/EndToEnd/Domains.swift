// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Testing

extension Yunei {
    static let product = "医院月度就诊统计"
    static let january = ["job", "run", product, "--param", "since=2024-01-01"]

    /// A domain with authority, unit and operator, where the visits are registered.
    static func withPolicy(rehearsal: Bool = false) throws -> Yunei {
        try (rehearsal ? Template.rehearsalPolicy : Template.policy).get().copy()
    }

    /// The same with the data loaded.
    static func loaded(rehearsal: Bool = false, smallGroup: Int = 9) throws -> Yunei {
        if smallGroup == 9 { return try (rehearsal ? Template.rehearsal : Template.loaded).get().copy() }
        return try withPolicy(rehearsal: rehearsal).loading(Hospital.csv(smallGroup: smallGroup))
    }

    /// The same with the product submitted and signed.
    static func approved(smallGroup: Int = 9) throws -> Yunei {
        if smallGroup == 9 { return try Template.approved.get().copy() }
        return try loaded(smallGroup: smallGroup).approving()
    }

    /// A command that needs no domain, or names one itself.
    func runPlain(_ arguments: [String], environment: [String: String] = [:]) throws -> Run {
        try Self.run(arguments, environment, in: scratch)
    }

    /// A new domain with authority, a unit's person and an operator's.
    static func founded(rehearsal: Bool) throws -> Yunei {
        let yunei = try Yunei()
        try expectDone(yunei.runPlain(["domain", "init", yunei.domain, "--org", "市数据局", "--json"] + (rehearsal ? ["--rehearsal"] : [])))
        try expectDone(yunei.run("identity", "add", "wjw", "--role", "unit", "--org", Hospital.unit))
        try expectDone(yunei.run("identity", "add", "op", "--role", "operator", "--org", "运营公司"))
        return yunei
    }

    @discardableResult
    func applying(_ policy: String, as identity: String = "wjw") throws -> Yunei {
        try Self.expectDone(run("policy", "apply", try write("policy.yaml", policy), as: identity))
        return self
    }

    @discardableResult
    func loading(_ csv: String, into table: String = "visit", as identity: String = "wjw") throws -> Yunei {
        try Self.expectDone(run("table", "load", table, try write("data.csv", csv), as: identity))
        return self
    }

    @discardableResult
    func approving() throws -> Yunei {
        try Self.expectDone(run("product", "submit", try write("product.yaml", Hospital.product), as: "op"))
        try Self.expectDone(run("product", "approve", Self.product))
        try Self.expectDone(run("product", "approve", Self.product, as: "wjw"))
        return self
    }

    static func expectDone(_ run: Run) throws {
        guard run.status == 0 else { throw Unexpected(description: "status \(run.status): \(run.output) \(run.errors)") }
    }

    /// Still a domain in order: log, objects and executor are fine, no job hangs, nothing half-written lies about.
    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let doctor = try run("doctor")
        #expect(doctor.status == 0, "\(doctor.output)", sourceLocation: sourceLocation)
        let verified = try run("audit", "verify")
        #expect(verified.status == 0, "\(verified.output)", sourceLocation: sourceLocation)
        #expect(leftovers.isEmpty, "\(leftovers)", sourceLocation: sourceLocation)
    }

    /// Unfinished files.
    var leftovers: [String] { files.filter { $0.hasSuffix(".tmp") || $0.contains("/staging/") } }

    /// Types of the log's entries, oldest first.
    func entryTypes() throws -> [String] {
        try run("audit", "list").json["entries"]?.elements?.compactMap { $0["type"]?.text } ?? []
    }
}

/// Domains that are made once and copied by each test.
private enum Template {
    static let policy = made { try Yunei.founded(rehearsal: false).applying(Hospital.policy) }
    static let loaded = made { try policy.get().copy().loading(Hospital.csv()) }
    static let approved = made { try loaded.get().copy().approving() }
    static let rehearsalPolicy = made { try Yunei.founded(rehearsal: true).applying(Hospital.policy) }
    static let rehearsal = made { try rehearsalPolicy.get().copy().loading(Hospital.csv()) }

    private static func made(_ make: () throws -> Yunei) -> Result<Yunei, any Error> { Result { try make() } }
}
