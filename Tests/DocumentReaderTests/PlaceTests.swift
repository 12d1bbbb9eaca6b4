// SPDX-License-Identifier: Apache-2.0

import DocumentReader
import Testing

@Suite("Places in documents")
struct PlaceTests {
    private let yaml = """
        # A unit.
        单位: u
        表:
          t:
            主体: { 自然人: p }
            行范围: a = b
            数据项:
              p: { 标识: 键 }
              a: { 可用于: [分组, 等值], 范围: [0, 1.50] }
        """

    private func place(_ path: String...) throws -> String {
        let place = try DocumentReader.places(of: Array(yaml.utf8), fileName: "f").place(of: path)
        return "\(place.line):\(place.column)"
    }

    @Test("keys by their English names, given names, values of lists")
    func written() throws {
        #expect(try place() == "2:1")
        #expect(try place("unit") == "2:1")
        #expect(try place("tables", "t") == "4:3")
        #expect(try place("tables", "t", "entity") == "5:5")
        #expect(try place("tables", "t", "columns", "a") == "9:7")
        #expect(try place("tables", "t", "columns", "a", "allow") == "9:12")
        #expect(try place("tables", "t", "columns", "a", "allow", "filter_equal") == "9:22")
        #expect(try place("tables", "t", "columns", "a", "bounds", "1.5") == "9:35")
    }

    @Test("what is not written stands where the nearest thing above it stands")
    func notWritten() throws {
        #expect(try place("tables", "t", "columns", "p", "allow", "join") == "8:7")
        #expect(try place("tables", "t", "release", "rounding") == "4:3")
        #expect(try place("floors") == "2:1")
    }

    @Test("what is no document has none")
    func refused() {
        #expect(throws: DocumentError.self) { try DocumentReader.places(of: Array("a: b".utf8), fileName: "f") }
    }
}
