// SPDX-License-Identifier: Apache-2.0

import SQLLogic
import Tabular
import Testing

/// The runner itself: what must fail fails, what is unsupported is said to be.
@Suite("The sqllogictest format")
struct FormatTests {
    static let table = "statement ok\nCREATE TABLE t (a INTEGER NOT NULL, b TEXT, c DECIMAL(5,2))\n\nstatement ok\nINSERT INTO t (a, b, c) VALUES (1,'x',1.5), (2,NULL,-0.25)\n\n"

    private func run(_ text: String) throws -> FileRun.Tally {
        var run = FileRun(MemorySession())
        return try run.run(TestFile(Self.table + text))
    }

    @Test("right answers pass, wrong ones fail", arguments: [
        ("query I nosort\nSELECT a FROM t ORDER BY a\n----\n1\n2\n", true), ("query I nosort\nSELECT a FROM t ORDER BY a\n----\n2\n1\n", false),
        ("query I rowsort\nSELECT a FROM t ORDER BY a DESC\n----\n1\n2\n", true), ("query I\nSELECT a FROM t WHERE a = 1\n----\n1\n1\n", false),
        ("query IT\nSELECT a, b FROM t ORDER BY a\n----\n1\tx\n2\tNULL\n", true), ("query IT\nSELECT a, b FROM t ORDER BY a\n----\n1\nx\n2\nNULL\n", true),
        ("query IT\nSELECT a, b FROM t ORDER BY a\n----\n1\tx\n2\tx\n", false), ("query R\nSELECT c FROM t ORDER BY a\n----\n1.500\n-0.250\n", true),
        ("query T\nSELECT c FROM t ORDER BY a\n----\n1.50\n-0.25\n", true), ("query T\nSELECT c FROM t ORDER BY a\n----\n1.50\n0.25\n", false),
        ("query ITR valuesort\nSELECT a, b, c FROM t WHERE a = 1\n----\n1\n1.500\nx\n", true), ("query II\nSELECT a FROM t\n----\n1\n2\n", false),
        ("query I\nSELECT a FROM t ORDER BY a\n----\n2 values hashing to 6ddb4095eb719e2a9f0a3f95677d24e0\n", true),
        ("query I\nSELECT a FROM t ORDER BY a\n----\n2 values hashing to 6ddb4095eb719e2a9f0a3f95677d24e1\n", false),
        ("query error plan.unknown-column\nSELECT z FROM t\n", true), ("query error plan.unknown-table\nSELECT z FROM t\n", false), ("statement error\nSELECT a FROM t\n", false),
        ("query I nosort l\nSELECT a FROM t ORDER BY a\n----\n1\n2\n\nquery I nosort l\nSELECT a + 0 FROM t ORDER BY a\n----\n1\n2\n", true),
        ("skipif yunei\nquery I\nSELECT a FROM t\n----\n7\n", true), ("onlyif other\nquery I\nSELECT a FROM t\n----\n7\n", true), ("halt\n\nquery I\nSELECT a FROM t\n----\n7\n", true),
        ("statement ok\nINSERT INTO t VALUES (NULL, 'x', 1)\n", false), ("statement ok\nDROP TABLE t\n", true),
    ])
    func judged(text: String, isRight: Bool) throws {
        let tally = try run(text)
        #expect((tally.failed == 0) == isRight, "\(tally.failures)")
        #expect(tally.unsupported == 0)
    }

    @Test("what Yunei does not have is unsupported", arguments: [
        "query I\nSELECT a FROM t UNION SELECT a FROM t\n----\n1\n2\n", "statement ok\nCREATE INDEX i ON t (a)\n", "statement ok\nUPDATE t SET a = 1\n",
        "query I\nSELECT median(a) FROM t\n----\n1\n", "loop i 0 10\n", "statement ok\nCREATE TABLE u (a BLOB)\n\nquery I\nSELECT a FROM u\n----\n1\n",
    ])
    func unsupported(text: String) throws {
        let tally = try run(text)
        #expect(tally.failed == 0, "\(tally.failures)")
        #expect(tally.unsupported > 0)
    }

    @Test("digests are those of RFC 1321", arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "57edf4a22be3c955ac49da2e2107b67a"),
    ])
    func digest(text: String, hex: String) { #expect(MD5.hex(text) == hex) }

    @Test("comparison sees one value, one row, one order")
    func comparison() {
        let rows: [[Literal]] = [[.int64(1), .text("x")], [.null, .decimal(units: 150, scale: 2)]]
        #expect(Comparison.difference(rows, rows, isOrdered: true) == nil)
        #expect(Comparison.difference(rows, rows.reversed(), isOrdered: false) == nil)
        #expect(Comparison.difference(rows, rows.reversed(), isOrdered: true) != nil)
        #expect(Comparison.difference(rows, [rows[0]], isOrdered: false) != nil)
        #expect(Comparison.difference(rows, [rows[0], [.null, .decimal(units: 151, scale: 2)]], isOrdered: false) != nil)
        #expect(Comparison.difference(rows, [rows[0], [.null, .decimal(units: 1_500, scale: 3)]], isOrdered: false) == nil)
    }
}
