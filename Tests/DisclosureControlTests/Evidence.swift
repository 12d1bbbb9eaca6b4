// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular
import TestBasics
import TestSupport

/// Makes unreleased results the way an engine would, from plain rows.
struct Evidence {
    let rules: ReleaseRules
    /// One for all small results: mapping and locking pages is what takes time in these tests.
    private static let shared = ConfidentialArena(limitBytes: 512 << 20)
    let arena: ConfidentialArena

    init(_ rules: ReleaseRules, arena: ConfidentialArena? = nil) {
        self.rules = rules
        self.arena = arena ?? Self.shared
    }

    /// Groups the rows; `keyTypes` empty = one group in any case.
    func result(_ rows: [NaiveRow], keyTypes: [LogicalType], shuffledBy random: inout SplitMix64) -> UnreleasedResult {
        let counted = rows.filter { row in
            rules.dimensions.indices.allSatisfy { rules.dimensions[$0].mayBeAbsent || row.entities[$0] != nil }
        }
        var groups: [[Literal]: [NaiveRow]] = keyTypes.isEmpty ? [[]: []] : [:]
        for row in counted { groups[row.keys, default: []].append(row) }
        let order = groups.sorted { "\($0.key)" < "\($1.key)" }.shuffled(using: &random)
        return UnreleasedResult(
            rules: rules, groupCount: order.count,
            keys: keyTypes.indices.map { column in vector(keyTypes[column], order.map { $0.key[column] }) },
            aggregates: rules.aggregates.indices.map { cells(order.map(\.value), position: $0) },
            groupContributors: rules.dimensions.indices.map { contributors(order.map(\.value), dimension: $0) }, arena: arena)
    }

    private func cells(_ groups: [[NaiveRow]], position: Int) -> AggregateCells {
        let rule = rules.aggregates[position]
        let valued = groups.map { $0.filter { $0.arguments[position].value != .null } }
        return AggregateCells(
            value: buffer(valued.map { value($0, position) }), valueCount: buffer(valued.map { Int64($0.count) }),
            overflow: buffer(valued.map { _ in UInt8(0) }), openValues: nil,
            dimensions: rules.dimensions.indices.map { dimension in
                DimensionEvidence(
                    contributors: contributors(valued, dimension: dimension),
                    magnitudes: magnitudes(valued, position: position, dimension: dimension))
            },
            branchContributors: (0..<rule.branchCount).map { branch in
                let inside = groups.map { $0.filter { $0.arguments[position].branches.contains(branch) } }
                return rules.dimensions.indices.map { contributors(inside, dimension: $0) }
            })
    }

    private func value(_ rows: [NaiveRow], _ position: Int) -> Int128 {
        let rule = rules.aggregates[position]
        switch rule.kind {
        case .count: return Int128(rows.count)
        case .countDistinct: return Int128(Set(rows.map { $0.arguments[position].value }).count)
        case .sum, .average:
            if let clamp = rule.clamp { return merged(rows, position, clamp.dimension).reduce(0, +) }
            return rows.reduce(0) { $0 + units($1, position) }
        case .openValue: return 0
        }
    }

    private func magnitudes(_ groups: [[NaiveRow]], position: Int, dimension: Int) -> DimensionEvidence.Magnitudes? {
        switch rules.aggregates[position].kind {
        case .count, .countDistinct, .openValue: return nil
        case .sum, .average: break
        }
        let sorted = groups.map { merged($0, position, dimension).map { abs($0) }.sorted(by: >) }
        return DimensionEvidence.Magnitudes(
            largest: buffer(sorted.map { $0.first ?? 0 }), second: buffer(sorted.map { $0.dropFirst().first ?? 0 }),
            total: buffer(sorted.map { $0.reduce(0, +) }))
    }

    private func merged(_ rows: [NaiveRow], _ position: Int, _ dimension: Int) -> [Int128] {
        let present = rows.filter { $0.entities[dimension] != nil }
        let sums = Dictionary(grouping: present) { $0.entities[dimension] }.values.map { $0.reduce(0) { $0 + units($1, position) } }
        guard let clamp = rules.aggregates[position].clamp, clamp.dimension == dimension else { return sums }
        return sums.map { min(max($0, clamp.lower), clamp.upper) }
    }

    private func units(_ row: NaiveRow, _ position: Int) -> Int128 {
        if case .decimal(let units, _) = row.arguments[position].value { units } else { 0 }
    }

    private func contributors(_ groups: [[NaiveRow]], dimension: Int) -> UnsafeMutablePointer<Int64> {
        buffer(groups.map { Int64(Set($0.compactMap { $0.entities[dimension] }).count) })
    }

    func buffer<T: BitwiseCopyable>(_ values: [T]) -> UnsafeMutablePointer<T> {
        let memory = arena.allocate(T.self, count: values.count)!
        for (position, value) in values.enumerated() { memory[position] = value }
        return memory
    }

    func vector(_ type: LogicalType, _ values: [Literal]) -> ColumnVector {
        var dictionary: TextDictionary?
        let memory: UnsafeMutableRawPointer
        switch type.physical {
        case .bool: memory = .init(buffer(values.map { $0 == .bool(true) ? UInt8(1) : 0 }))
        case .int64: memory = .init(buffer(values.map { Int64(truncatingIfNeeded: Self.integer($0)) }))
        case .int128: memory = .init(buffer(values.map(Self.integer)))
        case .double: memory = .init(buffer(values.map(Self.floating)))
        case .entity: memory = .init(buffer(values.map { _ in UInt32(0) }))
        case .codes:
            let texts = values.map(Self.text)
            let distinct = Array(Set(texts).sorted().reversed())
            dictionary = self.dictionary(distinct)
            memory = .init(buffer(texts.map { UInt32(distinct.firstIndex(of: $0)!) }))
        }
        return ColumnVector(
            type: type, count: values.count, values: memory, validity: buffer(values.map { $0 == .null ? UInt8(0) : 1 }),
            dictionary: dictionary, arena: arena)
    }

    private func dictionary(_ entries: [String]) -> TextDictionary {
        var offsets: [UInt32] = [0]
        for entry in entries { offsets.append(offsets[offsets.count - 1] + UInt32(entry.utf8.count)) }
        return TextDictionary(
            count: entries.count, offsets: buffer(offsets), bytes: buffer(entries.flatMap { Array($0.utf8) }), arena: arena)
    }

    private static func floating(_ value: Literal) -> Double {
        if case .double(let number) = value { number } else { 0 }
    }

    private static func text(_ value: Literal) -> String {
        if case .text(let text) = value { text } else { "" }
    }

    private static func integer(_ value: Literal) -> Int128 {
        switch value {
        case .int64(let number), .date(let number), .timestamp(let number): Int128(number)
        case .decimal(let units, _): units
        case .null, .bool, .double, .text: 0
        }
    }
}
