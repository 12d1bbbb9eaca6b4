// SPDX-License-Identifier: Apache-2.0

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
