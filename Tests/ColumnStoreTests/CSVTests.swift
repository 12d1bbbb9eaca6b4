// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import Glibc
import Tabular
import TestBasics
import Testing

/// RFC 4180 at its edges, in pairs, and the encodings of city files.
@Suite struct CSVTests {
    private func texts(_ csv: String) throws -> [[String?]] { try Workbench().load(Plans.one(.text), csv).rows() }

    @Test func lineEnds() throws {
        let expected: [[String?]] = [["a", "1"], ["b", "2"]]
        for csv in ["v,w\na,1\nb,2\n", "v,w\r\na,1\r\nb,2\r\n", "v,w\na,1\nb,2", "v,w\r\na,1\r\nb,2", "v,w\na,1\n\nb,2\n\n"] {
            #expect(try texts(csv) == expected)
        }
        #expect(throws: StoreError(.csvMalformed)) { try texts("v,w\ra,1\rb,2\r") }
    }

    @Test func quotes() throws {
        #expect(try texts("v,w\n\"a,b\",1\n") == [["a,b", "1"]])
        #expect(try texts("v,w\n\"a\"\"b\",\"1\"\n") == [["a\"b", "1"]])
        #expect(try texts("v,w\n\"a\r\nb\n\",1\n") == [["a\r\nb\n", "1"]])
        #expect(try texts("\"v\",\"w\"\n\"\",1\n") == [[nil, "1"]])
        for csv in ["v,w\na\"b,1\n", "v,w\n\"a\"b,1\n", "v,w\n\"a,1\n", "v,w\n\"a\" ,1\n"] {
            #expect(throws: StoreError(.csvMalformed)) { try texts(csv) }
        }
    }

    /// Fields that end at every place of a word, quoted and not, with both line ends.
    @Test func fieldsOfAllLengths() throws {
        var generator = SplitMix64(seed: 7)
        var csv = "v,w,x\n"
        var expected: [[String?]] = []
        for row in 0..<5_000 {
            let length = row % 29
            let text = String((0..<length).map { _ in "ab 就+-.#".randomElement(using: &generator) ?? "a" })
            let quoted = row % 3 == 1 ? "\"\(text)\"" : row % 3 == 2 ? "\"\(text),\"\"\n\"" : text
            let value = row % 3 == 2 ? text + ",\"\n" : text
            csv += "\(quoted),\(row),\"\(String(repeating: "y", count: row % 11))\"\(row % 5 == 0 ? "\r\n" : "\n")"
            expected.append([value.isEmpty ? nil : value, String(row)])
        }
        #expect(try texts(csv) == expected)
        #expect(try texts(String(csv.dropLast())) == expected)
    }

    /// Behind plain and wide characters: the shortest and the greatest of three bytes, and what is no character.
    @Test func edgesOfUTF8() throws {
        func encoding(_ bytes: [UInt8]) throws -> String? {
            let csv = Array("v,w\n就诊就诊abc就".utf8) + bytes + Array("就诊,1\n".utf8)
            do { return try Workbench().load(Plans.one(.text), csv).report?.encoding } catch { return nil }
        }
        let good: [[UInt8]] = [[0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF], [0xC2, 0x80], [0xF0, 0x90, 0x80, 0x80]]
        let bad: [[UInt8]] = [[0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xE4, 0x80], [0xE4, 0x80, 0x41], [0xC1, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]]
        for bytes in good { #expect(try encoding(bytes) == "UTF-8") }
        for bytes in bad { #expect(try encoding(bytes) != "UTF-8") }
    }

    @Test func malformedPlaceIsNamed() throws {
        do { _ = try texts("v,w\na,1\nb\"c,2\n") } catch let error as StoreError { #expect(error.arguments == ["2"]) }
    }

    @Test func raggedRowsAreBadValues() throws {
        let load = try Workbench().load(Plans.one(.text), "v,w\na\nb,1\nc,1,2\n")
        #expect(load.refusal?.badValues == [BadValue(row: 1, column: "", reason: .fieldCount), BadValue(row: 3, column: "", reason: .fieldCount)])
    }

    @Test func header() throws {
        #expect(try texts("w,x,v\n1,9,a\n") == [["a", "1"]])
        #expect(try Workbench().load(Plans.one(.text), "w,x,v,y\n1,9,a,8\n").report?.ignoredColumns == 2)
        #expect(throws: StoreError(.columnMissing)) { try texts("v,x\na,1\n") }
        #expect(throws: StoreError(.columnRepeated)) { try texts("v,w,v\na,1,b\n") }
        #expect(throws: StoreError(.headerMissing)) { try texts("") }
    }

    @Test func byteOrderMark() throws {
        #expect(try texts("\u{FEFF}v,w\n就诊,1\n") == [["就诊", "1"]])
    }

    @Test func zeroBytesAreRefused() throws {
        #expect(throws: StoreError(.byteZero)) { try texts("v,w\na\0b,1\n") }
    }

    /// 就诊 and 㐀 (four bytes) in GB18030.
    private static let chinese: [UInt8] = [0xBE, 0xCD, 0xD5, 0xEF, 0x81, 0x39, 0xEE, 0x39]

    @Test func gb18030IsDetected() throws {
        let csv = Array("v,w\n".utf8) + Self.chinese + Array(",1\n".utf8)
        let load = try Workbench().load(Plans.one(.text), csv)
        #expect(load.report?.encoding == "GB18030")
        #expect(try load.rows() == [["就诊㐀", "1"]])
        #expect(try Workbench().load(Plans.one(.text), "v,w\n就诊㐀,1\n").report?.encoding == "UTF-8")
    }

    @Test func gb18030AfterTheFirstMebibyte() throws {
        var csv = Array("v,w\n".utf8)
        while csv.count < Limits.encodingSampleBytes + 100 { csv.append(contentsOf: "plain,1\n".utf8) }
        csv += Self.chinese + Array(",2\n".utf8)
        let load = try Workbench().load(Plans.one(.text), csv)
        #expect(load.report?.encoding == "GB18030")
        #expect(try load.rows().last == ["就诊㐀", "2"])
        #expect(throws: StoreError(.encodingUnknown)) { try Workbench().load(Plans.one(.text), csv + [0xFF, 0xFF, 0x0A]) }
    }

    @Test func longGB18030() throws {
        var csv = Array("v,w\n".utf8)
        for row in 0..<200_000 { csv += Self.chinese.prefix(row % 2 == 0 ? 4 : 8) + Array(",\(row)\n".utf8) }
        let rows = try Workbench().load(Plans.one(.text), csv).rows()
        #expect(rows.count == 200_000)
        #expect(rows.indices.allSatisfy { rows[$0][0] == ($0 % 2 == 0 ? "就诊" : "就诊㐀") && rows[$0][1] == String($0) })
    }

    @Test func neitherEncoding() throws {
        #expect(throws: StoreError(.encodingUnknown)) { try Workbench().load(Plans.one(.text), Array("v,w\n".utf8) + [0xFF, 0xFF, 0x0A]) }
    }

    @Test func recordLimit() throws {
        let fill = { (count: Int) in "v,w,x\na,1,\"" + String(repeating: "y", count: count) + "\"\n" }
        #expect(try texts(fill(Limits.recordBytes - 7)) == [["a", "1"]])
        #expect(throws: StoreError(.recordTooLong)) { try texts(fill(Limits.recordBytes - 6)) }
    }

    @Test func textLimit() throws {
        let longest = String(repeating: "y", count: Limits.textBytes)
        #expect(try texts("v,w\n\(longest),1\n") == [[longest, "1"]])
        let load = try Workbench().load(Plans.one(.text), "v,w\n\(longest)y,1\n")
        #expect(load.refusal?.badValues == [BadValue(row: 1, column: "v", reason: .tooLong)])
    }

    @Test func streamsWithoutSeeking() throws {
        let bench = try Workbench()
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let csv = Array("v,w\na,1\nb,2\n".utf8)
        #expect(write(ends[1], csv, csv.count) == csv.count)
        close(ends[1])
        let plan = Plans.one(.text)
        let outputs = plan.files.map { _ in NamelessFile() }
        let keys = LoadKeys(version: bench.versionKey(plan.identity), directories: [:])
        let resources = LoadResources(source: ends[0], outputs: outputs.map(\.descriptor), decoder: bench.decoder)
        let outcome = try TableLoader(plan: plan, keys: keys, resources: resources).load()
        close(ends[0])
        #expect(try Load(plan: plan, outputs: outputs, outcome: outcome, versionKey: keys.version).rows() == [["a", "1"], ["b", "2"]])
    }
}
