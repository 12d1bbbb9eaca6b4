// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Testing

@Suite("TPC-H at scale 0.01, through the real binaries", .serialized)
struct TPCHAnswerTests {
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private static let policies = tests.deletingLastPathComponent().appendingPathComponent("Tools/Comparison/TPCH")
    private static let tables = ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"]

    /// The eight tables under open policies, loaded and sealed.
    private static let loaded = Result { () throws -> Yunei in
        let yunei = try Yunei()
        func done(_ arguments: String...) throws {
            try Yunei.expectDone(Yunei.run(["--domain", yunei.domain, "--json"] + arguments, [:], in: yunei.scratch))
        }
        try done("domain", "init", yunei.domain, "--org", "bench", "--rehearsal")
        for table in tables {
            try done("policy", "apply", policies.appendingPathComponent(table + ".yaml").path)
            let data = tests.appendingPathComponent("TPCH/Data/\(table).csv.gz").path
            // Nothing in these tables is protected, so there is nothing to search for.
            let rows = yunei.scratch.path + "/\(table).csv"
            try Yunei.expectDone(
                Program.run("/bin/sh", ["-c", "exec gzip -dc \"$0\" > \"$1\"", data, rows], environment: ["PATH": "/usr/bin:/bin"], in: yunei.scratch))
            try done("table", "load", table, rows)
            try FileManager.default.removeItem(atPath: rows)
        }
        return yunei
    }

    private static func name(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }

    private static func answer(_ number: Int) throws -> ReferenceAnswer {
        ReferenceAnswer(try String(contentsOf: tests.appendingPathComponent("TPCH/Answers/\(name(number)).tsv"), encoding: .utf8))
    }

    @Test("Answers are those of PostgreSQL and DuckDB", arguments: 1...22)
    func answers(number: Int) throws {
        let sql = try String(contentsOf: Self.tests.appendingPathComponent("TPCH/Queries/\(Self.name(number)).sql"), encoding: .utf8)
        let run = try Self.loaded.get().run("query", "--sql", sql)
        try #require(run.status == 0, "\(run.output)")
        let answer = try Self.answer(number)
        #expect(answer.difference(from: run.rows) == nil)
        // One changed value would be seen, whichever it is.
        for (row, column, changed) in ReferenceAnswer.changes(of: run.rows) {
            #expect(answer.difference(from: changed) == "row \(row + 1), column \(column + 1)")
        }
        #expect(answer.difference(from: run.rows + [[]]) != nil && answer.difference(from: run.rows.dropLast()) != nil)
    }

    @Test("Averages and quotients are compared to the last digit that both have; everything else exactly")
    func digits() {
        let answer = ReferenceAnswer("35785.709306937349\t505822441.4861\t\\N\t7\n")
        func differs(_ row: JSONValue...) -> Bool { answer.difference(from: [row]) != nil }
        #expect(!differs("35785.7093069373494231", "505822441.4861", .null, 7))
        #expect(!differs("35785.709306937349", "505822441.486100", .null, 7))
        #expect(differs("35785.7093069373484231", "505822441.4861", .null, 7))
        #expect(differs("35785.7093069373494231", "505822441.48614", .null, 7))
        #expect(differs("35785.7093069373494231", "505822441.486", .null, 7))
        #expect(differs("35785.7093069373494231", "505822441.4861", 0, 7))
        #expect(differs("35785.7093069373494231", "505822441.4861", .null, .null))
    }
}

/// Rows as the reference programs gave them: values between tabs, `\N` for NULL.
private struct ReferenceAnswer {
    /// Fewest digits behind the point at which a value is taken for a rounded quotient.
    private static let quotientDigits = 10
    private let rows: [[Substring]]

    init(_ text: String) {
        rows = text.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    }

    /// Where the first difference is; nil when there is none.
    func difference(from answer: some Collection<[JSONValue]>) -> String? {
        guard answer.count == rows.count else { return "\(answer.count) rows instead of \(rows.count)" }
        for (number, (mine, reference)) in zip(answer, rows).enumerated() {
            guard mine.count == reference.count else { return "row \(number + 1): \(mine.count) columns instead of \(reference.count)" }
            if let column = mine.indices.first(where: { !Self.agree(mine[$0], reference[$0]) }) {
                return "row \(number + 1), column \(column + 1)"
            }
        }
        return nil
    }

    private static func agree(_ mine: JSONValue, _ reference: Substring) -> Bool {
        switch mine {
        case .null: reference == "\\N"
        case .integer(let number): String(number) == reference
        case .string(let text): text == reference || agree(Number(text), Number(String(reference)))
        case .bool, .array, .object: false
        }
    }

    private static func agree(_ one: Number?, _ other: Number?) -> Bool {
        guard let one, let other else { return false }
        let digits = min(one.digits, other.digits)
        return digits < quotientDigits ? one.value == other.value : one.rounded(to: digits) == other.rounded(to: digits)
    }

    private struct Number {
        let value: Decimal
        /// Behind the point.
        let digits: Int

        init?(_ text: String) {
            guard text.contains("."), text.allSatisfy({ "0123456789.-".contains($0) }), let value = Decimal(string: text) else { return nil }
            self.value = value
            digits = text.split(separator: ".").last?.count ?? 0
        }

        func rounded(to digits: Int) -> Decimal {
            var (from, to) = (value, Decimal())
            NSDecimalRound(&to, &from, digits, .plain)
            return to
        }
    }

    /// The rows with one value changed: one unit, one last digit or one letter. A few hundred of the values at most.
    static func changes(of rows: [[JSONValue]]) -> [(row: Int, column: Int, rows: [[JSONValue]])] {
        rows.indices.prefix(20).flatMap { row in
            rows[row].indices.map { column in
                var changed = rows
                changed[row][column] = Self.changed(rows[row][column])
                return (row, column, changed)
            }
        }
    }

    private static func changed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .integer(let number): return .integer(number + 1)
        case .string(let text):
            guard let number = Number(text) else { return .string(text + "x") }
            // A unit of the last digit that the references have.
            let unit = Decimal(sign: .plus, exponent: -min(number.digits, quotientDigits), significand: 1)
            return .string(Self.text(number.value + unit, digits: number.digits))
        case .null: return .integer(0)
        case .bool, .array, .object: return .null
        }
    }

    private static func text(_ value: Decimal, digits: Int) -> String {
        let text = "\(value)"
        let own = text.contains(".") ? text.split(separator: ".").last?.count ?? 0 : 0
        return text + (own == 0 && digits > 0 ? "." : "") + String(repeating: "0", count: max(0, digits - own))
    }
}
