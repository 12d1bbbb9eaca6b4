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
    var restrictions = Restrictions()

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
        restrictions = try Restrictions(&members)
        try readHierarchy(&members)
    }

    /// The finest level of a hierarchy: as many characters of the code, or the chapters of ICD-10.
    private mutating func readHierarchy(_ members: inout DocumentMembers) throws(PolicyError) {
        let levels = try members.texts("hierarchy")
        guard let finest = try members.text("finest") else { return }
        guard levels?.contains(finest) ?? true, let codeList, let level = HierarchyLevel(finest, of: codeList) else {
            throw PolicyError(.notAvailable, "finest: " + finest, members.place)
        }
        switch level {
        case .prefix(let length):
            prefix = min(prefix ?? length, length)
            restrictions.isByChapter = false
        case .chapter: restrictions.isByChapter = true
        }
    }
}
