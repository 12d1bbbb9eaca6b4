// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import CryptoSuites
import Foundation
import Testing

/// One small file of each format, written with fixed randomness. Readers of later versions must still read them; the writer of this
/// version must still write them. `YUNEI_WRITE_GOLDEN=1` writes them anew, on purpose and with a new format version.
@Suite struct GoldenTests {
    private static let csv = "id,person,cost\na,P1,1.50\nb,P2,\nc,,3.25\nd,P1,4.00\n"
    private static let expected: [[String?]] = [["a", "0", "1.50"], ["d", "0", "4.00"], ["b", "1", nil], ["c", nil, "3.25"]]
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

    private static func name(_ position: Int) -> URL {
        folder.appendingPathComponent(["column-text.v1", "column-decimal.v1", "entity-numbers.v1", "entity-directory.v1", "manifest.v1"][position])
    }

    @Test func writerWritesTheSameBytes() throws {
        let load = try Workbench(seed: 42).load(Plans.visits(), Self.csv)
        for (position, file) in load.outputs.enumerated() {
            if ProcessInfo.processInfo.environment["YUNEI_WRITE_GOLDEN"] == "1" { try Data(file.bytes).write(to: Self.name(position)) }
            #expect(try [UInt8](Data(contentsOf: Self.name(position))) == file.bytes, "\(load.plan.files[position])")
        }
    }

    @Test func readerReadsThem() throws {
        let fresh = try Workbench(seed: 42).load(Plans.visits(), Self.csv)
        for (position, file) in fresh.outputs.enumerated() { file.write(try [UInt8](Data(contentsOf: Self.name(position)))) }
        defer { withExtendedLifetime(fresh) {} }
        #expect(try fresh.rows() == Self.expected)
        let next = try Workbench(seed: 42).load(Plans.visits(2), Array(Self.csv.utf8), directories: ["person": fresh.directory("person")])
        #expect(try next.rows() == Self.expected)
    }
}
