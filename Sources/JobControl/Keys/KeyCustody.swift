// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import DurableFiles
import Glibc

/// Key files are readable by the domain's account only.
let secretFileMode: mode_t = 0o600

/// The keys of a domain and who holds them.
///
/// The root key is sealed by the authority's passphrase and wraps every unit's key, so that the authority can always recover them. The
/// custody key lies in a file of its own that only the domain's account can read; it wraps the same keys once more, so that approved jobs
/// run while no authority is present. No operator ever holds either. The hierarchy below: unit → table version → column.
struct KeyCustody: Sendable {
    let paths: DomainPaths
    let files: DurableFiles
    /// Path of the custody key; outside the domain when the environment says so.
    let custodyPath: String
    let custody: SecretKey

    /// Name under which the key of all entity directories is kept.
    private static let directoryOwner = "@entity-directories"
    private static let custodyMagic = Array("YNCU".utf8) + [1]

    /// Reads the custody key. Throws `key.file-missing` or `key.file-damaged` with the path.
    init(paths: DomainPaths, files: DurableFiles, custodyPath: String) throws {
        self.paths = paths
        self.files = files
        self.custodyPath = custodyPath
        let bytes = try Self.readKeyFile(custodyPath)
        guard bytes.count == Self.custodyMagic.count + SecretKey.byteCount, bytes.starts(with: Self.custodyMagic) else {
            throw ControlError(.keyFileDamaged, custodyPath)
        }
        custody = try bytes.withUnsafeBytes { try SecretKey(copying: UnsafeRawBufferPointer(rebasing: $0[Self.custodyMagic.count...])) }
    }

    /// Makes root, custody, log and directory keys for a new domain.
    static func create(
        paths: DomainPaths, files: DurableFiles, custodyPath: String, authority: String, passphrase: [UInt8],
        strength: PassphraseSeal.Strength
    ) throws -> (custody: KeyCustody, logKey: SigningKey) {
        let root = SecretKey.random()
        let custody = SecretKey.random()
        let logSeed = SecretKey.random()
        try files.write(custody.withBytes { custodyMagic + Array($0) }, to: custodyPath, mode: secretFileMode)
        try files.write(logSeed.wrap(under: custody, context: logContext), to: paths.key("log.key"), mode: secretFileMode)
        let keys = try KeyCustody(paths: paths, files: files, custodyPath: custodyPath)
        try keys.sealRoot(root, for: authority, passphrase: passphrase, strength: strength)
        try keys.createOwnerKey(directoryOwner, root: root)
        return (keys, try logSeed.withBytes { try SigningKey(seed: $0) })
    }

    /// The log's signing key.
    func logKey() throws -> SigningKey {
        let seed = try unwrap("log.key", context: Self.logContext)
        return try seed.withBytes { try SigningKey(seed: $0) }
    }

    /// The root key, opened by an authority's passphrase. Throws `crypto.wrong-passphrase`.
    func rootKey(authority: String, passphrase: [UInt8]) throws -> SecretKey {
        let sealed = try Self.readKeyFile(paths.key(Self.rootFileName(authority)))
        return try PassphraseSeal.open(sealed, passphrase: passphrase, context: Self.rootContext(authority))
    }

    /// Seals the root key by an authority's passphrase: each authority has a copy of its own.
    func sealRoot(_ root: SecretKey, for authority: String, passphrase: [UInt8], strength: PassphraseSeal.Strength) throws {
        let sealed = try PassphraseSeal.seal(root, passphrase: passphrase, context: Self.rootContext(authority), strength: strength)
        try files.write(sealed, to: paths.key(Self.rootFileName(authority)), mode: secretFileMode)
    }

    /// Whether a unit has a key.
    func hasUnitKey(_ unit: String) -> Bool { files.exists(paths.key(Self.fileName(unit, "custody"))) }

    /// Makes the key of a unit.
    func createUnitKey(_ unit: String, root: SecretKey) throws { try createOwnerKey(unit, root: root) }

    /// The key of one table version. Throws `key.file-missing` when the unit has no key.
    func tableVersionKey(unit: String, table: String, version: Int64) throws -> SecretKey {
        let context: JSONValue = [.string(table), .integer(version)]
        return try ownerKey(unit).derive("table version", context.canonicalBytes)
    }

    /// The key of one entity type's directory.
    func directoryKey(entity: String) throws -> SecretKey {
        try ownerKey(Self.directoryOwner).derive("entity directory", Array(entity.utf8))
    }

    private func ownerKey(_ owner: String) throws -> SecretKey {
        try unwrap(Self.fileName(owner, "custody"), context: Self.ownerContext(owner))
    }

    private func createOwnerKey(_ owner: String, root: SecretKey) throws {
        let key = SecretKey.random()
        let context = Self.ownerContext(owner)
        try files.write(key.wrap(under: root, context: context), to: paths.key(Self.fileName(owner, "root")), mode: secretFileMode)
        try files.write(
            key.wrap(under: custody, context: context), to: paths.key(Self.fileName(owner, "custody")), mode: secretFileMode)
    }

    private func unwrap(_ name: String, context: [UInt8]) throws -> SecretKey {
        let path = paths.key(name)
        let wrapped = try Self.readKeyFile(path)
        do {
            return try SecretKey.unwrap(wrapped, under: custody, context: context)
        } catch {
            throw ControlError(.keyFileDamaged, path)
        }
    }

    private static func readKeyFile(_ path: String) throws -> [UInt8] {
        do {
            return try InputFile.read(path, limitBytes: Limits.keyFileBytes)
        } catch where error.code == .fileUnreadable {
            throw ControlError(.keyFileMissing, path)
        }
    }

    /// File names tell nothing about the unit and hold any name.
    private static func fileName(_ owner: String, _ suffix: String) -> String {
        SHA256.hash(Array(owner.utf8)).hex.prefix(32) + "." + suffix
    }

    private static func rootFileName(_ authority: String) -> String { fileName(authority, "authority") }
    private static func rootContext(_ authority: String) -> [UInt8] { Array("yunei root key\0".utf8) + Array(authority.utf8) }
    private static let logContext = Array("yunei log key".utf8)
    private static func ownerContext(_ owner: String) -> [UInt8] { Array("yunei unit key\0".utf8) + Array(owner.utf8) }
}
