// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Foundation
import Tabular

/// Checks reference files about cell rules and rounding: contributions with textbook verdicts (`*_cells.csv` beside
/// `*_expected.json`), deterministic rounding (heading `x,…`), probabilities of random rounding (heading `base,residual,…`).
/// What a column demands, parameters included, is read from its name; a name that is not understood counts as failed.
enum SDCVectors {
    /// What was compared: cases that agreed, and one line for each that did not.
    struct Outcome {
        var agreedCount = 0
        var failures: [String] = []

        mutating func note(_ place: String, _ differing: [String]) {
            if differing.isEmpty { agreedCount += 1 } else { failures.append("\(place): \(differing.joined(separator: ", "))") }
        }
    }

    /// Nil when the file is of none of these formats. `read` gives the bytes of a file in the same folder.
    static func check(_ name: String, read: (String) -> [UInt8]?) -> Outcome? {
        guard let bytes = read(name) else { return nil }
        if name.hasSuffix(".csv") {
            let table = Table(bytes)
            if table.heading.first == "x" { return checkRounding(table) }
            if table.heading == ["base", "residual", "p_down", "p_up"] { return checkProbabilities(table) }
            return nil
        }
        guard name.hasSuffix("_expected.json"), let tree = try? JSONDecoder().decode(Tree.self, from: Data(bytes)),
            let cells = tree["cells"]?.elements, cells.contains(where: { $0["textbook"] != nil })
        else { return nil }
        let companion = name.dropLast("expected.json".count) + "cells.csv"
        guard let values = read(String(companion)) else { return Outcome(failures: ["\(companion) is missing"]) }
        return checkCells(cells, values: Table(values))
    }
}

// MARK: Cells

extension SDCVectors {
    private static func checkCells(_ cells: [Tree], values table: Table) -> Outcome {
        let values = Dictionary(grouping: table.rows) { $0.first ?? "" }
        var outcome = Outcome()
        for cell in cells {
            let name = cell["cell"]?.text ?? ""
            guard let fields = values[name], let judged = JudgedCell(fields.map { $0.last ?? "" }) else {
                outcome.note(name, ["contributions are missing or no numbers"])
                continue
            }
            let textbook = cell["textbook"]?.members ?? [:]
            let differing = textbook.keys.sorted().filter { key in
                textbook[key].map { !judged.agrees($0, on: key) } ?? true
            }
            outcome.note(name, textbook.isEmpty ? ["textbook"] : differing)
        }
        return outcome
    }

    /// One cell with exact contributions in units of 10^-scale.
    private struct JudgedCell {
        let contributions: CellContributions
        let unit: Int128

        init?(_ texts: [String]) {
            let numbers = texts.map(SDCVectors.decimal)
            let scale = numbers.reduce(0) { max($0, $1?.scale ?? 0) }
            let units = numbers.compactMap { $0 }.compactMap { ExactDecimal.rescale($0.units, from: $0.scale, to: scale) }
            guard units.count == texts.count, let contributions = CellContributions(units), let unit = ExactDecimal.power(scale)
            else { return nil }
            self.contributions = contributions
            self.unit = unit
        }

        func agrees(_ expected: Tree, on key: String) -> Bool {
            switch key {
            case "n": return expected == .number(Double(contributions.count))
            case "sum": return expected.text != nil && expected.text == ExactFraction(contributions.sum, over: unit)?.text
            case "negatives": return expected == .flag(contributions.hasNegative)
            case "min_contributors_nonzero": return expected == .number(Double(contributions.countNotZero))
            default: break
            }
            if let numbers = SDCVectors.numbers(key, "threshold_", "_unsafe"), numbers.count == 1 {
                return expected == .flag(contributions.isBelow(minimum: Int(numbers[0])))
            }
            // The concentration rules of the textbook are undefined with negative contributions.
            guard let cell = contributions.classical else { return expected == .null && verdict(on: key, contributions) != nil }
            return verdict(on: key, cell) == expected
        }

        /// Nil when the key is not understood.
        private func verdict(on key: String, _ cell: CellContributions) -> Tree? {
            if let rule = percent(key, "nk_", "_unsafe", count: 2) { return .flag(cell.exceeds(largest: rule.n, share: rule.share)) }
            if let rule = percent(key, "nk_", "_unsafe_inclusive", count: 2) {
                return .flag(cell.reaches(largest: rule.n, share: rule.share))
            }
            if let rule = percent(key, "p", "_unsafe", count: 1) { return .flag(cell.isEstimable(ratio: rule.share)) }
            if let ratio = SDCVectors.numbers(key, "pq_", "_unsafe"), ratio.count == 2 {
                return .flag(cell.isEstimable(ratio: .init(numerator: ratio[0], denominator: ratio[1])))
            }
            if let rule = percent(key, "upper_protection_level_p", "", count: 1) { return level(cell.upperProtectionLevel(ratio: rule.share)) }
            if let rule = percent(key, "upper_protection_level_nk_", "", count: 2) {
                return level(cell.upperProtectionLevel(largest: rule.n, share: rule.share))
            }
            return nil
        }

        private func level(_ units: ExactFraction?) -> Tree? {
            guard let units else { return nil }
            let (denominator, overflow) = units.denominator.multipliedReportingOverflow(by: unit)
            guard !overflow else { return nil }
            return ExactFraction(units.numerator, over: denominator)?.nearestDouble.map { .number($0) }
        }

        private func percent(_ key: String, _ prefix: String, _ suffix: String, count: Int) -> (n: Int, share: ReleaseRules.Fraction)? {
            guard let numbers = SDCVectors.numbers(key, prefix, suffix), numbers.count == count, let last = numbers.last else { return nil }
            return (Int(numbers[0]), ReleaseRules.Fraction(numerator: last, denominator: 100))
        }
    }
}

// MARK: Rounding

extension SDCVectors {
    private static func checkRounding(_ table: Table) -> Outcome {
        var outcome = Outcome()
        for row in table.rows {
            guard row.count == table.heading.count, let count = row.first.flatMap({ UInt64($0) }) else {
                outcome.note(row.joined(separator: ","), ["no count"])
                continue
            }
            let differing = zip(table.heading, row).dropFirst().filter { rounded(count, as: $0) != $1 }.map(\.0)
            outcome.note("x = \(count)", differing)
        }
        return outcome
    }

    /// The text of a rounded count, empty when redacted; nil when the column is not understood.
    private static func rounded(_ count: UInt64, as column: String) -> String? {
        func single(_ prefix: String, _ suffix: String) -> Int64? {
            numbers(column, prefix, suffix).flatMap { $0.count == 1 ? $0[0] : nil }
        }
        if let base = single("nearest", "_half_up") { return Rounding.nearest(Int128(count), base: Int128(base)).map { String($0) } }
        if let base = single("midpoint", "") { return Rounding.midpoint(count, base: base).map { String($0) } }
        if let base = single("ceil", "") { return Rounding.ceiling(count, base: base).map { String($0) } }
        if let base = single("acro_round_base", "_half_even") {
            return Rounding.nearestHalfEven(Int128(count), base: Int128(base)).map { String($0) }
        }
        let halves = column.split(separator: "_then_").map(String.init)
        guard halves.count == 2, let limit = numbers(halves[0], "redact_le", "")?.first, let base = numbers(halves[1], "nearest", "")?.first,
            limit >= 0
        else { return nil }
        switch Rounding.redactedThenNearest(count, redactingUpTo: UInt64(limit), base: Int128(base)) {
        case .withheld: return ""
        case .value(.int64(let value)): return String(value)
        case .value(.decimal(let units, _)): return String(units)
        case .value: return nil
        }
    }

    private static func checkProbabilities(_ table: Table) -> Outcome {
        var outcome = Outcome()
        for row in table.rows {
            let place = row.prefix(2).joined(separator: ",")
            guard row.count == 4, let base = Int64(row[0]), let residual = Int64(row[1]),
                let probabilities = RandomRounding.probabilities(residual: residual, base: base)
            else {
                outcome.note(place, ["no probabilities"])
                continue
            }
            outcome.note(place, zip(["p_down", "p_up"], zip([probabilities.down.text, probabilities.up.text], row[2...]))
                .filter { $1.0 != $1.1 }.map(\.0))
        }
        return outcome
    }
}

// MARK: Reading

extension SDCVectors {
    /// Lines of comma-separated fields without quotes, the first being the heading.
    private struct Table {
        let heading: [String]
        let rows: [[String]]

        init(_ bytes: [UInt8]) {
            let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
                .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
            heading = lines.first ?? []
            rows = Array(lines.dropFirst())
        }
    }

    /// A JSON document with its numbers as doubles.
    private enum Tree: Decodable, Equatable {
        case null
        case flag(Bool)
        case number(Double)
        case text(String)
        case list([Tree])
        case table([String: Tree])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([Tree].self) {
                self = .list(list)
            } else {
                self = .table(try container.decode([String: Tree].self))
            }
        }

        subscript(_ name: String) -> Tree? { members?[name] }
        var text: String? { if case .text(let text) = self { text } else { nil } }
        var elements: [Tree]? { if case .list(let list) = self { list } else { nil } }
        var members: [String: Tree]? { if case .table(let members) = self { members } else { nil } }
    }

    /// The numbers, joined by `_`, between a prefix and a suffix; nil when the text has another form.
    private static func numbers(_ text: String, _ prefix: String, _ suffix: String) -> [Int64]? {
        guard text.hasPrefix(prefix), text.hasSuffix(suffix), text.count > prefix.count + suffix.count else { return nil }
        let parts = text.dropFirst(prefix.count).dropLast(suffix.count).split(separator: "_", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in part.allSatisfy(\.isNumber) ? Int64(part) : nil }
        return numbers.count == parts.count ? numbers : nil
    }

    /// Reads `-12.50` and `1.5e-7` exactly.
    private static func decimal(_ text: String) -> (units: Int128, scale: Int)? {
        let parts = text.split(whereSeparator: { $0 == "e" || $0 == "E" }).map(String.init)
        guard let first = parts.first, parts.count <= 2, let mantissa = ExactDecimal.parse(first) else { return nil }
        guard let exponent = parts.count == 2 ? Int(parts[1]) : 0, abs(exponent) <= 38 else { return nil }
        let scale = mantissa.scale - exponent
        if scale >= 0 { return (mantissa.units, scale) }
        return ExactDecimal.rescale(mantissa.units, from: 0, to: -scale).map { ($0, 0) }
    }
}
