// SPDX-License-Identifier: Apache-2.0

import Testing

/// End-to-end tests cannot leave out the search for canaries: only a scratch directory, which searches when it goes, gives them a place
/// for a domain, and only the driver starts programs.
@Suite struct ScratchTests {
    /// Ways to a place outside the scratch directory, or to a process whose output nobody keeps.
    private static let ways = [
        "temporaryDirectory", "NSTemporaryDirectory", "mkdtemp", "mkstemp", "mkostemp", "tmpfile", "memfd_create", "itemReplacementDirectory",
        "posix_spawn", "posix_spawnp", "Process", "popen", "fork", "vfork", "execv", "execve", "execvp", "system", "freopen", "dup2",
    ]
    /// The tests of spilling put a full device in the place of a job's descriptor.
    private static let driver = [
        "Tests/EndToEnd/Scratch.swift": ["temporaryDirectory"], "Tests/EndToEnd/Program.swift": ["posix_spawn"],
        "Tests/EndToEnd/SpillTests.swift": ["dup2"],
    ]

    @Test func thereIsNoOtherPlace() {
        let files = SourceTree.files(in: "Tests/EndToEnd", endings: [".swift"])
        #expect(files.count > 15)
        for file in files {
            for way in Self.used(in: file.text) where Self.driver[file.path]?.contains(way) != true { Issue.record("\(file): \(way)") }
        }
        for (path, ways) in Self.driver {
            let text = files.first { $0.path == path }?.text ?? ""
            #expect(Self.used(in: text) == ways, "\(path)")
        }
    }

    @Test func waysAreSeen() {
        #expect(Self.used(in: "let a = FileManager.default.temporaryDirectory") == ["temporaryDirectory"])
        #expect(Self.used(in: "mkdtemp(&path)") == ["mkdtemp"])
        #expect(Self.used(in: "Process()") == ["Process"])
        #expect(Self.used(in: "ExecutorProcess()") == [])
        #expect(Self.used(in: "try x.write(to: \"/tmp/x\")") == ["/tmp"])
        #expect(Self.used(in: "let a = scratch.path // temporaryDirectory") == [])
    }

    /// A domain opened or made by its path lies in a scratch directory too: paths come from there, or from a literal, which is looked for.
    private static func used(in text: String) -> [String] {
        let words = Set(SwiftCode.of(text).split { !$0.isLetter && !$0.isNumber && $0 != "_" })
        let literal = text.contains("\"/tmp") || text.contains("\"/var") || text.contains("\"/dev/shm") ? ["/tmp"] : []
        return ways.filter { words.contains(Substring($0)) } + literal
    }
}
