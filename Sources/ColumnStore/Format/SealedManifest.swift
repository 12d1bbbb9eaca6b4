// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites

/// The manifest as a file: "YNMF", format version, two zero bytes after it, length and canonical JSON of the public part, then the
/// sealed canonical JSON (C2SP chunked-encryption, bound to all bytes in front of it).
enum SealedManifest {
    private static let magic = Array("YNMF".utf8)
    private static let version: UInt8 = 1

    static func seal(_ manifest: Manifest, key: SecretKey, random: RandomBytes, bytesMaximum: Int) throws(StoreError) -> [UInt8] {
        let head = header(manifest.identity)
        let body = manifest.json.canonicalBytes
        let byteCount = head.count + ChunkedEncryption.sealedByteCount(messageBytes: body.count)
        guard head.count <= Limits.manifestHeadBytes else {
            throw StoreError(.limitExceeded, ["manifest", String(Limits.manifestHeadBytes)])
        }
        guard byteCount <= bytesMaximum else { throw StoreError(.limitExceeded, ["manifest", String(bytesMaximum)]) }
        do { return head + (try ChunkedEncryption.seal(body, inputKey: key, context: context(head), random: random)) } catch {
            throw StoreError(.cryptography, ["manifest"])
        }
    }

    /// Throws `store.manifest-altered`, `store.wrong-version` or `store.format-unknown`.
    static func open(_ bytes: [UInt8], key: SecretKey, identity: TableIdentity, blockBytesMaximum: Int) throws(StoreError) -> Manifest {
        guard bytes.count > 4, bytes.starts(with: magic) else { throw StoreError(.manifestAltered, [identity.table]) }
        guard bytes[4] == version else { throw StoreError(.formatUnknown, ["manifest"]) }
        let head = header(identity)
        guard bytes.starts(with: head) else { throw StoreError(.wrongVersion, [identity.table, String(identity.version)]) }
        let body: [UInt8]
        do { body = try ChunkedEncryption.open(Array(bytes[head.count...]), inputKey: key, context: context(head)) } catch {
            throw StoreError(.manifestAltered, [identity.table])
        }
        guard let json = try? JSONValue.parseCanonical(body), let manifest = Manifest(json: json, blockBytesMaximum: blockBytesMaximum), manifest.identity == identity else {
            throw StoreError(.manifestAltered, [identity.table])
        }
        return manifest
    }

    private static func header(_ identity: TableIdentity) -> [UInt8] {
        let document = identity.json.canonicalBytes
        return magic + [version, 0, UInt8(truncatingIfNeeded: document.count >> 8), UInt8(truncatingIfNeeded: document.count)] + document
    }

    private static func context(_ head: [UInt8]) -> [UInt8] { Array("yunei/manifest@v1".utf8) + [0] + head }
}
