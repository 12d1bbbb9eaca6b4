// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

/// Documents with grants written into them: into the column, and into its data element where that holds the column back.
struct GrantedDocuments {
    private let originals: [JSONValue]
    private let policies: PolicySet
    private(set) var documents: [JSONValue]
    /// Objects that were changed: the document, where in it, and what to call it.
    private var edited: [Place] = []

    private struct Place: Hashable {
        let document: Int
        let path: [String]
        let owner: String
        let subject: String
        let isOfElement: Bool
    }

    init(_ documents: [JSONValue], _ policies: PolicySet) {
        originals = documents
        self.documents = documents
        self.policies = policies
    }

    func applying(_ grants: [Grant]) -> GrantedDocuments {
        var changed = self
        for grant in grants { changed.apply(grant) }
        return changed
    }

    /// Lines that differ from the documents as they were, in order of owner, subject, key.
    var lines: [GrantLine] {
        let lines = edited.flatMap { place in
            let before = originals[place.document].object(at: place.path)
            let after = documents[place.document].object(at: place.path)
            return Self.keys.filter { before?[$0] != after?[$0] }.map { key in
                GrantLine(
                    owner: place.owner, subject: place.subject, isOfElement: place.isOfElement, key: key, value: after?[key]?.lineText,
                    previous: before?[key]?.lineText)
            }
        }
        return lines.sorted { ($0.owner, $0.subject, $0.key) < ($1.owner, $1.subject, $1.key) }
    }

    private static let keys = ["type", "allow", "granularity", "prefix", "finest"] + Restrictions.keys

    // MARK: Writing

    private mutating func apply(_ grant: Grant) {
        guard let table = policies.table(grant.table), let column = table.column(grant.column), let own = place(of: column, in: table),
            var line = documents[own.document].object(at: own.path)?.members
        else { return }
        let above = place(ofElementOf: column, in: table)
        let element = above.flatMap { documents[$0.document].object(at: $0.path)?.members }
        // What the column leaves to its element is the element's to say.
        if let above, var element, element.states(grant.change) {
            if element.widen(grant.change, typed: line["type"] == nil ? column.type : nil) { write(element, above) }
            guard line.states(grant.change) else { return }
        }
        let typed = line["type"] == nil && element?["type"] == nil ? column.type : nil
        if line.widen(grant.change, typed: typed) { write(line, own) }
    }

    /// Whether the owner forbids the column in so many words.
    func isForbidden(_ grant: Grant) -> Bool {
        guard let table = policies.table(grant.table), let column = table.column(grant.column), let own = place(of: column, in: table)
        else { return false }
        return documents[own.document].object(at: own.path)?["use"] != nil
    }

    private mutating func write(_ members: [String: JSONValue], _ place: Place) {
        documents[place.document] = documents[place.document].replacing(place.path[...], with: .object(members))
        if !edited.contains(place) { edited.append(place) }
    }

    // MARK: Places

    private func place(of column: ColumnPolicy, in table: TablePolicy) -> Place? {
        for (index, document) in documents.enumerated() {
            let path: [String]
            if document["kind"]?.text == DocumentKind.table.rawValue, document["table"]?.text == table.name {
                path = ["columns", column.name]
            } else if document["kind"]?.text == DocumentKind.unit.rawValue, document["tables"]?[table.name] != nil {
                path = ["tables", table.name, "columns", column.name]
            } else {
                continue
            }
            return Place(document: index, path: path, owner: table.unit, subject: table.name + "." + column.name, isOfElement: false)
        }
        return nil
    }

    private func place(ofElementOf column: ColumnPolicy, in table: TablePolicy) -> Place? {
        guard let baseline = table.baseline, let element = column.element else { return nil }
        for (index, document) in documents.enumerated()
        where document["kind"]?.text == DocumentKind.baseline.rawValue && document["baseline"]?.text == baseline {
            return Place(document: index, path: ["elements", element], owner: baseline, subject: element, isOfElement: true)
        }
        return nil
    }
}

extension [String: JSONValue] {
    /// Whether the lines of a column or data element say anything about this.
    fileprivate func states(_ change: Grant.Change) -> Bool {
        switch change {
        case .allow: self["allow"] != nil
        case .granularity: self["granularity"] != nil
        case .prefix: self["prefix"] != nil || self["finest"] != nil
        case .line(let key, _): self[key] != nil
        }
    }

    /// Makes what is stated wide enough and says whether anything changed; what is wide enough already stays. Where nothing is stated
    /// nothing restrains, but that no capability is there.
    ///
    /// - Parameter type: what to state in its place when the granularity goes, which also says that the column is a date.
    fileprivate mutating func widen(_ change: Grant.Change, typed type: LogicalType?) -> Bool {
        switch change {
        case .allow(let capability):
            let words = self["allow"]?.elements ?? []
            guard !words.contains(.string(capability.rawValue)) else { return false }
            self["allow"] = .array(words + [.string(capability.rawValue)])
        case .granularity(let granularity):
            guard let stated = self["granularity"]?.text.flatMap({ Granularity(rawValue: $0) }) else { return false }
            if let granularity, granularity.isCoarse(as: stated) { return false }
            self["granularity"] = granularity.map { .string($0.rawValue) }
            if granularity == nil, self["type"] == nil, self["format"] == nil, let type { self["type"] = .string(type.name) }
        case .prefix(let length):
            guard states(change) else { return false }
            let stated = Swift.min(self["prefix"]?.number ?? .max, finestPrefix ?? .max)
            if let length, stated >= Int64(length) { return false }
            self["finest"] = nil
            self["prefix"] = length.map { .integer(Int64($0)) }
        case .line(let key, let value):
            guard let stated = self[key] else { return false }
            let new = value.map { texts in texts.map { JSONValue.string($0) } }
            if let old = stated.elements {
                // A list that has them all stays.
                if let new, new.allSatisfy(old.contains) { return false }
                self[key] = new.map { .array(old + $0.filter { !old.contains($0) }) }
                return true
            }
            // A step that is loose enough already stays.
            if let new = value?.first.flatMap({ ParameterStep(text: $0) }), let old = stated.text.flatMap({ ParameterStep(text: $0) }),
                key == "range_width" ? new.isNoShorter(than: old) : new.isMultiple(of: old)
            {
                return false
            }
            self[key] = new?.first
        }
        return true
    }

    /// Characters of the finest level.
    private var finestPrefix: Int64? {
        guard let finest = self["finest"]?.text, case .prefix(let length)? = self["codes"]?.text.flatMap({ HierarchyLevel(finest, of: $0) }) else {
            return nil
        }
        return Int64(length)
    }
}

extension JSONValue {
    /// The object at a path; elements of `columns` are found by their names.
    fileprivate func object(at path: [String]) -> JSONValue? {
        path.reduce(Optional(self)) { value, name in
            guard let elements = value?.elements else { return value?[name] }
            return elements.first { $0["name"]?.text == name }
        }
    }

    fileprivate func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONValue {
        guard let name = path.first else { return value }
        switch self {
        case .object(var members):
            members[name] = members[name]?.replacing(path.dropFirst(), with: value)
            return .object(members)
        case .array(let elements):
            return .array(elements.map { $0["name"]?.text == name ? $0.replacing(path.dropFirst(), with: value) : $0 })
        case .null, .bool, .integer, .string: return self
        }
    }

    /// As it stands behind its key in a document.
    fileprivate var lineText: String {
        switch self {
        case .array(let elements): "[" + elements.map(\.lineText).joined(separator: ", ") + "]"
        case .string(let text): text.contains(",") ? "\"" + text + "\"" : text
        case .null, .bool, .integer, .object: canonicalText
        }
    }
}

extension NewUse {
    /// What the columns of one set may be used for and those of the other may not.
    static func uses(of granted: PolicySet, notOf policies: PolicySet) -> [NewUse] {
        granted.tableNames.sorted().flatMap { name in
            (granted.table(name)?.columns ?? []).flatMap { column in
                let before = policies.table(name)?.column(column.name)
                let owner = granted.table(name)?.unit ?? ""
                func use(_ change: Grant.Change) -> NewUse { NewUse(column: name + "." + column.name, owner: owner, change: change) }
                let capabilities = Capability.allCases.filter {
                    column.capabilities.contains($0) && before?.capabilities.contains($0) != true
                }
                var uses = capabilities.map { use(.allow($0)) }
                if let before, before.granularity != column.granularity { uses.append(use(.granularity(column.granularity))) }
                if let before, before.prefix != column.prefix { uses.append(use(.prefix(column.prefix))) }
                for line in before?.restrictions.lines ?? [] {
                    let now = column.restrictions.lines.first { $0.key == line.key }?.text
                    if now != line.text { uses.append(use(.line(line.key, now.map { [$0] }))) }
                }
                return uses
            }
        }
    }
}
