// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import Tabular
import Testing

/// Single values: what is stored exactly, and what is refused with which reason.
@Suite struct ValueTests {
    struct Case: Sendable {
        let type: LogicalType
        let field: String
        let result: Result
        enum Result: Sendable {
            case stored(String?)
            case bad(BadValueReason)
        }
        init(_ type: LogicalType, _ field: String, _ stored: String?) { (self.type, self.field, result) = (type, field, .stored(stored)) }
        init(_ type: LogicalType, _ field: String, bad: BadValueReason) { (self.type, self.field, result) = (type, field, .bad(bad)) }
    }

    private static let money = LogicalType.decimal(precision: 5, scale: 2)
    private static let wide = LogicalType.decimal(precision: 38, scale: 10)

    static let cases: [Case] = [
        Case(.int64, "9223372036854775807", "9223372036854775807"), Case(.int64, "9223372036854775808", bad: .outOfRange),
        Case(.int64, "-9223372036854775808", "-9223372036854775808"), Case(.int64, "-9223372036854775809", bad: .outOfRange),
        Case(.int64, " +07 ", "7"), Case(.int64, "7.0", bad: .notInteger), Case(.int64, "-", bad: .notInteger),
        Case(.int64, "99999999999999999999999", bad: .outOfRange), Case(.int64, "1 2", bad: .notInteger),
        Case(.int64, "12345678", "12345678"), Case(.int64, "123456789", "123456789"), Case(.int64, "1234567:", bad: .notInteger),
        Case(.int64, "/2345678", bad: .notInteger), Case(.int64, "12é", bad: .notInteger), Case(.int64, "0", "0"),
        Case(money, "12:.34", bad: .notDecimal), Case(money, "12./4", bad: .notDecimal), Case(money, "012.34", "12.34"),
        Case(money, "999.99", "999.99"), Case(money, "1000", bad: .outOfRange), Case(money, "-0.5", "-0.50"), Case(money, ".5", "0.50"),
        Case(money, "1.230000", "1.23"), Case(money, "1.231", bad: .tooManyDigits), Case(money, "1.", bad: .notDecimal),
        Case(money, "1e2", bad: .notDecimal), Case(money, "0001.2", "1.20"), Case(money, "1,2", bad: .notDecimal), Case(money, ".", bad: .notDecimal),
        Case(wide, "-9999999999999999999999999999.9999999999", "-9999999999999999999999999999.9999999999"),
        Case(wide, "10000000000000000000000000000", bad: .outOfRange),
        Case(.bool, "true", "true"), Case(.bool, "T", "true"), Case(.bool, "1", "true"), Case(.bool, "是", "true"),
        Case(.bool, "False", "false"), Case(.bool, "f", "false"), Case(.bool, "0", "false"), Case(.bool, "否", "false"),
        Case(.bool, "yes", bad: .notBoolean), Case(.bool, "2", bad: .notBoolean),
        Case(.double, "1.5", "1.5"), Case(.double, "-2.5e-3", "-0.0025"), Case(.double, "0.1", "0.1"),
        Case(.double, "123456789012345678901234567890", "1.2345678901234568e+29"), Case(.double, "2.2250738585072014e-308", "2.2250738585072014e-308"),
        Case(.double, "1e999", bad: .outOfRange), Case(.double, "nan", bad: .notNumber), Case(.double, "inf", bad: .notNumber),
        Case(.double, "1e", bad: .notNumber), Case(.double, "0x10", bad: .notNumber),
        Case(.date, "2024-02-29", "2024-02-29"), Case(.date, "2023-02-29", bad: .notDate), Case(.date, "2024-2-9", bad: .notDate),
        Case(.date, "20240229", bad: .notDate), Case(.date, "2024/02-29", bad: .notDate), Case(.date, "2024-02-2:", bad: .notDate),
        Case(.date, "2024-00-01", bad: .notDate), Case(.date, "0000-01-01", bad: .notDate), Case(.date, "202é-1-01", bad: .notDate), Case(.date, "0001-01-01", "0001-01-01"), Case(.date, "9999-12-31", "9999-12-31"),
        Case(.timestamp, "2024-02-29 23:59:59", "2024-02-29T23:59:59"), Case(.timestamp, "2024-02-29T01:02:03.004", "2024-02-29T01:02:03.004000"),
        Case(.timestamp, "2024-02-29", "2024-02-29T00:00:00"), Case(.timestamp, "2024-02-29 24:00:00", bad: .notTimestamp),
        Case(.timestamp, "2024-02-29 01:02:03.5", "2024-02-29T01:02:03.500000"), Case(.timestamp, "2024-02-29T01:02:03.04", "2024-02-29T01:02:03.040000"),
        Case(.timestamp, "2024-02-29 01:02:03.123456", "2024-02-29T01:02:03.123456"),
        Case(.timestamp, "2024-02-29 01:02:03.1234567", bad: .notTimestamp), Case(.timestamp, "2024-02-29 01:02:03.", bad: .notTimestamp),
        Case(.timestamp, "1969-12-31 23:59:59", "1969-12-31T23:59:59"),
        Case(.text, " a ", " a "), Case(.text, "", nil), Case(.int64, " ", nil), Case(.date, "", nil),
    ]

    @Test func singleValues() throws {
        let bench = try Workbench()
        for item in Self.cases {
            let load = try bench.load(Plans.one(item.type), "v,w\n\(RoundTripTests.quoted(item.field)),1\n")
            switch item.result {
            case .stored(let value): #expect(try load.rows() == [[value, "1"]], "\(item.type.name) '\(item.field)'")
            case .bad(let reason):
                #expect(load.refusal?.badValues == [BadValue(row: 1, column: "v", reason: reason)], "\(item.type.name) '\(item.field)'")
            }
        }
    }

    @Test func declaredDateFormats() throws {
        let formats = ["yyyyMMdd", "yyyy/MM/dd", "yyyy年M月d日", "yyyy-MM-dd HH:mm:ss"]
        let csv = "v,w\n20241231,1\n2024/01/02,2\n2024年1月12日,3\n2024-05-06 07:08:09,4\n"
        let rows = try Workbench().load(Plans.one(.date, formats: formats), csv).rows([.column("v")])
        #expect(rows == [["2024-12-31"], ["2024-01-02"], ["2024-01-12"], ["2024-05-06"]])
        let bad = try Workbench().load(Plans.one(.date, formats: formats), "v,w\n2024-01-02,1\n20241301,2\n2024/1/2,3\n")
        #expect(bad.refusal?.badValueCount == 3)
    }

    @Test func nullWhereNoneMayBe() throws {
        let load = try Workbench().load(Plans.one(.int64, isNullable: false), "v,w\n1,1\n,2\n \t,3\n")
        #expect(load.refusal?.badValues.map(\.row) == [2, 3])
        #expect(load.refusal?.badValues.allSatisfy { $0.column == "v" && $0.reason == .missing } == true)
    }

    @Test func reportNeverHoldsTheValue() throws {
        let load = try Workbench().load(Plans.visits(), "id,person,cost\nx,P1,SECRET1\ny,P2,2\nz,P3,SECRET2\n")
        let refusal = try #require(load.refusal)
        #expect(refusal.badValues == [BadValue(row: 1, column: "费用", reason: .notDecimal), BadValue(row: 3, column: "费用", reason: .notDecimal)])
        #expect(refusal.rows == 3)
        #expect(!load.outcome.json.canonicalText.contains("SECRET"))
        #expect(try LoadOutcome(json: load.outcome.json) == load.outcome)
    }

    @Test func listIsLimitedAndCountIsNot() throws {
        let csv = { (count: Int) in "v,w\n" + String(repeating: "x,1\n", count: count) }
        let exact = try Workbench().load(Plans.one(.int64), csv(Limits.reportedBadValues))
        #expect(exact.refusal?.badValues.count == Limits.reportedBadValues)
        let over = try Workbench().load(Plans.one(.int64), csv(Limits.reportedBadValues + 1))
        #expect(over.refusal?.badValues.count == Limits.reportedBadValues)
        #expect(over.refusal?.badValueCount == Int64(Limits.reportedBadValues + 1))
    }

    @Test func rejectFileTakesBadRowsAndTheRestLoads() throws {
        let reject = NamelessFile()
        let csv = "id,person,cost\na,P1,1\n,P2,x\nc,P3,3\nd,P4\n"
        let load = try Workbench().load(Plans.visits(), Array(csv.utf8), reject: reject)
        #expect(load.report?.rows == 2 && load.report?.rejectedRows == 2)
        #expect(try load.rows().map { $0[0] } == ["a", "c"])
        #expect(String(decoding: reject.bytes, as: UTF8.self) == "row,column,reason\n2,编号,missing\n2,费用,not-a-decimal\n4,,field-count\n")
        // A refused row leaves no entity behind.
        #expect(try load.rows().map { $0[1] } == ["0", "1"])
    }

    @Test func progressIsTold() throws {
        var heard: [Int64] = []
        let csv = "v,w\n" + String(repeating: "1,1\n", count: 70_000)
        _ = try Workbench().load(Plans.one(.int64), Array(csv.utf8)) { heard.append($0) }
        #expect(heard == [65_536, 70_000])
    }
}
