// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

/// Puts one column together: its own lines under those of its data element, each line no weaker than the one above.
struct ColumnResolver {
    let table: String
    let unit: String
    let baselineName: String
    let elements: [String: UseLines]
    let isOpen: Bool
    /// Key columns of the table's entities with the entity's type.
    let entityColumns: [String: String]

    func resolve(_ json: JSONValue) throws(PolicyError) -> ColumnPolicy {
        var members = try DocumentMembers(json, place: table + ".columns")
        let name = try members.requiredText("name")
        let place = table + "." + name
        let isForbidden = try members.text("use") == "forbidden"
        let physicalName = try members.text("column") ?? name
        let elementName = try members.text("element")
        if let elementName, elements[elementName] == nil { throw PolicyError(.unknownElement, place, elementName) }
        let declared = try members.word("identifier", IdentifierKind.self)
        let isNullable = try members.flag("nullable") ?? isForbidden
        var own = try UseLines(&members)
        try members.finish()
        let element = elements[elementName ?? name]
        var owners: [String: String] = [:]
        if let element { try tighten(&own, under: element, place: place, owners: &owners) }
        let capabilities = isForbidden ? [] : own.capabilities ?? (isOpen ? Capability.all : [])
        let identifier = identifier(name, declared, capabilities)
        if declared != nil, entityColumns[name] == nil { throw PolicyError(.identifierWithoutEntity, place) }
        let type = try type(own, capabilities, identifier, place: place)
        owners["allow"] = owners["allow"] ?? unit
        let column = ColumnPolicy(
            name: name, physicalName: physicalName, type: type, isNullable: isNullable, identifier: identifier,
            entityType: identifier == nil ? nil : entityColumns[name], capabilities: capabilities, granularity: own.granularity,
            prefix: own.prefix, bounds: try bounds(own.bounds, type, place: place), formats: own.formats ?? [],
            excludedRows: own.excludedRows ?? [], codeList: own.codeList, restrictions: own.restrictions,
            element: element == nil ? nil : elementName ?? name,
            owners: owners.merging(["type": unit, "nullable": unit]) { first, _ in first },
            withheldByElement: element?.capabilities.map { Capability.all.subtracting($0) } ?? [],
            elementOwner: element == nil ? unit : baselineName)
        try ColumnRules.check(column, place: place, isOpen: isOpen)
        return column
    }

    /// An entity's key is an identifier, unless it is declared as none and used as an ordinary column.
    private func identifier(_ name: String, _ declared: IdentifierKind?, _ capabilities: Set<Capability>) -> IdentifierKind? {
        if let declared { return declared }
        guard entityColumns[name] != nil, !isOpen, capabilities.isSubset(of: [.join, .countDistinct]) else { return nil }
        return .key
    }

    private func tighten(
        _ own: inout UseLines, under element: UseLines, place: String, owners: inout [String: String]
    ) throws(PolicyError) {
        func loosened(_ line: String, _ mine: String, _ theirs: String) -> PolicyError {
            PolicyError(.loosens, place, line, unit, mine, baselineName, theirs)
        }
        if let theirs = element.type, let mine = own.type, mine != theirs { throw loosened("type", mine.name, theirs.name) }
        own.type = own.type ?? element.type
        if let theirs = element.capabilities {
            let excess = (own.capabilities ?? []).subtracting(theirs)
            if !excess.isEmpty {
                throw loosened(
                    "allow", excess.map(\.rawValue).sorted().joined(separator: ", "), theirs.map(\.rawValue).sorted().joined(separator: ", "))
            }
            if own.capabilities == nil { owners["allow"] = baselineName }
            own.capabilities = own.capabilities ?? theirs
        }
        var tightening = Tightening(unit: unit, baseline: baselineName, place: place)
        own.granularity = try tightening.tighter("granularity", own.granularity, element.granularity, { $0.isCoarse(as: $1) }, \.rawValue)
        own.prefix = try tightening.tighter("prefix", own.prefix, element.prefix, { $0 <= $1 }) { String($0) }
        own.bounds = try tightening.tighter("bounds", own.bounds, element.bounds, Self.lies) { $0.joined(separator: ", ") }
        try tightening.tighten(&own.restrictions, under: element.restrictions)
        owners.merge(tightening.owners) { _, new in new }
        if let theirs = element.excludedRows {
            owners["exclude_rows"] = own.excludedRows == nil ? baselineName : baselineName + ", " + unit
            let added = (own.excludedRows ?? []).filter { !theirs.contains($0) }
            own.excludedRows = theirs + added
        }
        own.formats = own.formats ?? element.formats
        own.codeList = own.codeList ?? element.codeList
    }

    private static func lies(_ inner: [String], _ outer: [String]) -> Bool {
        let inner = inner.compactMap { ExactDecimal.parse($0) }.map { ExactDecimal.rescale($0.units, from: $0.scale, to: 18) }
        let outer = outer.compactMap { ExactDecimal.parse($0) }.map { ExactDecimal.rescale($0.units, from: $0.scale, to: 18) }
        guard inner.count == 2, outer.count == 2, let low = inner[0], let high = inner[1], let least = outer[0], let most = outer[1] else {
            return false
        }
        return low >= least && high <= most
    }

    /// The declared type; dates and codes need not say what they are.
    private func type(
        _ own: UseLines, _ capabilities: Set<Capability>, _ identifier: IdentifierKind?, place: String
    ) throws(PolicyError) -> LogicalType {
        if let type = own.type { return type }
        if own.bounds != nil || !capabilities.isDisjoint(with: Capability.amounts), !isOpen { throw PolicyError(.missingType, place) }
        return own.granularity != nil || own.formats != nil ? .date : .text
    }

    private func bounds(_ texts: [String]?, _ type: LogicalType, place: String) throws(PolicyError) -> ColumnPolicy.Bounds? {
        guard let texts else { return nil }
        if type == .double, !isOpen { throw PolicyError(.floatingNumber, place) }
        guard type.isExactNumeric else { throw PolicyError(.lineNotForType, place, "bounds", type.name) }
        var units: [Int128] = []
        for text in texts {
            guard let (read, scale) = ExactDecimal.parse(text), scale <= type.scale,
                let unit = ExactDecimal.rescale(read, from: scale, to: type.scale)
            else { throw PolicyError(.badBounds, place) }
            units.append(unit)
        }
        guard units.count == 2, units[0] <= units[1], units[0] < units[1] || units[0] != 0 else { throw PolicyError(.badBounds, place) }
        return ColumnPolicy.Bounds(lower: units[0], upper: units[1])
    }
}

/// Lines of a column that must fit each other.
enum ColumnRules {
    static func check(_ column: ColumnPolicy, place: String, isOpen: Bool) throws(PolicyError) {
        let type = column.type
        let isDate = type == .date || type == .timestamp
        if column.granularity != nil, !isDate { throw PolicyError(.lineNotForType, place, "granularity", type.name) }
        if !column.formats.isEmpty, !isDate { throw PolicyError(.lineNotForType, place, "format", type.name) }
        if column.prefix != nil, type != .text { throw PolicyError(.lineNotForType, place, "prefix", type.name) }
        if !column.excludedRows.isEmpty, type != .text { throw PolicyError(.lineNotForType, place, "exclude_rows", type.name) }
        try check(column.restrictions, column, place: place)
        if isOpen { return }
        if column.capabilities.contains(.project) { throw PolicyError(.projectNotOpen, place) }
        if column.identifier != nil {
            let excess = column.capabilities.subtracting([.join, .countDistinct]).map(\.rawValue).sorted()
            if let first = excess.first { throw PolicyError(.identifierCapability, place, first) }
            return
        }
        if type == .double, !column.capabilities.isSubset(of: [.count]) { throw PolicyError(.floatingNumber, place) }
        if column.capabilities.contains(.filterRange), !isDate, !type.isExactNumeric {
            throw PolicyError(.lineNotForType, place, "allow: filter_range", type.name)
        }
        guard !column.capabilities.isDisjoint(with: Capability.amounts) else { return }
        guard type.isExactNumeric else { throw PolicyError(.lineNotForType, place, "allow: sum, average, variance", type.name) }
        if column.bounds == nil { throw PolicyError(.missingBounds, place) }
    }
    /// Steps are of the column's kind, and codes are texts or whole numbers.
    private static func check(_ restrictions: Restrictions, _ column: ColumnPolicy, place: String) throws(PolicyError) {
        func unfit(_ line: String) -> PolicyError { PolicyError(.lineNotForType, place, line, column.type.name) }
        if let codes = restrictions.codes {
            guard column.type == .text || column.type == .int64, codes.allSatisfy({ ParameterDomain.literal($0, column.type) != nil }) else {
                throw unfit("filter_codes")
            }
        }
        let steps = [("range_width", restrictions.rangeWidth), ("range_alignment", restrictions.rangeAlignment), ("band", restrictions.band)]
        for (line, step) in steps {
            switch step {
            case nil: continue
            case .number: if column.units(step) == nil { throw unfit(line) }
            case .days, .months: if line == "band" || column.type != .date && column.type != .timestamp { throw unfit(line) }
            }
        }
        if restrictions.isByChapter == true, column.type != .text { throw unfit("finest") }
        if column.identifier != nil, restrictions.functions?.isEmpty == false { throw unfit("functions") }
    }
}

extension ColumnPolicy {
    /// A step in units of the column's scale; nil where it is none of the column's numbers.
    func units(_ step: ParameterStep?) -> Int128? {
        guard case .number(let units, let scale)? = step, type.isExactNumeric, let found = ExactDecimal.rescale(units, from: scale, to: type.scale),
            ExactDecimal.rescale(found, from: type.scale, to: max(scale, type.scale)) == ExactDecimal.rescale(units, from: scale, to: max(scale, type.scale))
        else { return nil }
        return found
    }
}
