// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// For what a table may be used at all, or what a baseline lets any table be used for: the lines of `use_for`. What is not said is not limited.
public struct UseLimits: Sendable, Hashable {
    public private(set) var lists: [UseLine: [String]] = [:]
    /// Last day, `yyyy-MM-dd`, that a grant may reach.
    public private(set) var until: String?
    /// Owner of each line, by its English key.
    public private(set) var owners: [String: String] = [:]

    init() {}

    init(_ members: consuming DocumentMembers) throws(PolicyError) {
        for line in UseLine.allCases {
            guard let words = try members.texts(line.rawValue) else { continue }
            guard !words.isEmpty else { throw PolicyError(.badDocument, members.place + "." + line.rawValue) }
            if line == .forms, !words.allSatisfy({ ProductForm(rawValue: $0) != nil }) {
                throw PolicyError(.badDocument, members.place + "." + line.rawValue)
            }
            lists[line] = words
        }
        until = try members.day("until")
        try members.finish()
    }

    /// A table's lines under those of its baseline: what the table leaves out is the baseline's; a line that reaches further is an error.
    static func effective(
        _ own: UseLimits, unit: String, under floor: UseLimits, baseline: String, table: String
    ) throws(PolicyError) -> UseLimits {
        var limits = own
        for line in UseLine.allCases {
            guard let words = own.lists[line] else {
                limits.lists[line] = floor.lists[line]
                limits.owners[line.rawValue] = floor.lists[line] == nil ? nil : baseline
                continue
            }
            limits.owners[line.rawValue] = unit
            guard let allowed = floor.lists[line] else { continue }
            let further = words.filter { !allowed.contains($0) }
            guard further.isEmpty else {
                throw PolicyError(
                    .loosens, table, "use_for." + line.rawValue, unit, further.joined(separator: ", "), baseline, allowed.joined(separator: ", "))
            }
        }
        guard let day = own.until else {
            limits.until = floor.until
            limits.owners["until"] = floor.until == nil ? nil : baseline
            return limits
        }
        limits.owners["until"] = unit
        if let last = floor.until, last < day { throw PolicyError(.loosens, table, "use_for.until", unit, day, baseline, last) }
        return limits
    }

    /// The lines, each with its owner.
    func effectiveLines(_ unit: String) -> [EffectiveLine] {
        var lines: [EffectiveLine] = []
        for line in UseLine.allCases {
            guard let words = lists[line] else { continue }
            lines.append(
                EffectiveLine(text: "use_for.\(line.rawValue): [" + words.joined(separator: ", ") + "]", owner: owners[line.rawValue] ?? unit))
        }
        if let until { lines.append(EffectiveLine(text: "use_for.until: " + until, owner: owners["until"] ?? unit)) }
        return lines
    }
}

/// The lines of `use_for` that are lists; the raw value is the English key.
public enum UseLine: String, Sendable, Hashable, CaseIterable {
    case purposes, scenarios, recipients, forms

    /// The product's line that is held against it, in both languages.
    var label: String {
        switch self {
        case .purposes: "用途 purpose"
        case .scenarios: "场景 scenario"
        case .recipients: "接收方 recipients"
        case .forms: "形式 form"
        }
    }
}
