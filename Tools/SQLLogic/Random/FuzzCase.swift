// SPDX-License-Identifier: Apache-2.0

internal import PolicyCheck
internal import QueryEngine
package import Tabular

/// Tables and queries that a seed stands for.
package struct FuzzCase: Sendable {
    package let seed: UInt64
    package let tables: [TestTable]
    package let queries: [String]
    /// Whether the rows of each query come in an order.
    package let areOrdered: [Bool]

    /// Queries of one seed.
    package static let queryCount = 20

    package init(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let tables = RandomTables.make(&random)
        var source = RandomQuery(random: random, tables: tables)
        self.seed = seed
        self.tables = tables
        let all = (0..<Self.queryCount).map { _ in source.next() }
        queries = all.map(\.sql)
        areOrdered = all.map(\.isOrdered)
    }

    /// What became of one query in process.
    package enum Outcome: Sendable {
        case answered([[Literal]])
        case refused(Refusal)
        /// Engine and naive interpreter disagree, or two layouts of the same rows do.
        case differs(String)
    }

    /// Runs every query by the engine, in two layouts and once with memory for a few rows only, and by the naive interpreter.
    package func run() throws -> [Outcome] {
        let plain = MemorySession(), split = MemorySession(.init(workers: 2, blockRows: 3, partitionRows: 4, sharesDictionaries: false))
        let named = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0) })
        try plain.use(named)
        try split.use(named)
        let spilling = MemorySession(.init(workers: Int(1 + seed % 2), blockRows: 5, spillRows: [0, 2, 6][Int(seed % 3)]))
        try spilling.use(named)
        return try zip(queries, areOrdered).map { try Self.outcome($0, isOrdered: $1, plain, split, spilling) }
    }

    private static func outcome(
        _ sql: String, isOrdered: Bool, _ plain: MemorySession, _ split: MemorySession, _ spilling: MemorySession
    ) throws -> Outcome {
        do {
            guard case .approved(let approved) = try plain.check(sql) else { return .refused(Refusal(code: "policy", detail: "")) }
            let rows = try plain.literals(approved)
            if let difference = Comparison.difference(rows, plain.naive(approved), isOrdered: isOrdered) {
                return .differs("naive interpreter: " + difference)
            }
            if let difference = Comparison.difference(rows, try split.literals(approved), isOrdered: isOrdered) {
                return .differs("another layout: " + difference)
            }
            if let spilled = try Self.spilled(approved, spilling), let difference = Comparison.difference(rows, spilled, isOrdered: isOrdered) {
                return .differs("rows put aside: " + difference)
            }
            return .answered(rows)
        } catch {
            guard let refusal = MemorySession.refusal(error) else { throw error }
            return .refused(refusal)
        }
    }
}

extension FuzzCase {
    /// Nil when memory does not do: the rows of one key cannot be parted.
    private static func spilled(_ approved: ApprovedPlan, _ session: MemorySession) throws -> [[Literal]]? {
        do { return try session.literals(approved) } catch let error as EngineError where error == EngineError(.resourceExhausted) { return nil }
    }
}

/// Two answers to one query.
package enum Comparison {
    /// What differs; nil when nothing does.
    package static func difference(_ one: [[Literal]], _ other: [[Literal]], isOrdered: Bool) -> String? {
        difference(text: text(one), text(other), isOrdered: isOrdered)
    }

    package static func text(_ rows: [[Literal]]) -> [[String]] {
        rows.map { row in row.map { Rendering.plain($0) ?? "NULL" } }
    }

    package static func difference(text one: [[String]], _ other: [[String]], isOrdered: Bool) -> String? {
        func arranged(_ rows: [[String]]) -> [[String]] {
            let trimmed = rows.map { $0.map(canonical) }
            return isOrdered ? trimmed : trimmed.sorted { $0.lexicographicallyPrecedes($1) { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
        }
        let left = arranged(one), right = arranged(other)
        guard left.count == right.count else { return "\(left.count) rows and \(right.count): " + shown(left) + " / " + shown(right) }
        for (place, (row, twin)) in zip(left, right).enumerated() where !same(row, twin) {
            return "row \(place): " + row.joined(separator: " | ") + " / " + twin.joined(separator: " | ")
        }
        return nil
    }

    private static func same(_ one: [String], _ other: [String]) -> Bool {
        one.count == other.count && zip(one, other).allSatisfy { Array($0.utf8) == Array($1.utf8) }
    }

    private static func shown(_ rows: [[String]]) -> String {
        rows.prefix(6).map { $0.joined(separator: " | ") }.joined(separator: "; ")
    }

    /// Numbers without zeros at the end.
    private static func canonical(_ text: String) -> String {
        guard text.contains("."), ExactDecimal.parse(text) != nil else { return text }
        var text = text
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text == "-0" ? "0" : text
    }
}
