// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import DurableFiles
import MetadataStore

extension Domain {
    /// Opens the private key of an identity.
    ///
    /// Throws `identity.unknown`, `key.file-missing`, `passphrase.missing`, `crypto.wrong-passphrase`, `identity.key-mismatch`.
    public func unlock(_ name: String, passphrases: PassphraseSource) throws -> Actor {
        guard let record = try metadata.identity(name) else { throw ControlError(.identityUnknown, name) }
        let path = paths.identityKey(name)
        guard files.exists(path) else { throw ControlError(.keyFileMissing, path) }
        guard let passphrase = try passphrases(name), !passphrase.isEmpty else {
            throw ControlError(.passphraseMissing, name, Self.environmentName(name))
        }
        let sealed = try InputFile.read(path, limitBytes: Limits.keyFileBytes)
        let key: SigningKey
        do {
            key = try PassphraseSeal.openSigningKey(sealed, passphrase: passphrase, context: Self.identityContext(name))
        } catch where error.code == .wrongPassphrase {
            throw ControlError(.passphraseWrong, name, Self.environmentName(name))
        }
        guard key.publicKey.hex == record.key else { throw ControlError(.identityKeyMismatch, name) }
        return Actor(record: record, signingKey: key)
    }

    /// Adds a person. Only an authority may; a unit's organisation gets its key with its first identity.
    public func addIdentity(
        name: String, role: Role, organisation: String, by authority: Actor, strength: PassphraseSeal.Strength,
        passphrases: PassphraseSource
    ) throws {
        try require(authority, anyOf: [.authority], for: "identity add")
        try Self.checkIdentityName(name)
        guard try metadata.identity(name) == nil else { throw ControlError(.identityExists, name) }
        guard let passphrase = try passphrases(name), !passphrase.isEmpty else {
            throw ControlError(.passphraseMissing, name, Self.environmentName(name))
        }
        if role == .unit { try makeUnitKey(organisation, authority: authority, passphrases: passphrases) }
        if role == .authority { try shareRoot(with: name, passphrase, authority: authority, strength, passphrases) }
        let key = SigningKey.random()
        try Self.writeIdentity(name: name, key: key, passphrase: passphrase, strength: strength, paths: paths, files: files)
        try record(
            .identityAdded, by: authority,
            body: [
                "name": .string(name), "role": .string(role.rawValue), "organisation": .string(organisation), "key": .string(key.publicKey.hex),
            ])
    }

    private func shareRoot(
        with name: String, _ passphrase: [UInt8], authority: Actor, _ strength: PassphraseSeal.Strength, _ passphrases: PassphraseSource
    ) throws {
        guard let own = try passphrases(authority.name) else {
            throw ControlError(.passphraseMissing, authority.name, Self.environmentName(authority.name))
        }
        let root = try keys.rootKey(authority: authority.name, passphrase: own)
        try keys.sealRoot(root, for: name, passphrase: passphrase, strength: strength)
    }

    /// A unit's key is made from the root, which the authority's passphrase opens.
    func makeUnitKey(_ unit: String, authority: Actor, passphrases: PassphraseSource) throws {
        guard !keys.hasUnitKey(unit), let passphrase = try passphrases(authority.name) else { return }
        try keys.createUnitKey(unit, root: try keys.rootKey(authority: authority.name, passphrase: passphrase))
    }

    /// Refuses an act that the person's role does not include.
    func require(_ actor: Actor, anyOf roles: Set<Role>, for act: String) throws(ControlError) {
        guard roles.contains(actor.role) else {
            throw ControlError(.roleNotPermitted, actor.name, actor.role.rawValue, act, roles.map(\.rawValue).sorted().joined(separator: ", "))
        }
    }
}
