// SPDX-License-Identifier: Apache-2.0

import AuditLog
import CanonicalJSON
import CryptoSuites
import DurableFiles
import Glibc
import MetadataStore

extension Domain {
    /// What a new domain is to be.
    public struct Settings: Sendable {
        public var authority: String
        public var organisation: String
        public var suite: String
        public var isRehearsal: Bool
        /// Argon2id cost for the sealed keys of this domain.
        public var strength: PassphraseSeal.Strength

        public init(authority: String, organisation: String, suite: String, isRehearsal: Bool, strength: PassphraseSeal.Strength) {
            self.authority = authority
            self.organisation = organisation
            self.suite = suite
            self.isRehearsal = isRehearsal
            self.strength = strength
        }
    }

    /// Makes a domain with its first identity, the authority. The directory must not hold a domain yet; a half-made one from an
    /// interrupted attempt (no domain.json) is made anew. Entry 0 records formats, suite and the authority's key.
    public static func create(
        at directory: String, settings: Settings, custodyPath: String?, passphrases: PassphraseSource, clock: Clock = .system
    ) throws {
        _ = try Suite.named(settings.suite)
        try checkIdentityName(settings.authority)
        let paths = DomainPaths(root: directory)
        let files = DurableFiles.process
        guard !files.exists(paths.description) else { throw ControlError(.domainExists, paths.root) }
        guard let passphrase = try passphrases(settings.authority), !passphrase.isEmpty else {
            throw ControlError(.passphraseMissing, settings.authority, environmentName(settings.authority))
        }
        try requireFreeCustodyPath(custodyPath, paths, files)
        let wasBegun = files.exists(paths.lock)
        try requireEmptyOrHalfMade(paths, files, wasBegun: wasBegun)
        try files.makeDirectory(paths.root)
        let lock = try takeLock(paths, files)
        defer { withExtendedLifetime(lock) {} }
        guard !files.exists(paths.description) else { throw ControlError(.domainExists, paths.root) }
        if wasBegun { try clearHalfMade(paths, files) }
        for path in paths.directories { try files.makeDirectory(path) }
        let (_, logKey) = try KeyCustody.create(
            paths: paths, files: files, custodyPath: custodyPath ?? paths.key("custody.key"),
            authority: settings.authority, passphrase: passphrase, strength: settings.strength)
        let authorityKey = SigningKey.random()
        try writeIdentity(
            name: settings.authority, key: authorityKey, passphrase: passphrase, strength: settings.strength, paths: paths, files: files)
        let origin = "yunei.example/" + SHA256.hash(logKey.publicKey.bytes).hex.prefix(16)
        let description = DomainDescription(
            origin: origin, suite: settings.suite, isRehearsal: settings.isRehearsal, logKey: logKey.publicKey)
        try writeFirstEntry(description, settings: settings, authorityKey: authorityKey, logKey: logKey, paths: paths, files: files, clock: clock)
        try files.write(description.json.canonicalBytes, to: paths.description, mode: 0o640)
    }

    /// A custody key outside the domain may be another domain's: it is never replaced.
    private static func requireFreeCustodyPath(_ path: String?, _ paths: DomainPaths, _ files: DurableFiles) throws(ControlError) {
        guard let path, path != paths.key("custody.key") else { return }
        guard !files.exists(path) else { throw ControlError(.outputUnwritable, path, String(cString: strerror(EEXIST))) }
        try OutputFile.requirePlace(path)
    }

    /// Half-made means: begun by this program (the lock is its first file) and never opened. Everything else that lies there, such as a
    /// domain that has lost its domain.json, is left alone.
    private static func requireEmptyOrHalfMade(_ paths: DomainPaths, _ files: DurableFiles, wasBegun: Bool) throws {
        let holdsObjects = try holdsFiles(paths.objects, files)
        let isUsed = files.exists(paths.metadata) || holdsObjects
        let remains = try paths.directories.dropFirst().contains { try holdsFiles($0, files) }
        let isLeftAlone = isUsed || (remains && !wasBegun)
        guard !isLeftAlone else { throw ControlError(.domainExists, paths.root) }
    }

    private static func holdsFiles(_ directory: String, _ files: DurableFiles) throws -> Bool {
        files.isDirectory(directory) ? try !files.names(in: directory).isEmpty : false
    }

    private static func clearHalfMade(_ paths: DomainPaths, _ files: DurableFiles) throws {
        try files.removeTemporaries(in: paths.root)
        for directory in paths.directories.dropFirst() where files.isDirectory(directory) { try removeTree(directory, files) }
    }

    private static func removeTree(_ directory: String, _ files: DurableFiles) throws {
        for name in try files.names(in: directory) {
            let path = directory + "/" + name
            if files.isDirectory(path) { try removeTree(path, files) } else { try files.remove(path) }
        }
        try files.remove(directory)
    }

    private static func writeFirstEntry(
        _ description: DomainDescription, settings: Settings, authorityKey: SigningKey, logKey: SigningKey, paths: DomainPaths,
        files: DurableFiles, clock: Clock
    ) throws {
        let body: JSONValue = [
            "name": .string(settings.authority), "role": .string(Role.authority.rawValue), "organisation": .string(settings.organisation),
            "key": .string(authorityKey.publicKey.hex), "domain": description.json,
            "formats": ["entry": .integer(LogEntry.format), "domain": .integer(DomainDescription.format), "log": "c2sp.org/tlog-tiles"],
        ]
        let entry = LogEntry(
            type: .domainCreated, time: clock.text, actor: settings.authority, signingKey: authorityKey, body: body)
        let log = try AuditLog.create(
            directory: paths.audit, stateDirectory: paths.auditState, origin: description.origin, key: logKey, files: files)
        _ = try log.append([entry.json.canonicalBytes])
    }

    static func writeIdentity(
        name: String, key: SigningKey, passphrase: [UInt8], strength: PassphraseSeal.Strength, paths: DomainPaths, files: DurableFiles
    ) throws {
        let sealed = try PassphraseSeal.seal(key, passphrase: passphrase, context: identityContext(name), strength: strength)
        try files.write(sealed, to: paths.identityKey(name), mode: secretFileMode)
    }

    static func identityContext(_ name: String) -> [UInt8] { Array("yunei identity\0".utf8) + Array(name.utf8) }

    /// Names become file names and environment variables: letters, digits, `-`, `_`, `.`, and anything beyond ASCII, not beginning with a dot.
    static func checkIdentityName(_ name: String) throws(ControlError) {
        let isAcceptable = name.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII ? (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_.".unicodeScalars.contains(scalar))
                : scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
        guard !name.isEmpty, isAcceptable, !name.hasPrefix("."), name != LogEntry.domainActor,
            name.utf8.count <= Limits.identityNameBytes
        else { throw ControlError(.identityName, String(Limits.identityNameBytes)) }
    }

    /// `YUNEI_PASSPHRASE_<NAME>`: upper case, everything but letters and digits an underscore.
    public static func environmentName(_ identity: String) -> String {
        "YUNEI_PASSPHRASE_" + String(identity.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }
}
