// SPDX-License-Identifier: Apache-2.0

import Foundation
import SQLLogic
import Testing

/// Every file of Tests/SQLLogic within this process, in two layouts of the same rows.
@Suite("SQL logic")
struct SQLLogicTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("SQLLogic")

    static let names: [String] = {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.filter { $0.hasSuffix(".slt") }.sorted()
    }()

    static func file(_ name: String) throws -> TestFile {
        TestFile(String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self))
    }

    @Test("Answers are those of the files", arguments: names)
    func passes(name: String) throws {
        for layout in [MemorySession.Layout(), .init(workers: 2, blockRows: 3, partitionRows: 4, sharesDictionaries: false)] {
            var run = FileRun(MemorySession(layout))
            let tally = try run.run(try Self.file(name))
            for (line, message) in tally.failures + tally.refusals { Issue.record("\(name):\(line): \(message)") }
            #expect(tally.passed > 0)
        }
    }

    @Test("There are as many checks as were promised")
    func count() throws {
        let checks = try Self.names.map { name in
            try Self.file(name).records.filter { record in
                switch record.kind {
                case .query, .queryError: true
                case .statement, .hashThreshold, .unknown: false
                }
            }.count
        }
        #expect(checks.reduce(0, +) >= 1500)
    }
}
