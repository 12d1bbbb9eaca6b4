// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

/// What a data element or a column says about use, before layers are put together.
struct UseLines {
    var type: LogicalType?
    var capabilities: Set<Capability>?
    var granularity: Granularity?
    var prefix: Int?
    var formats: [String]?
    var bounds: [String]?
    var excludedRows: [RowExclusion]?
    var codeList: String?

    init() {}

    /// Reads the members of useKeys; the caller finishes.
    init(_ members: inout DocumentMembers) throws(PolicyError) {
        if let text = try members.text("type") {
            guard let type = LogicalType(name: text) else { throw PolicyError(.badDocument, members.place + ".type") }
            self.type = type
        }
        if let words = try members.texts("allow") {
            var capabilities: Set<Capability> = []
            for word in words {
                guard let capability = Capability(rawValue: word) else { throw PolicyError(.badDocument, members.place + ".allow") }
                capabilities.insert(capability)
            }
            self.capabilities = capabilities
        }
        granularity = try members.word("granularity", Granularity.self)
        prefix = try members.integer("prefix").map { Int($0) }
        formats = try members.texts("format")
        bounds = try members.texts("bounds")
        if let codes = try members.texts("exclude_rows") {
            excludedRows = []
            for code in codes {
                guard let exclusion = RowExclusion(text: code) else { throw PolicyError(.badDocument, members.place + ".exclude_rows") }
                excludedRows?.append(exclusion)
            }
        }
        codeList = try members.text("codes")
        try readHierarchy(&members)
    }

    /// The finest level of a hierarchy is a prefix of the code, which is known for the categories of ICD-10 only.
    private mutating func readHierarchy(_ members: inout DocumentMembers) throws(PolicyError) {
        let levels = try members.texts("hierarchy")
        guard let finest = try members.text("finest") else { return }
        guard levels?.contains(finest) ?? true, codeList == "ICD-10", finest == "类目" || finest == "category" else {
            throw PolicyError(.notAvailable, "finest: " + finest, members.place)
        }
        prefix = min(prefix ?? 3, 3)
    }
}
