// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DisclosureControl
import QueryEngine
import QueryPlan
import Tabular
import TestBasics
import TestSupport
import Testing

/// Results as documents: written cell by cell by several threads, compared with a document that is put together value by value.
@Suite struct CanonicalResultTests {
    private static let types: [LogicalType] = [
        .int64, .decimal(precision: 12, scale: 2), .decimal(precision: 38, scale: 5), .decimal(precision: 9, scale: 0), .double, .date, .timestamp, .bool, .text,
    ]
    private static let texts = ["", "a", "市\"", "\\\u{1}\n", "plain text that is longer", "😀"]

    private static func literal(_ type: LogicalType, _ random: inout SplitMix64) -> Literal {
        if Int.random(in: 0..<6, using: &random) == 0 { return .null }
        let small = Int64.random(in: -1_000...1_000, using: &random), large = Int64.random(in: .min ... .max, using: &random)
        let isSmall = Bool.random(using: &random)
        switch type {
        case .bool: return .bool(isSmall)
        case .int64: return .int64(isSmall ? small : large)
        case .decimal(let precision, let scale):
            let bound: Int128 = precision > 18 ? 1 << 120 : 99_999_999
            return .decimal(units: isSmall ? Int128(small) : .random(in: -bound...bound, using: &random), scale: scale)
        case .double: return .double(isSmall ? Double(small) / 8 : Double(large) * 1e-30)
        case .date: return .date(days: isSmall ? small : .random(in: CivilDate.daysMinimum...CivilDate.daysMaximum, using: &random))
        case .timestamp: return .timestamp(microseconds: small * 987_654_321)
        case .text: return .text(texts[Int.random(in: 0..<texts.count, using: &random)])
        case .entity, .null: return .null
        }
    }

    private static func value(_ cell: ReleasedCell) -> JSONValue {
        guard case .value(let literal) = cell else { return .null }
        switch literal {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int64(let value): return abs(Int128(value)) <= 1 << 53 ? .integer(value) : .string(String(value))
        case .decimal(let units, let scale): return .string(ExactDecimal.text(units: units, scale: scale))
        case .double(let value): return .string(value.description)
        case .date(let days): return CivilDate(days: days).map { .string($0.text) } ?? .null
        case .timestamp(let microseconds): return CivilTimestamp.text(microseconds: microseconds).map { .string($0) } ?? .null
        case .text(let text): return .string(text)
        }
    }

    /// More rows than a thread writes at a time; two borders.
    @Test func anyNumberOfThreadsWritesTheSameBytes() throws {
        var random = SplitMix64(seed: 3)
        var rows: [MemoryTable.Row] = []
        for _ in 0..<20_000 { rows.append(.init(values: Self.types.map { Self.literal($0, &random) }, entities: [])) }
        let table = MemoryTable(
            columns: Self.types.enumerated().map { ("c\($0.offset)", $0.element) }, entityTypes: [], rows: rows)
        let scan = Build.scan(0, table), engine = QueryEngine(workers: 2, memoryLimitBytes: 256 << 20)
        guard case .rows(let batches, let arena) = try engine.run(Build.open(scan, .rows), scans: [0: table]) else { throw EngineError(.malformedPlan) }
        let rules = Build.open(scan, .rows).rules
        let cells = try UnreleasedResult(rules: rules, openRows: batches, arena: arena).release()
        let plan = BoundPlan(rows: scan, release: .rows, finishing: [.limit(count: nil, offset: 3)], output: scan.output, parameters: [])
        let result = try engine.finish(cells, plan: plan, parameters: [:])
        let expected: JSONValue = [
            "columns": .array(result.columns.map { ["name": .string($0.name), "type": .string($0.type.name)] }),
            "rows": .array(result.rows.map { .array($0.map(Self.value)) }), "status": "released",
            "withheld": ["cells": "none", "cells_at": [], "reasons": []],
        ]
        #expect(result.rows.count == 19_997)
        for threads in [1, 2, 3] {
            let pieces = result.canonicalPieces(adding: ["status": "released"], threads: threads)
            #expect(Array(pieces.joined()) == expected.canonicalBytes, "\(threads) threads")
        }
    }
}
