// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Testing

@Suite("Most rows of an entity: held by every load, used before a join starts")
struct FanOutTests {
    private static func policy(_ fanOut: Int) -> String {
        """
        table: series
        unit: 市卫健委
        grade: 一般
        personal: 非个人
        open: true
        entity: { 机构: place, 每主体最多行数: \(fanOut) }
        columns:
          place: { type: text, identifier: key }
          n:     { type: int64 }

        """
    }

    private static func csv(_ rows: [(String, Int)]) -> String { "place,n\n" + rows.map { "\($0.0),\($0.1)\n" }.joined() }

    @Test("One row more than declared: refused whole, with the table, the type and the limit and nothing else")
    func loads() throws {
        let yunei = try Yunei.founded(rehearsal: true).applying(Self.policy(2))
        func load(_ rows: [(String, Int)], _ mode: String) throws -> Yunei.Run {
            try yunei.run("table", "load", "series", try yunei.write("rows.csv", Self.csv(rows)), "--mode", mode, as: "wjw")
        }
        #expect(try load([("station-a", 1), ("station-b", 2), ("station-a", 3)], "replace").status == 0)
        let appended = try load([("station-a", 4)], "append")
        appended.expectRefusal(status: 2, "store.fan-out-exceeded", naming: ["series", "organisation", "2"])
        #expect(!appended.output.contains("station-a"))
        #expect(try load([("station-b", 4)], "append").status == 0)
        try load([("station-c", 1), ("station-c", 2), ("station-c", 3)], "replace").expectRefusal(status: 2, "store.fan-out-exceeded", naming: ["series"])
        let tables = try yunei.run("table", "list").json["tables"]?.elements
        #expect(tables?.first?["version"] == .integer(2))
        #expect(try yunei.entryTypes().suffix(2) == ["load.intended", "load.failed"])
        let shown = try yunei.run("policy", "show", "--effective", "series")
        #expect(shown.output.contains("fan_out: 2"))
        try yunei.expectSound()
    }

    /// 20,000 rows in three places are 8·10^12 pairs at most, 22,000 are over 10^13, whatever they really are.
    @Test("Joins that sizes and declarations show to be too large: refused with both numbers; one that may be small enough runs")
    func joins() throws {
        let sql = "SELECT COUNT(*) FROM series a JOIN series b ON a.place = b.place JOIN series c ON b.place = c.place"
        let yunei = try Yunei.founded(rehearsal: true).applying(Self.policy(1_000_000))
        func rows(_ count: Int) -> [(String, Int)] { (0..<count).map { ("station-\($0)", $0) } }
        try yunei.loading(Self.csv(rows(20_000)), into: "series")
        #expect(try yunei.run("query", "--sql", sql, as: "op").rows == [[.integer(20_000)]])
        try yunei.loading(Self.csv(rows(22_000)), into: "series")
        try yunei.run("query", "--sql", sql, as: "op").expectRefusal(status: 2, "engine.join-too-large", naming: ["10648000000000", "10000000000000"])
        try yunei.expectSound()
    }
}
