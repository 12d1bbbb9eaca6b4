// SPDX-License-Identifier: Apache-2.0

import AuditLog
import CanonicalJSON
import CryptoSuites

/// Checks a receipt alone: no domain, no network. What holds is told step by step; the first thing that does not hold is the failure.
public struct ReceiptVerifier {
    /// What a good receipt proves.
    public struct Story: Sendable {
        public let origin: String
        public let logKey: String
        public let treeSize: UInt64
        public let resultDigest: String
        public let isRehearsal: Bool
        public let steps: [LogEntry]
    }

    /// Verifies receipt bytes; when the result bytes are at hand they must be the ones that were released.
    ///
    /// Throws `receipt.malformed` or `receipt.not-verified` with the step that failed.
    /// - Parameter expectedLogKey: the log's key as known from elsewhere (`yunei audit key`); nil trusts the one in the receipt.
    public static func verify(_ bytes: [UInt8], result: [UInt8]?, expectedLogKey: String?) throws -> Story {
        try verify(bytes, result: result, expectedLogKey: expectedLogKey, ceilings: Limits.Ceilings())
    }

    package static func verify(_ bytes: [UInt8], result: [UInt8]?, expectedLogKey: String?, ceilings: Limits.Ceilings) throws -> Story {
        guard bytes.count <= ceilings.receiptBytes, let json = try? JSONValue.parseCanonical(bytes) else { throw ControlError(.receiptMalformed) }
        let receipt = try Receipt(json: json)
        guard expectedLogKey == nil || expectedLogKey == receipt.logKey else { throw failure("log key") }
        let checkpoint: Checkpoint
        do {
            checkpoint = try Checkpoint(opening: Array(receipt.checkpoint.utf8), key: try VerifierKey(parsing: receipt.logKey))
        } catch { throw failure("checkpoint") }
        var entries: [UInt64: LogEntry] = [:]
        for step in receipt.steps {
            let entryBytes = step.entry.canonicalBytes
            guard entries[step.index] == nil,
                MerkleTree.verifiesInclusion(
                    of: MerkleTree.leafHash(entryBytes), index: step.index, size: checkpoint.size, root: checkpoint.root, proof: step.proof)
            else { throw failure("inclusion of entry \(step.index)") }
            do { entries[step.index] = try LogEntry.parse(entryBytes) } catch { throw failure("signature of entry \(step.index)") }
        }
        return try ReceiptChain(entries: entries).story(receipt: receipt, checkpoint: checkpoint, result: result)
    }

    static func failure(_ step: String) -> ControlError { ControlError(.receiptNotVerified, step) }
}

/// Whether the entries of a receipt hang together: the right people, the same digests, in the right order.
private struct ReceiptChain {
    let entries: [UInt64: LogEntry]

    func story(receipt: Receipt, checkpoint: Checkpoint, result: [UInt8]?) throws -> ReceiptVerifier.Story {
        guard let birth = entries[0], birth.type == .domainCreated, let domain = birth.body["domain"] else { throw ReceiptVerifier.failure("birth of the domain") }
        try checkPeople(birth)
        guard let outcome = only(.jobReleased), let intentIndex = outcome.body["intent"]?.number.flatMap({ UInt64(exactly: $0) }),
            let intent = entries[intentIndex], intent.type == .jobIntended, intent.body["job"] == outcome.body["job"],
            intent.body["plan"] == outcome.body["plan"]
        else { throw ReceiptVerifier.failure("intent and outcome") }
        try checkAuthorisation(intent, isRehearsal: domain["rehearsal"]?.flag ?? false)
        try checkTables(intent)
        guard let digest = outcome.body["result"]?.text else { throw ReceiptVerifier.failure("result digest") }
        if let result, SHA256.hash(result).hex != digest { throw ReceiptVerifier.failure("result file") }
        return ReceiptVerifier.Story(
            origin: checkpoint.origin, logKey: receipt.logKey, treeSize: checkpoint.size, resultDigest: digest,
            isRehearsal: domain["rehearsal"]?.flag ?? false, steps: entries.sorted { $0.key < $1.key }.map(\.value))
    }

    private func only(_ type: EntryType) -> LogEntry? {
        let found = entries.values.filter { $0.type == type }
        return found.count == 1 ? found.first : nil
    }

    /// Every actor is an identity of the domain that was added by an authority before it acted, with the key it signed with.
    private func checkPeople(_ birth: LogEntry) throws {
        var people: [String: (key: String, role: String, organisation: String)] = [:]
        for (index, entry) in entries.sorted(by: { $0.key < $1.key }) {
            if entry.type == .domainCreated {
                guard index == 0, entry.body["name"]?.text == entry.actor, entry.body["key"]?.text == entry.key.hex else {
                    throw ReceiptVerifier.failure("birth of the domain")
                }
            } else {
                guard let person = people[entry.actor], person.key == entry.key.hex else { throw ReceiptVerifier.failure("actor of entry \(index)") }
                try checkRole(entry, index, person.role, person.organisation)
            }
            if entry.type == .domainCreated || entry.type == .identityAdded {
                guard let name = entry.body["name"]?.text, let key = entry.body["key"]?.text, let role = entry.body["role"]?.text,
                    let organisation = entry.body["organisation"]?.text, people[name] == nil
                else { throw ReceiptVerifier.failure("identity of entry \(index)") }
                people[name] = (key, role, organisation)
            }
        }
    }

    private func checkRole(_ entry: LogEntry, _ index: UInt64, _ role: String, _ organisation: String) throws {
        let holds: Bool
        switch entry.type {
        case .identityAdded: holds = role == Role.authority.rawValue
        case .productDecided: holds = entry.body["role"]?.text == role && entry.body["organisation"]?.text == organisation
        case .tableLoaded: holds = entry.body["unit"]?.text == organisation
        case .domainCreated, .policyApplied, .loadIntended, .loadFailed, .productSubmitted, .jobIntended, .jobReleased, .jobFailed,
            .jobAborted, .jobRefused:
            holds = true
        }
        guard holds else { throw ReceiptVerifier.failure("role in entry \(index)") }
    }

    /// A product: submitted as it ran, approved by the authority and by every unit whose table was read, all over one digest.
    private func checkAuthorisation(_ intent: LogEntry, isRehearsal: Bool) throws {
        let authorisation = intent.body["authorisation"] ?? .null
        if authorisation["rehearsal"]?.flag == true {
            guard isRehearsal else { throw ReceiptVerifier.failure("rehearsal") }
            return
        }
        if let standing = authorisation["standing"]?.text {
            guard let entry = authorisation["entry"]?.number.flatMap({ entries[UInt64(clamping: $0)] }), entry.type == .policyApplied,
                entry.body["document"]?.text == standing
            else { throw ReceiptVerifier.failure("standing approval") }
            return
        }
        guard let approval = authorisation["approval"]?.text, let product = authorisation["product"]?.text,
            let submission = authorisation["submission"]?.number.flatMap({ entries[UInt64(clamping: $0)] }),
            submission.type == .productSubmitted, submission.body["document"]?.text == product,
            let query = intent.body["approval"]?.text,
            let pins = Self.pins(submission), Domain.approvalDigest(product: product, query: query, pins: pins) == approval
        else { throw ReceiptVerifier.failure("submission") }
        let tables = intent.body["tables"]?.elements ?? []
        let isBound = pins.isEmpty || tables.allSatisfy { table in pins.contains { $0.isRead(as: table) } }
        guard isBound else { throw ReceiptVerifier.failure("data epoch") }
        let decisions = (authorisation["decisions"]?.elements ?? []).compactMap { $0.number.flatMap { entries[UInt64(clamping: $0)] } }
        let approvals = decisions.filter { $0.type == .productDecided && $0.body["digest"]?.text == approval && $0.body["decision"]?.text == "approve" }
        guard approvals.contains(where: { $0.body["role"]?.text == Role.authority.rawValue }) else {
            throw ReceiptVerifier.failure("approval of the authority")
        }
        for table in intent.body["tables"]?.elements ?? [] {
            guard approvals.contains(where: { $0.body["organisation"] == table["unit"] }) else {
                throw ReceiptVerifier.failure("approval of a unit")
            }
        }
    }

    /// The table versions that a submission is bound to; nil when they are none.
    private static func pins(_ submission: LogEntry) -> [PinnedVersion]? {
        let elements = submission.body["epoch"]?.elements ?? []
        let pins = elements.compactMap { PinnedVersion($0) }
        return pins.count == elements.count ? pins : nil
    }

    /// Each table version that was read is one that was loaded.
    private func checkTables(_ intent: LogEntry) throws {
        for table in intent.body["tables"]?.elements ?? [] {
            let isLoaded = entries.values.contains {
                $0.type == .tableLoaded && $0.body["table"] == table["table"] && $0.body["version"] == table["version"]
                    && $0.body["manifest"] == table["manifest"] && $0.body["unit"] == table["unit"]
            }
            guard isLoaded else { throw ReceiptVerifier.failure("table version") }
        }
    }
}
