// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CryptoSuites
import DurableFiles
import TestBasics
import Testing

/// A log in a temporary directory, with the entries of the reference tiles.
struct LogFolder {
    static let origin = "sandbox.example/audit/2026"
    let folder: TemporaryDirectory
    let key: SigningKey

    init(inMemory: Bool = true) throws {
        folder = try TemporaryDirectory(inMemory: inMemory)
        key = try SigningKey(
            seed: try #require(Hexadecimal.decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")))
    }

    var directory: String { folder("audit") }
    var stateDirectory: String { folder("state") }

    func create(_ files: DurableFiles = DurableFiles()) throws -> AuditLog {
        try AuditLog.create(
            directory: directory, stateDirectory: stateDirectory, origin: Self.origin, key: key, files: files)
    }

    func open(_ files: DurableFiles = DurableFiles()) throws -> AuditLog {
        try AuditLog.open(directory: directory, stateDirectory: stateDirectory, key: key, files: files)
    }

    func verify(known: [UInt8]? = nil) throws -> LogVerifier.Report {
        LogVerifier.verify(
            directory: directory, vkey: try VerifierKey(name: Self.origin, key: key.publicKey), knownCheckpoint: known)
    }

    static func entry(_ index: Int) -> [UInt8] {
        Array("{\"seq\":\(index),\"act\":\"作业提交\",\"who\":\"op-\(index % 7)\"}".utf8)
    }

    static func entries(_ range: Range<Int>) -> [[UInt8]] { range.map { entry($0) } }
}
