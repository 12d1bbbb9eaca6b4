// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import CryptoSuites
import Tabular
import TestBasics
import Testing

/// What goes in comes out: every type, every encoding, with and without NULLs.
@Suite struct RoundTripTests {
    static let types: [LogicalType] = [
        .bool, .int64, .decimal(precision: 12, scale: 2), .decimal(precision: 38, scale: 4), .double, .date, .timestamp, .text,
    ]

    @Test(arguments: types, 0..<8)
    func randomColumn(type: LogicalType, shape: Int) throws {
        var generator = SplitMix64(seed: UInt64(shape) &* 7919 &+ UInt64(type.name.utf8.count))
        let count = [1, 7, 64, 300, 1_000, 3_000, 257, 5_000][shape]
        var values: [String?] = []
        var previous: String?
        for _ in 0..<count {
            // Shapes: constant, short runs, long runs, narrow, wide; every other one with NULLs.
            let repeats = shape == 2 || shape == 4 ? Int.random(in: 0..<10, using: &generator) > 0 : shape == 0
            if !repeats || previous == nil { previous = Self.value(type, isWide: shape % 2 == 0, &generator) }
            values.append(shape >= 3 && Int.random(in: 0..<5, using: &generator) == 0 ? nil : previous)
        }
        let csv = "v,w\n" + values.enumerated().map { ($0.element.map(Self.quoted) ?? "") + ",\($0.offset)\n" }.joined()
        let load = try Workbench().load(Plans.one(type), csv)
        #expect(load.refusal == nil)
        let rows = try load.rows()
        #expect(rows.map { $0[0] } == values.map { $0.map { Self.stored(type, $0) } })
        #expect(rows.map { $0[1] } == (0..<count).map { String($0) })
    }

    /// Rows that are asked for in pieces, chosen, or tested against a range are those of the whole block, in whatever order they are asked for.
    @Test(arguments: types, 0..<8)
    func rowsInPieces(type: LogicalType, shape: Int) throws {
        var generator = SplitMix64(seed: UInt64(shape) &* 104_729 &+ UInt64(type.name.utf8.count))
        let count = [1, 7, 64, 300, 1_000, 3_000, 257, 5_000][shape]
        var csv = "v,w\n", previous = ""
        for row in 0..<count {
            let repeats = shape == 2 || shape == 4 ? generator.below(10) > 0 : shape == 0
            if !repeats || row == 0 { previous = Self.value(type, isWide: shape % 2 == 0, &generator) }
            csv += (shape >= 3 && generator.below(5) == 0 ? "" : Self.quoted(previous)) + ",\(row)\n"
        }
        let load = try Workbench().load(Plans.one(type), csv)
        defer { withExtendedLifetime(load) {} }
        let table = try load.open()
        let arena = ConfidentialArena(limitBytes: 1 << 26)
        let whole = try #require(try table.makeReader(columns: [.column("v")], arena: arena).read(block: 0).first)
        let reader = try table.makeReader(columns: [.column("v")], rowsAtATime: 100, arena: arena)
        reader.open(block: 0)
        for _ in 0..<30 {
            let start = generator.below(count), end = start + generator.below(min(100, count - start)) + 1
            let piece = try reader.read(0, .range(start..<end))
            #expect((start..<end).allSatisfy { piece.text($0 - start) == whole.text($0) })
            let chosen = (start..<end).filter { _ in generator.below(3) == 0 }.map { UInt32($0) }
            let some = try chosen.withUnsafeBufferPointer { try $0.baseAddress.map { try reader.read(0, .chosen($0, count: chosen.count)) } }
            #expect(chosen.indices.allSatisfy { some?.text($0) == whole.text(Int(chosen[$0])) })
            guard type.physical == .int64 else { continue }
            let one = whole.int64[generator.below(count)], other = whole.int64[generator.below(count)]
            for range in [ValueRange(lower: min(one, other), upper: max(one, other)), .init(lower: one), .init(upper: one), .init(lower: 1, upper: 0), .init()] {
                try check(reader, whole, .range(start..<end), Array(start..<end), range)
                try chosen.withUnsafeBufferPointer { rows in
                    guard let first = rows.baseAddress else { return }
                    try check(reader, whole, .chosen(first, count: rows.count), chosen.map { Int($0) }, range)
                }
            }
        }
    }

    private func check(_ reader: ColumnReader, _ whole: ColumnVector, _ asked: BlockRows, _ rows: [Int], _ range: ValueRange) throws {
        var flags = [UInt8](repeating: 7, count: 104)
        let match = try #require(
            try flags.withUnsafeMutableBufferPointer { flags in try flags.baseAddress.map { try reader.select(0, range, asked, into: $0) } })
        let wanted = rows.map { !whole.isNull($0) && range.contains(whole.int64[$0]) }
        switch match {
        case .all: #expect(wanted.allSatisfy { $0 })
        case .some: #expect(Array(flags.prefix(rows.count)) == wanted.map { $0 ? 1 : 0 })
        case .none: #expect(!wanted.contains(true))
        }
    }

    @Test func manyBlocks() throws {
        let count = 150_000
        let csv = "v,w\n" + (0..<count).map { "\($0 % 3 == 0 ? "" : "文本\($0 % 5_000)"),\($0)\n" }.joined()
        let load = try Workbench().load(Plans.one(.text), csv)
        let table = try load.open()
        #expect(table.blockRowCounts == [65_536, 65_536, 18_928])
        #expect(table.partitions == [0..<1, 1..<2, 2..<3])
        let rows = try load.rows()
        #expect(rows.indices.allSatisfy { rows[$0][1] == String($0) })
        #expect(rows.indices.allSatisfy { rows[$0][0] == ($0 % 3 == 0 ? nil : "文本\($0 % 5_000)") })
    }

    @Test func wholeColumnDictionaryIsOneObject() throws {
        let csv = "v,w\n" + (0..<70_000).map { "t\($0 % 10),\($0)\n" }.joined()
        let load = try Workbench().load(Plans.one(.text), csv)
        defer { withExtendedLifetime(load) {} }
        let table = try load.open()
        let first = try table.makeReader(columns: [.column("v")], arena: ConfidentialArena(limitBytes: 1 << 26))
        let second = try table.makeReader(columns: [.column("v")], arena: ConfidentialArena(limitBytes: 1 << 26))
        #expect(try first.read(block: 0)[0].dictionary === second.read(block: 1)[0].dictionary)
    }

    @Test func textsThatHardlyRepeatStayWithTheirBlocks() throws {
        let csv = "v,w\n" + (0..<70_000).map { "t\($0),\($0)\n" }.joined()
        let load = try Workbench().load(Plans.one(.text), csv)
        let rows = try load.rows()
        #expect(rows.indices.allSatisfy { rows[$0][0] == "t\($0)" })
    }

    @Test func emptyTableHasNoBlocks() throws {
        let load = try Workbench().load(Plans.visits(), "id,person,cost\n")
        let table = try load.open()
        #expect(table.rowCount == 0 && table.blockRowCounts.isEmpty && table.partitions.isEmpty)
        #expect(load.report?.rows == 0)
    }

    @Test func zonesHoldTheBounds() throws {
        let csv = "v,w\n" + (0..<70_000).map { "\($0),\n" }.joined()
        let load = try Workbench().load(Plans.one(.int64), csv)
        defer { withExtendedLifetime(load) {} }
        let table = try load.open()
        let bounds = try table.boundsOfBlocks(.column("v"))
        #expect(bounds.map { $0?.least } == [0, 65_536] && bounds.map { $0?.greatest } == [65_535, 69_999])
        #expect(try table.boundsOfBlocks(.column("w")).allSatisfy { $0 == nil })
    }

    @Test func schemaAndPeriodAreKept() throws {
        let table = try Workbench().load(Plans.visits(), "id,person,cost\na,p,1\n").open()
        #expect(table.schema.columns.map(\.name) == ["编号", "患者", "费用"])
        #expect(table.schema.columns[1].type == .entity("person"))
        #expect(table.entityTypes == ["person"] && table.period == "2026-10" && table.asOf == "2026-10-31")
    }

    private static func value(_ type: LogicalType, isWide: Bool, _ generator: inout SplitMix64) -> String {
        switch type {
        case .bool: return Bool.random(using: &generator) ? "true" : "false"
        case .int64: return String(isWide ? Int64.random(in: .min ... .max, using: &generator) : Int64.random(in: -5...300, using: &generator))
        case .decimal(let precision, let scale):
            let most = ExactDecimal.power(isWide ? precision : 4).map { $0 - 1 } ?? 0
            return ExactDecimal.text(units: Int128.random(in: -most...most, using: &generator), scale: scale)
        case .double: return String(isWide ? Double.random(in: -1e300...1e300, using: &generator) : Double(Int.random(in: 0..<9, using: &generator)) / 8)
        case .date: return CivilDate(days: Int64.random(in: isWide ? CivilDate.daysMinimum...CivilDate.daysMaximum : 19_000...19_100, using: &generator))?.text ?? ""
        case .timestamp: return CivilTimestamp.text(microseconds: Int64.random(in: 0...(isWide ? 2_000_000_000 : 500), using: &generator) * 1_000_000) ?? ""
        case .text: return ["a", "就诊", "x,y", "\"q\"", "line\nbreak", "🧪", " 空 "].randomElement(using: &generator).map { $0 + (isWide ? String(UInt16.random(in: 0...9_999, using: &generator)) : "") } ?? ""
        case .entity, .null: return ""
        }
    }

    private static func stored(_ type: LogicalType, _ value: String) -> String { type == .double ? String(Double(value) ?? .nan) : value }

    static func quoted(_ value: String) -> String {
        "\"" + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
