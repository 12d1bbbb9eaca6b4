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

/// A level of a code list that is known by its form.
enum HierarchyLevel: Equatable {
    /// So many leading characters.
    case prefix(Int)
    /// Chapters of ICD-10, which are ranges of categories.
    case chapter

    init?(_ name: String, of codeList: String) {
        guard let level = Self.levels[codeList]?.first(where: { $0.names.contains(name) })?.level else { return nil }
        self = level
    }

    private static let levels: [String: [(names: [String], level: HierarchyLevel)]] = [
        "ICD-10": [(["章", "chapter"], .chapter), (["类目", "category"], .prefix(3))],
        "GB/T 2260": [
            (["省", "省级", "province"], .prefix(2)), (["市", "地级", "city"], .prefix(4)), (["县", "县级", "county"], .prefix(6)),
            (["乡镇", "乡级", "township"], .prefix(9)),
        ],
    ]
}
