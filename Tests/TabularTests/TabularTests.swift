// SPDX-License-Identifier: Apache-2.0

import Tabular
import Testing

@Suite("Exact decimals")
struct ExactDecimalTests {
    @Test("Text and units agree both ways")
    func text() {
        #expect(ExactDecimal.text(units: -1250, scale: 2) == "-12.50")
        #expect(ExactDecimal.text(units: 5, scale: 3) == "0.005")
        #expect(ExactDecimal.text(units: 0, scale: 0) == "0")
        for text in ["0", "-12.50", "0.005", "99999999999999999999999999999999999999"] {
            let parsed = ExactDecimal.parse(text)
            #expect(parsed.map { ExactDecimal.text(units: $0.units, scale: $0.scale) } == text)
        }
        for text in ["", "-", ".5", "5.", "1.2.3", "1e3", " 1", "１", "100000000000000000000000000000000000000"] {
            #expect(ExactDecimal.parse(text) == nil, "\(text)")
        }
    }

    @Test("Fewer digits round half away from zero; what does not fit is nil")
    func rescale() {
        #expect(ExactDecimal.rescale(125, from: 2, to: 1) == 13)
        #expect(ExactDecimal.rescale(-125, from: 2, to: 1) == -13)
        #expect(ExactDecimal.rescale(124, from: 2, to: 1) == 12)
        #expect(ExactDecimal.rescale(ExactDecimal.unitsMaximum, from: 0, to: 0) == ExactDecimal.unitsMaximum)
        #expect(ExactDecimal.rescale(ExactDecimal.unitsMaximum, from: 0, to: 1) == nil)
        #expect(ExactDecimal.rescale(1, from: 0, to: 38) == nil)
        #expect(ExactDecimal.rescale(0, from: 0, to: 38) == 0)
    }
}

@Suite("Calendar")
struct CivilDateTests {
    @Test("Every day of 800 years goes there and back")
    func roundTrip() {
        for days in Int64(-150_000)...150_000 {
            let date = CivilDate(days: days)
            #expect(date?.days == days)
        }
        #expect(CivilDate(days: 0)?.text == "1970-01-01")
        #expect(CivilDate(iso: "2000-02-29")?.days == 11_016)
    }

    @Test("The limits pass, one beyond is refused")
    func limits() {
        #expect(CivilDate(days: CivilDate.daysMinimum)?.text == "0001-01-01")
        #expect(CivilDate(days: CivilDate.daysMaximum)?.text == "9999-12-31")
        #expect(CivilDate(days: CivilDate.daysMinimum - 1) == nil)
        #expect(CivilDate(days: CivilDate.daysMaximum + 1) == nil)
    }

    @Test("Dates that do not exist are refused")
    func impossible() {
        for text in ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "2024-4-01", "20240401", "2024-04-01 "] {
            #expect(CivilDate(iso: text) == nil, "\(text)")
        }
    }

    @Test("Timestamps read and print ISO 8601")
    func timestamps() {
        for text in ["1969-12-31T23:59:59", "2026-11-21T08:30:05.000001", "0001-01-01T00:00:00"] {
            #expect(CivilTimestamp.parse(iso: text).flatMap { CivilTimestamp.text(microseconds: $0) } == text)
        }
        #expect(CivilTimestamp.parse(iso: "2026-11-21 08:30") == CivilTimestamp.parse(iso: "2026-11-21T08:30:00"))
        for text in ["2026-11-21T24:00:00", "2026-11-21T08", "2026-11-21T08:30:60", "2026-11-21T08:30:05."] {
            #expect(CivilTimestamp.parse(iso: text) == nil, "\(text)")
        }
    }
}

@Suite("Types and confidential memory")
struct TypeTests {
    @Test("Type names are read and printed; unknown ones are refused")
    func names() {
        for name in ["bool", "int64", "decimal(12,2)", "double", "date", "timestamp", "text"] {
            #expect(LogicalType(name: name)?.name == name)
        }
        #expect(LogicalType(name: "decimal(38,38)") != nil)
        for name in ["decimal(39,2)", "decimal(2,3)", "decimal()", "entity(person)", "varchar(3)", ""] {
            #expect(LogicalType(name: name) == nil, "\(name)")
        }
    }

    @Test("Arena memory is zeroed and aligned; over its limit there is none")
    func arena() throws {
        let arena = ConfidentialArena(limitBytes: 1 << 20)
        for count in [1, 7, 1000] {
            let memory = try #require(arena.allocate(UInt64.self, count: count))
            #expect(UInt(bitPattern: memory) % UInt(ConfidentialArena.alignmentBytes) == 0)
            #expect((0..<count).allSatisfy { memory[$0] == 0 })
        }
        #expect(arena.allocate(bytes: 1 << 20) != nil)
        #expect(arena.allocate(bytes: (1 << 20) + 1) == nil)
        let small = ConfidentialArena(limitBytes: 64)
        #expect((0..<100_000).contains { _ in small.allocate(bytes: 64) == nil })
    }
}
