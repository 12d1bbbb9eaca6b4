// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing

extension Yunei {
    /// A directory for a domain, for the files of a test and for what its commands print.
    ///
    /// When its last holder lets go, everything in it is searched for planted values and keys, and it is removed. There is no other way
    /// to a domain or to a running program (Tests/Tidy checks that), so no test can leave the search out.
    final class Scratch: Sendable {
        let trail: Trail

        /// The working directory.
        var path: String { trail.work }

        init() throws { trail = try Trail() }

        deinit { for finding in trail.end() { Issue.record("\(finding)") } }
    }
}

/// What one scratch directory may hold, and what must not be found in it.
final class Trail: Sendable {
    let work: String
    private let root: String
    private let state = Mutex(State())

    private struct State {
        var planted = Canary.everywhere
        /// Files that the test itself wrote, as it wrote them.
        var inputs: [String: Data] = [:]
        var commands = 0
    }

    init() throws {
        CoreFiles.expectThem()
        root = FileManager.default.temporaryDirectory.appendingPathComponent("yunei-" + UUID().uuidString).path
        work = root + "/work"
        for path in [work, root + "/said"] { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        Self.begin(self)
    }

    // MARK: What must not be found

    var planted: Set<String> { state.withLock { $0.planted } }

    func plant(_ values: some Sequence<String>) { state.withLock { $0.planted.formUnion(values) } }

    /// A file of the test's own: exempt for as long as it holds exactly these bytes.
    func wrote(_ bytes: Data, to path: String) {
        state.withLock { $0.inputs[path] = bytes }
        if path.hasSuffix(".csv") { plant(Canary.cells(ofCSV: [UInt8](bytes)).values) }
    }

    /// Places for the output of one command. They are searched like everything else.
    func placesForOutput() -> (output: String, errors: String) {
        let number = state.withLock { state in
            state.commands += 1
            return state.commands
        }
        return ("\(root)/said/\(number).out", "\(root)/said/\(number).err")
    }

    // MARK: The search

    /// Where planted values or keys stand that should stand nowhere.
    func findings() -> [String] {
        let (planted, inputs) = state.withLock { ($0.planted, $0.inputs) }
        var failures: [String] = []
        var files: [(path: String, content: Data)] = []
        for path in paths {
            guard let content = FileManager.default.contents(atPath: path) else {
                failures.append("\(path) cannot be read")
                continue
            }
            if inputs[path] != content { files.append((path, content)) }
        }
        let values = CanarySearch.of(planted)
        let keys = CanarySearch.of(KeyMaterial.keys(in: files))
        for (path, content) in files {
            for needle in values.found(in: content) { failures.append("\(needle) in \(path)") }
            for needle in keys.found(in: content) where !KeyMaterial.isPlace(content, of: needle) { failures.append("\(needle) in \(path)") }
        }
        return failures
    }

    private var paths: [String] {
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return (names.map { root + "/" + $0 } + CoreFiles.paths).filter { path in
            var status = stat()
            return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }
    }

    // MARK: The end

    /// Searches, removes, and tells the first findings.
    fileprivate func end() -> [String] {
        let found = findings()
        try? FileManager.default.removeItem(atPath: root)
        Self.living.withLock { $0[root] = nil }
        return found.count <= 5 ? found : found.prefix(5) + ["and \(found.count - 5) more"]
    }

    private static let living = Mutex<[String: Trail]>([:])

    /// Domains that are kept for the length of the program end with it.
    private static let endsWithTheProgram: Int32 = atexit {
        let found = Trail.living.withLock { Array($0.values) }.flatMap { $0.end() }
        guard !found.isEmpty else { return }
        FileHandle.standardError.write(Data(found.map { "planted value found: \($0)\n" }.joined().utf8))
        fflush(nil)
        _exit(1)
    }

    private static func begin(_ trail: Trail) {
        _ = endsWithTheProgram
        living.withLock { $0[trail.root] = trail }
    }
}

/// Memory of crashed programs: asked for, so that the search would see it.
enum CoreFiles {
    private static let start = Date()
    private static let limit: Bool = {
        _ = start
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else { return false }
        limit.rlim_cur = limit.rlim_max
        return setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0
    }()

    static func expectThem() { _ = limit }

    /// Of executors that this program started itself: they share its working directory.
    static var paths: [String] {
        let directory = FileManager.default.currentDirectoryPath
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0 == "core" || $0.hasPrefix("core.") }.map { directory + "/" + $0 }.filter { path in
            let date = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
            return date.map { $0 >= start } ?? false
        }
    }
}
