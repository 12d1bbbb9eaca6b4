// SPDX-License-Identifier: Apache-2.0

internal import DisclosureControl
internal import PolicyCheck
internal import QueryPlan
internal import Tabular

/// What arithmetic makes of the cells of one released row. A sum is one known combination of unknown parts, a count too; an average with
/// its sixteen digits tells sum and count, and is taken for both.
struct LinearExamination {
    private let contributing: ContributingRows
    private let approved: ApprovedPlan
    private let schema: AttackSchema
    /// Coefficients of each sum or count, by column.
    private var coefficients: [[Rational]] = []
    /// What each column is made of: rows by measure.
    private var columns: [[String: [ContributingRows.Row]]] = []
    private let names: [String]

    private struct Number {
        let call: Int
        let isCount: Bool
    }

    init(_ contributing: ContributingRows, _ rows: [ContributingRows.Row], _ open: [Int], _ approved: ApprovedPlan, _ schema: AttackSchema) {
        self.contributing = contributing
        self.approved = approved
        self.schema = schema
        var numbers: [Number] = []
        for call in open {
            switch contributing.aggregation.calls[call].function {
            case .countRows, .count: numbers.append(Number(call: call, isCount: true))
            case .sum: numbers.append(Number(call: call, isCount: false))
            case .average: numbers += [Number(call: call, isCount: false), Number(call: call, isCount: true)]
            default: continue
            }
        }
        names = numbers.map { "o\(contributing.aggregation.keys.count + $0.call)" + ($0.isCount ? " counted" : "") }
        var places: [[Rational]: Int] = [:]
        for row in rows {
            for (measure, vector) in Self.parts(of: row, numbers) {
                guard let lead = vector.first(where: { !$0.isZero }) else { continue }
                let direction = vector.map { $0 / lead }
                let place = places[direction] ?? columns.count
                if place == columns.count {
                    places[direction] = place
                    columns.append([:])
                }
                columns[place][measure, default: []].append(row)
            }
        }
        let directions = places.sorted { $0.value < $1.value }.map(\.key)
        coefficients = numbers.indices.map { number in directions.map { $0[number] } }
    }

    /// For each measure that a row adds anywhere, its factor in each number.
    private static func parts(of row: ContributingRows.Row, _ numbers: [Number]) -> [String: [Rational]] {
        var parts: [String: [Rational]] = [:]
        for (position, number) in numbers.enumerated() {
            guard let part = row.parts[number.call] else { continue }
            let measure = number.isCount ? "1" : part.measure
            parts[measure, default: Array(repeating: .zero, count: numbers.count)][position] = number.isCount ? .one : part.factor
        }
        return parts
    }

    func findings() -> [(AttackFinding.Kind, String)] {
        guard coefficients.count > 1 else { return [] }
        let judge = Examination(contributing: contributing, approved: approved, released: [], schema: schema)
        let dominance = Dominance(contributing, schema, approved)
        for combination in Combinations(coefficients).smallest() {
            let used = combination.indices.filter { !combination[$0].isZero }
            let rows = used.flatMap { columns[$0].values.flatMap(\.self) }
            if let few = judge.few(contributing.entities(of: rows)) { return [(.combination, "\(text(used)): \(few)")] }
            guard let violation = dominated(used, dominance) else { continue }
            return [(.dominatedDifference, "\(text(used)): \(violation)")]
        }
        return []
    }

    /// Where all that is left is parts of one amount.
    private func dominated(_ used: [Int], _ dominance: Dominance) -> String? {
        let measures = Set(used.flatMap { columns[$0].keys })
        guard measures.count == 1, let measure = measures.first, measure != "1" else { return nil }
        let rows = used.flatMap { columns[$0][measure] ?? [] }
        let call = contributing.aggregation.calls.indices.first { call in rows.first?.parts[call]?.measure == measure }
        guard let call, coefficients.count > 1 else { return nil }
        return dominance.violation(of: rows, clamp: approved.rules.aggregates[call].clamp) { row in
            row.parts.first { $0?.measure == measure }??.value
        }
    }

    private func text(_ columns: [Int]) -> String { "columns \(columns) of \(names)" }
}

/// The concentration rules, with no code of the gate.
struct Dominance {
    private let contributing: ContributingRows
    private let approved: ApprovedPlan
    private let largest: Int?
    private let twoLargest: Int?

    init(_ contributing: ContributingRows, _ schema: AttackSchema, _ approved: ApprovedPlan) {
        self.contributing = contributing
        self.approved = approved
        let read = schema.tables.filter { table in contributing.references.contains { $0.table == table.name } }
        largest = read.compactMap(\.largest).min()
        twoLargest = read.compactMap(\.twoLargest).min()
    }

    func violation(of rows: [ContributingRows.Row], clamp: ReleaseRules.Clamp?, _ value: (ContributingRows.Row) -> Literal?) -> String? {
        guard largest != nil || twoLargest != nil else { return nil }
        let clamped = clamp.flatMap { clamp in clampedDimension(clamp).map { (clamp, $0) } }
        for dimension in contributing.dimensions.indices {
            var sums: [UInt64: Int128] = [:]
            for row in rows { if let entity = row.entities[dimension], let value = value(row) { sums[entity, default: 0] += Self.units(value) } }
            if let (clamp, place) = clamped, rows.allSatisfy({ $0.entities[place] == $0.entities[dimension] }) {
                sums = sums.mapValues { min(max($0, clamp.lower), clamp.upper) }
            }
            let sizes = sums.values.map(abs).sorted(by: >)
            let total = sizes.reduce(0, +)
            for (count, share) in [(1, largest), (2, twoLargest)] {
                guard let share else { continue }
                if sizes.prefix(count).reduce(0, +) * 100 > total * Int128(share) {
                    return "\(count) of \(sizes.count) entities (\(contributing.dimensions[dimension].entity)) make up more than \(share) percent"
                }
            }
        }
        return nil
    }

    private func clampedDimension(_ clamp: ReleaseRules.Clamp) -> Int? {
        let source = approved.dimensions[clamp.dimension]
        guard case .entity(let type, _) = source.kind else { return nil }
        return contributing.dimensions.firstIndex { $0.reference == source.reference && $0.entity == type }
    }

    static func units(_ value: Literal) -> Int128 {
        switch value {
        case .int64(let number): Int128(number)
        case .decimal(let units, _): units
        case .null, .bool, .double, .date, .timestamp, .text: 0
        }
    }
}
