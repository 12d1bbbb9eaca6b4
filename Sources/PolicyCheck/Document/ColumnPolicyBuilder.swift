// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

/// Merges the lines of one column with its data element: the unit may narrow what the element gives, never widen it.
struct ColumnPolicyBuilder {
    let table: String
    let unit: String
    let name: String
    let isOpen: Bool
    let entities: [EntityDeclaration]
    let baseline: Baseline?

    func build(_ json: JSONValue) throws(PolicyError) -> ColumnPolicy {
        let own: JSONValue = json.text == "forbidden" ? ["allow": []] : json
        let element = try element(of: own)
        let capabilities = try capabilities(own, element)
        let type = try type(own, element, capabilities)
        let entityType = entities.compactMap { if case .key(let type, name) = $0 { type } else { nil } }.first
        let identifier = try identifier(own, type, entityType, capabilities)
        let bounds = try bounds(own, element, type)
        let policy = ColumnPolicy(
            name: name, physicalName: own["column"]?.text ?? name, type: type,
            isNullable: own["nullable"]?.text == "true" || (own["nullable"] == nil && (element["nullable"]?.text == "true" || entityType != nil)),
            identifier: identifier, entityType: entityType, capabilities: capabilities, granularity: try granularity(own, element),
            prefix: try prefix(own, element), bounds: bounds, formats: texts(own["format"]) ?? texts(element["format"]) ?? [],
            excludedRows: try excluded(own, element), owners: owners(own, element))
        try check(policy)
        return policy
    }

    private func element(of own: JSONValue) throws(PolicyError) -> JSONValue {
        if let named = own["element"]?.text {
            guard let element = baseline?.elements[named] else { throw PolicyError(.unknownElement, table, name, named) }
            return element
        }
        return baseline?.elements[name] ?? .null
    }

    private func capabilities(_ own: JSONValue, _ element: JSONValue) throws(PolicyError) -> Set<Capability> {
        let ownSet = texts(own["allow"]).map { Set($0.compactMap(Capability.init(rawValue:))) }
        let elementSet = texts(element["allow"]).map { Set($0.compactMap(Capability.init(rawValue:))) }
        if let ownSet, let elementSet {
            guard ownSet.isSubset(of: elementSet) else { throw loosens("allow") }
            return ownSet
        }
        if isOpen { return ownSet ?? Set(Capability.allCases) }
        let result = ownSet ?? elementSet ?? []
        guard !result.contains(.project) else { throw PolicyError(.openOnly, table + "." + name, Capability.project.rawValue) }
        return result
    }

    private func type(_ own: JSONValue, _ element: JSONValue, _ capabilities: Set<Capability>) throws(PolicyError) -> LogicalType {
        func read(_ json: JSONValue?) throws(PolicyError) -> LogicalType? {
            guard let text = json?.text else { return nil }
            guard let type = LogicalType(name: text) else { throw PolicyError(.unknownType, table, name) }
            return type
        }
        let ownType = try read(own["type"])
        let elementType = try read(element["type"])
        if let ownType, let elementType, ownType != elementType { throw loosens("type") }
        // Units' documents may leave types out: dates have a format or a granularity, amounts are added up, the rest is text.
        let isDate = own["format"] != nil || element["format"] != nil || own["granularity"] != nil || element["granularity"] != nil
        let isAmount = !isOpen && !capabilities.isDisjoint(with: [.sum, .average])
        return ownType ?? elementType ?? (isDate ? .date : isAmount ? .decimal(precision: 18, scale: 2) : .text)
    }

    /// Identifier columns exist inside as numbers only. An entity column that may also be grouped or compared stays a text with its numbers beside it.
    private func identifier(
        _ own: JSONValue, _ type: LogicalType, _ entityType: String?, _ capabilities: Set<Capability>
    ) throws(PolicyError) -> IdentifierKind? {
        let numberOnly: Set<Capability> = [.join, .countDistinct]
        if let declared = own["identifier"]?.text.flatMap(IdentifierKind.init(rawValue:)) {
            guard entityType != nil else { throw PolicyError(.entityColumn, table, name) }
            if let extra = capabilities.subtracting(numberOnly).min() { throw PolicyError(.identifierCapability, table, name, extra.rawValue) }
            return declared
        }
        return entityType != nil && capabilities.isSubset(of: numberOnly) ? .key : nil
    }

    private func granularity(_ own: JSONValue, _ element: JSONValue) throws(PolicyError) -> Granularity? {
        let ownValue = own["granularity"]?.text.flatMap(Granularity.init(rawValue:))
        let elementValue = element["granularity"]?.text.flatMap(Granularity.init(rawValue:))
        if let ownValue, let elementValue, ownValue < elementValue { throw loosens("granularity") }
        return ownValue ?? elementValue
    }

    private func prefix(_ own: JSONValue, _ element: JSONValue) throws(PolicyError) -> Int? {
        func read(_ json: JSONValue) throws(PolicyError) -> Int? {
            if let finest = json["finest"]?.text {
                // Categories of ICD-10 are its first three characters; coarser levels need the code list itself.
                guard finest == "类目" || finest == "category", texts(json["codes"])?.first?.hasPrefix("ICD-10") == true else {
                    throw PolicyError(.notInThisVersion, table + "." + name, "finest: " + finest)
                }
                return 3
            }
            guard let text = json["prefix"]?.text else { return nil }
            guard let count = Int(text), (1...64).contains(count) else { throw PolicyError(.badValue, table, name + ".prefix") }
            return count
        }
        let ownValue = try read(own)
        let elementValue = try read(element)
        if let ownValue, let elementValue, ownValue > elementValue { throw loosens("prefix") }
        return ownValue ?? elementValue
    }

    private func bounds(_ own: JSONValue, _ element: JSONValue, _ type: LogicalType) throws(PolicyError) -> ColumnPolicy.Bounds? {
        func read(_ json: JSONValue?) throws(PolicyError) -> ColumnPolicy.Bounds? {
            guard let listed = texts(json) else { return nil }
            let units = listed.compactMap { text in
                ExactDecimal.parse(text).flatMap { ExactDecimal.rescale($0.units, from: $0.scale, to: max($0.scale, type.scale)).map { ($0, max(type.scale, ExactDecimal.parse(text)?.scale ?? 0)) } }
            }.compactMap { ExactDecimal.rescale($0.0, from: $0.1, to: type.scale) }
            guard listed.count == 2, units.count == 2, units[0] <= units[1] else { throw PolicyError(.badValue, table, name + ".bounds") }
            return ColumnPolicy.Bounds(lower: units[0], upper: units[1])
        }
        let ownValue = try read(own["bounds"])
        let elementValue = try read(element["bounds"])
        if let ownValue, let elementValue, ownValue.lower < elementValue.lower || ownValue.upper > elementValue.upper { throw loosens("bounds") }
        return ownValue ?? elementValue
    }

    /// Excluded rows add up over the layers.
    private func excluded(_ own: JSONValue, _ element: JSONValue) throws(PolicyError) -> CodeRanges? {
        let listed = (texts(own["exclude_rows"]) ?? []) + (texts(element["exclude_rows"]) ?? [])
        guard !listed.isEmpty else { return nil }
        var ranges: [CodeRanges.CodeRange] = []
        for text in listed {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { TablePolicyBuilder.trimmed($0) }
            guard (1...2).contains(parts.count), let lower = parts.first, let upper = parts.last, !lower.isEmpty, !upper.isEmpty,
                lower.unicodeScalars.count == upper.unicodeScalars.count, !upper.utf8.lexicographicallyPrecedes(lower.utf8)
            else { throw PolicyError(.badValue, table, name + ".exclude_rows") }
            ranges.append(CodeRanges.CodeRange(lower: lower, upper: upper))
        }
        return CodeRanges(ranges: ranges)
    }

    private func owners(_ own: JSONValue, _ element: JSONValue) -> [String: String] {
        var owners = ["column": unit]
        for key in ["allow", "type", "granularity", "prefix", "finest", "bounds", "exclude_rows", "format"] {
            if own[key] != nil { owners[key] = unit } else if element[key] != nil { owners[key] = baseline?.name ?? unit }
        }
        if let finest = owners["finest"] { owners["prefix"] = finest }
        return owners
    }

    private func check(_ column: ColumnPolicy) throws(PolicyError) {
        let place = table + "." + name
        let sums: Set<Capability> = [.sum, .average]
        if column.excludedRows != nil, column.type != .text { throw PolicyError(.capabilityType, place, "exclude_rows", column.type.name) }
        if column.prefix != nil, column.type != .text { throw PolicyError(.capabilityType, place, "prefix", column.type.name) }
        if column.granularity != nil, column.type != .date, column.type != .timestamp {
            throw PolicyError(.capabilityType, place, "granularity", column.type.name)
        }
        guard !isOpen else { return }
        if !column.capabilities.isDisjoint(with: sums) {
            if column.type == .double { throw PolicyError(.doubleProtected, place) }
            guard column.type.isExactNumeric else { throw PolicyError(.capabilityType, place, Capability.sum.rawValue, column.type.name) }
            guard column.bounds != nil else { throw PolicyError(.needsBounds, place) }
        }
        if column.capabilities.contains(.filterRange) {
            switch column.type {
            case .int64, .decimal, .date, .timestamp: break
            case .bool, .double, .text, .entity, .null: throw PolicyError(.capabilityType, place, Capability.filterRange.rawValue, column.type.name)
            }
        }
    }

    private func loosens(_ key: String) -> PolicyError { PolicyError(.loosens, table, name + "." + key, unit, baseline?.name ?? "") }

    private func texts(_ json: JSONValue?) -> [String]? { json?.elements.map { $0.compactMap(\.text) } }
}
