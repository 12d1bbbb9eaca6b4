// SPDX-License-Identifier: Apache-2.0

import AuditLog
import CanonicalJSON
import CryptoSuites
import DurableFiles
import MetadataStore

/// One offline file that goes out with a result: the log entries from the domain's birth to the release of this job that matter to it, each
/// with its inclusion proof under one signed checkpoint. `yunei receipt verify` needs no domain.
public struct Receipt: Sendable {
    /// The log's verifier key in the form of c2sp.org/signed-note.
    public let logKey: String
    /// The signed note.
    public let checkpoint: String
    public let steps: [Step]

    public struct Step: Sendable {
        public let index: UInt64
        public let entry: JSONValue
        /// RFC 6962 audit path, sibling first.
        public let proof: [Digest]
    }

    static let format = "yunei-receipt/1"

    var json: JSONValue {
        [
            "format": .string(Self.format), "log": .string(logKey), "checkpoint": .string(checkpoint),
            "steps": .array(
                steps.map { step in
                    [
                        "index": .integer(Int64(step.index)), "entry": step.entry,
                        "proof": .array(step.proof.map { .string($0.hex) }),
                    ]
                }),
        ]
    }

    init(logKey: String, checkpoint: String, steps: [Step]) {
        self.logKey = logKey
        self.checkpoint = checkpoint
        self.steps = steps
    }

    /// Reads a receipt strictly. Throws `receipt.malformed`.
    init(json: JSONValue) throws(ControlError) {
        guard json["format"]?.text == Self.format, let logKey = json["log"]?.text, let checkpoint = json["checkpoint"]?.text,
            let elements = json["steps"]?.elements, json.members?.count == 4
        else { throw ControlError(.receiptMalformed) }
        var steps: [Step] = []
        for element in elements {
            guard let index = element["index"]?.number.flatMap({ UInt64(exactly: $0) }), let entry = element["entry"],
                let hashes = element["proof"]?.elements, element.members?.count == 3
            else { throw ControlError(.receiptMalformed) }
            let proof = hashes.compactMap { $0.text.flatMap { Digest(hex: $0) } }
            guard proof.count == hashes.count else { throw ControlError(.receiptMalformed) }
            steps.append(Step(index: index, entry: entry, proof: proof))
        }
        self.init(logKey: logKey, checkpoint: checkpoint, steps: steps)
    }
}

extension Domain {
    /// The receipt of a released job: birth, identities and documents involved, submission, decisions, loads, intent, outcome.
    func makeReceipt(intent: UInt64, outcome: UInt64) throws -> Receipt {
        let size = log.size
        let steps = try indices(intent: intent, outcome: outcome).map { index in
            Receipt.Step(
                index: index, entry: try LogEntry.parse(try log.entry(at: index)).json,
                proof: try log.inclusionProof(index: index, size: size))
        }
        return Receipt(
            logKey: log.verifierKey.text, checkpoint: String(decoding: try log.currentCheckpoint, as: UTF8.self), steps: steps)
    }

    /// Indices of the entries that a receipt needs, in order.
    private func indices(intent: UInt64, outcome: UInt64) throws -> [UInt64] {
        let body = try LogEntry.parse(try log.entry(at: intent)).body
        var indices: Set<UInt64> = [0, intent, outcome]
        let authorisation = body["authorisation"] ?? .null
        for member in ["submission", "entry"] {
            if let index = authorisation[member]?.number { indices.insert(UInt64(clamping: index)) }
        }
        for index in authorisation["decisions"]?.elements ?? [] {
            if let number = index.number { indices.insert(UInt64(clamping: number)) }
        }
        for table in body["tables"]?.elements ?? [] {
            guard let name = table["table"]?.text, let version = table["version"]?.number else { continue }
            if let record = try metadata.versions(of: name).first(where: { $0.version == version }) { indices.insert(record.entry) }
        }
        indices.formUnion(try metadata.documents().filter { $0.kind != "standing" }.map(\.entry))
        let actors = Set(try indices.map { try LogEntry.parse(try log.entry(at: $0)).actor })
        indices.formUnion(try metadata.identities().filter { actors.contains($0.name) }.map(\.entry))
        return indices.sorted()
    }

    /// Writes result and receipt where the person can take them.
    func publish(job: String, result: [UInt8], intent: UInt64, outcome: UInt64) throws -> ReleasedJob {
        let directory = paths.results + "/" + job
        try files.makeDirectory(directory)
        let receipt = try makeReceipt(intent: intent, outcome: outcome)
        try files.write(receipt.json.canonicalBytes, to: directory + "/receipt.json", mode: 0o640)
        try files.write(result, to: directory + "/result.json", mode: 0o640)
        return ReleasedJob(
            job: job, result: result, resultPath: directory + "/result.json", receiptPath: directory + "/receipt.json")
    }
}
