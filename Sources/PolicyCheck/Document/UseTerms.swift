// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// What a grant is for: the lines of a product, or of a standing approval, that bind every run under it.
public struct UseTerms: Sendable, Hashable {
    public let purpose: String?
    public let scenario: String?
    public let recipients: [String]
    public let form: ProductForm?
    public let category: String?
    /// First and last day of use, `yyyy-MM-dd`, both included; nil: no such line.
    public let validFrom: String?
    public let validUntil: String?
    /// How often it may run; nil: no such line.
    public let runs: Int64?
    public let dataEpoch: DataEpoch

    /// Terms that say nothing.
    public static let empty = UseTerms(
        purpose: nil, scenario: nil, recipients: [], form: nil, category: nil, validFrom: nil, validUntil: nil, runs: nil, dataEpoch: .latest)

    private init(
        purpose: String?, scenario: String?, recipients: [String], form: ProductForm?, category: String?, validFrom: String?,
        validUntil: String?, runs: Int64?, dataEpoch: DataEpoch
    ) {
        self.purpose = purpose
        self.scenario = scenario
        self.recipients = recipients
        self.form = form
        self.category = category
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.runs = runs
        self.dataEpoch = dataEpoch
    }

    /// The terms of a canonical product document. Throws `policy.validity-order` when the days of use end before they begin.
    public init(product document: JSONValue) throws(PolicyError) {
        var members: [String: JSONValue] = [:]
        for name in Self.names { if let value = document[name] { members[name] = value } }
        try self.init(json: .object(members))
    }

    /// The terms of a canonical standing approval: its last day is `expires`; its runs are counted by itself.
    public init(standing document: JSONValue) throws(PolicyError) {
        var members: [String: JSONValue] = [:]
        for name in ["purpose", "scenario", "recipients", "valid_from"] { if let value = document[name] { members[name] = value } }
        members["valid_until"] = document["expires"]
        try self.init(json: .object(members))
    }

    /// Terms as `json` writes them.
    public init(json: JSONValue) throws(PolicyError) {
        var members = try DocumentMembers(json, place: "product")
        purpose = try members.text("purpose")
        scenario = try members.text("scenario")
        recipients = try members.texts("recipients") ?? []
        form = try members.word("form", ProductForm.self)
        category = try members.text("category")
        validFrom = try members.day("valid_from")
        validUntil = try members.day("valid_until")
        runs = try members.integer("runs")
        dataEpoch = try DataEpoch(try members.texts("data_epoch"), place: members.place + ".data_epoch")
        try members.finish()
        if let validFrom, let validUntil, validUntil < validFrom { throw PolicyError(.validityOrder, validFrom, validUntil) }
    }

    /// Names of the lines in canonical documents.
    static let names = ["purpose", "scenario", "recipients", "form", "category", "valid_from", "valid_until", "runs", "data_epoch"]

    /// The lines that are there, the same for the same terms.
    public var json: JSONValue {
        var members: [String: JSONValue] = [:]
        members["purpose"] = purpose.map { .string($0) }
        members["scenario"] = scenario.map { .string($0) }
        if !recipients.isEmpty { members["recipients"] = .array(recipients.map { .string($0) }) }
        members["form"] = form.map { .string($0.rawValue) }
        members["category"] = category.map { .string($0) }
        members["valid_from"] = validFrom.map { .string($0) }
        members["valid_until"] = validUntil.map { .string($0) }
        members["runs"] = runs.map { .integer($0) }
        if dataEpoch != .latest { members["data_epoch"] = .array(dataEpoch.words.map { .string($0) }) }
        return .object(members)
    }
}

/// Which versions of the tables a product reads 数据期次.
public enum DataEpoch: Sendable, Hashable {
    /// The newest at the start of each run.
    case latest
    /// Those that were the newest when it was submitted, which is what signatures are under.
    case asApproved
    /// The newest that was loaded for one of these periods and rests on no other.
    case periods([String])

    static let latestWord = "latest"
    static let asApprovedWord = "as_approved"

    init(_ words: [String]?, place: String) throws(PolicyError) {
        switch words {
        case nil, [Self.latestWord]: self = .latest
        case [Self.asApprovedWord]: self = .asApproved
        case let words?:
            guard !words.isEmpty, !words.contains(Self.latestWord), !words.contains(Self.asApprovedWord) else { throw PolicyError(.badDocument, place) }
            self = .periods(words)
        }
    }

    /// As they stand in canonical documents.
    public var words: [String] {
        switch self {
        case .latest: [Self.latestWord]
        case .asApproved: [Self.asApprovedWord]
        case .periods(let periods): periods
        }
    }
}

/// In which form a product leaves.
public enum ProductForm: String, Sendable, Hashable, CaseIterable {
    case api, dataset, model, report, index

    public var chinese: String {
        switch self {
        case .api: "接口"
        case .dataset: "数据集"
        case .model: "算法模型"
        case .report: "报告"
        case .index: "指数"
        }
    }

    /// Both names, for messages.
    var label: String { chinese + " " + rawValue }
}

extension DocumentMembers {
    /// A day, `yyyy-MM-dd`.
    mutating func day(_ name: String) throws(PolicyError) -> String? {
        guard let text = try text(name) else { return nil }
        guard case .value = ScalarForm.date.read(text) else { throw PolicyError(.badDocument, place + "." + name) }
        return text
    }
}
