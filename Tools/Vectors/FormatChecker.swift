// SPDX-License-Identifier: Apache-2.0
import CanonicalJSON
import Foundation

/// Recognises reference files of one format by their shape and runs all their cases. A new format is a line in ``all``.
struct FormatChecker: Sendable {
    /// Nil when the file is of another format.
    let check: @Sendable (ReferenceFile) -> Outcome?

    static let all: [FormatChecker] = [
        FormatChecker { ChunkedVectors.check($0) },
        FormatChecker { NoteVectors.check($0) },
        FormatChecker { MerkleVectors.check($0) },
        FormatChecker { TileVectors.check($0) },
        FormatChecker { LaterVectors.check($0) },
        FormatChecker { file in
            SDCVectors.check(file.name, read: { file.sibling($0) }).map {
                Outcome(agreed: $0.agreedCount, failures: $0.failures)
            }
        },
    ]
}

/// What became of the cases of one file.
struct Outcome {
    var agreed = 0
    /// One line for each case that did not agree.
    var failures: [String] = []
    /// Cases that this version has no implementation for.
    var skipped: [(count: Int, why: String)] = []

    /// Counts one case; what throws has failed.
    mutating func note(_ name: String, _ agrees: () throws -> Bool) {
        do {
            if try agrees() {
                agreed += 1
            } else {
                failures.append(name)
            }
        } catch {
            failures.append("\(name): \(error)")
        }
    }

    /// Counts one case that must be refused by an error.
    mutating func noteRefused(_ name: String, _ call: () throws -> Void) {
        note(name) {
            do {
                try call()
                return false
            } catch { return true }
        }
    }
}

/// A reference file has not the shape that its format says.
struct ShapeError: Error, CustomStringConvertible {
    let description: String
}

/// A file below the directory that was given.
struct ReferenceFile {
    let path: String
    let bytes: [UInt8]
    /// Nil when the file is no JSON document without fractions.
    let json: JSONValue?
    private let location: URL

    init(_ location: URL, path: String) throws {
        self.location = location
        self.path = path
        bytes = [UInt8](try Data(contentsOf: location))
        json = path.hasSuffix(".json") ? try? JSONValue.parse(bytes) : nil
    }

    var name: String { location.lastPathComponent }

    /// The bytes of a file in the same folder.
    func sibling(_ name: String) -> [UInt8]? {
        (try? Data(contentsOf: location.deletingLastPathComponent().appendingPathComponent(name))).map { [UInt8]($0) }
    }
}

/// The directory that was given.
struct ReferenceFolder {
    private let root: URL

    /// Nil when it is no directory.
    init?(_ path: String) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            return nil
        }
        root = URL(fileURLWithPath: path, isDirectory: true)
    }

    /// All files at any depth, sorted by path.
    func files() -> [ReferenceFile] {
        let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return paths.sorted().compactMap { path in
            try? ReferenceFile(root.appendingPathComponent(path), path: path)
        }
    }
}

extension JSONValue {
    /// The member of that name, which must be there.
    func require(_ name: String) throws -> JSONValue {
        guard let value = self[name] else { throw ShapeError(description: "\(name) is missing") }
        return value
    }

    func requireText(_ name: String) throws -> String {
        guard let text = try require(name).text else { throw ShapeError(description: "\(name) is no text") }
        return text
    }

    func requireSize(_ name: String) throws -> UInt64 {
        guard let number = try require(name).number, let size = UInt64(exactly: number) else {
            throw ShapeError(description: "\(name) is no size")
        }
        return size
    }

    func requireTexts(_ name: String) throws -> [String] {
        guard let texts = try require(name).elements?.map(\.text), !texts.contains(nil) else {
            throw ShapeError(description: "\(name) is no list of texts")
        }
        return texts.compactMap { $0 }
    }
}
