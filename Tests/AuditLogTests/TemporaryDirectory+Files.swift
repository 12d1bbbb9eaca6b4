// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestBasics

extension TemporaryDirectory {
    func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: self(name)))) }

    func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: self(name)) }

    func copy(_ name: String, to other: String) throws {
        try FileManager.default.copyItem(atPath: self(name), toPath: self(other))
    }

    /// Paths of all files below a folder of this directory.
    func files(below name: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: self(name)).filter { path in
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: self("\(name)/\(path)"), isDirectory: &isDirectory)
            return !isDirectory.boolValue
        }.sorted()
    }
}

extension TemporaryDirectory {
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self(name)) }
}
