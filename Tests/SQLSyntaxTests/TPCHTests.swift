// SPDX-License-Identifier: Apache-2.0

import Foundation
import SQLSyntax
import Testing

/// The queries of TPC-H are read and survive printing.
@Suite struct TPCHTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("TPCH/Queries")

    @Test(arguments: 1...22)
    func queriesAreRead(number: Int) throws {
        let name = (number < 10 ? "0" : "") + String(number) + ".sql"
        let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
        #expect(!text.contains(";"))
        let statement = try SQLParser.parse(text)
        let again = try SQLParser.parse(statement.canonicalText)
        #expect(again.query == statement.query)
        #expect(again.canonicalText == statement.canonicalText)
    }
}
