// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of this package, as the style tests read them.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    struct File: CustomStringConvertible {
        /// Relative to the root.
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var description: String { path }
    }

    /// Folders of `Sources`.
    static let targets: [String] = children(of: "Sources").sorted()

    /// The files below `folder` whose names end in one of `endings`, in order of their paths.
    static func files(in folder: String, endings: [String]) -> [File] {
        let base = root.appendingPathComponent(folder)
        guard let walk = FileManager.default.enumerator(atPath: base.path) else { return [] }
        var found: [File] = []
        for case let path as String in walk where endings.contains(where: path.hasSuffix) && !path.contains(".build/") {
            guard let text = try? String(contentsOf: base.appendingPathComponent(path), encoding: .utf8) else { continue }
            found.append(File(path: "\(folder)/\(path)", text: text))
        }
        return found.sorted { $0.path < $1.path }
    }

    static func text(of path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path) }

    static func children(of folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)) ?? []
    }

    /// Our code: libraries, tests and tools.
    static let swift: [File] = ["Sources", "Tests", "Tools"].flatMap { files(in: $0, endings: [".swift"]) }
    static let sources: [File] = swift.filter { $0.path.hasPrefix("Sources/") }
}
