// SPDX-License-Identifier: Apache-2.0

/// Everything that a run shows to whoever started it and leaves for others to see. How long it took is not part of it.
public struct Sighting: Sendable {
    /// Exit status, or whatever tells kinds of ends apart.
    public var status: Int
    /// Output as it came, byte for byte, so that order counts.
    public var output: [UInt8]
    public var errors: [UInt8]
    /// What the run changed: log entries, approvals used up, states of jobs; in order.
    public var records: [String]

    public init(status: Int, output: [UInt8], errors: [UInt8] = [], records: [String] = []) {
        self.status = status
        self.output = output
        self.errors = errors
        self.records = records
    }

    public init(status: Int, output: String, errors: String = "", records: [String] = []) {
        self.init(status: status, output: Array(output.utf8), errors: Array(errors.utf8), records: records)
    }

    /// Where two runs can be told apart, each with its first difference; empty when nowhere.
    public func differences(from other: Sighting) -> [String] {
        var differences: [String] = []
        if status != other.status { differences.append("status: \(status) and \(other.status)") }
        if let difference = Self.difference(output, other.output) { differences.append("output " + difference) }
        if let difference = Self.difference(errors, other.errors) { differences.append("errors " + difference) }
        if records.count != other.records.count { differences.append("records: \(records.count) and \(other.records.count)") }
        for (number, pair) in zip(records, other.records).enumerated() where pair.0 != pair.1 {
            differences.append("record \(number): \(pair.0) and \(pair.1)")
        }
        return differences
    }

    private static func difference(_ one: [UInt8], _ other: [UInt8]) -> String? {
        guard one != other else { return nil }
        let place = zip(one, other).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(one.count, other.count)
        func around(_ bytes: [UInt8]) -> String { String(decoding: bytes[max(0, place - 60)..<min(bytes.count, place + 60)], as: UTF8.self) }
        return "from byte \(place): …\(around(one))… and …\(around(other))…"
    }
}

/// Two domains that differ in one entity. Whatever is done to both must look the same, unless the entity is among those that a release
/// may rest on. What a domain is, and how a job runs in it, is the caller's.
public struct Twins<Domain> {
    public let one: Domain
    public let other: Domain

    /// Makes both domains by the same means from different rows.
    public init<Rows>(_ one: Rows, _ other: Rows, make: (Rows) throws -> Domain) rethrows {
        self.one = try make(one)
        self.other = try make(other)
    }

    /// Does the same job in both and tells where the runs can be told apart.
    public func differences(_ job: (Domain) throws -> Sighting) rethrows -> [String] {
        let first = try job(one)
        return try first.differences(from: job(other))
    }

    /// The same for several jobs after each other, so that traces of earlier ones are seen in later ones.
    public func differences<Job>(_ jobs: [Job], _ run: (Domain, Job) throws -> Sighting) rethrows -> [String] {
        try jobs.enumerated().flatMap { number, job in
            try differences { try run($0, job) }.map { "job \(number): " + $0 }
        }
    }
}
