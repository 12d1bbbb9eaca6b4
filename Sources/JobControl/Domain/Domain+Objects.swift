// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import DurableFiles
import Glibc
import WireContract

extension Domain {
    /// Stores a document durably under its digest, before any entry names it. Storing it again changes nothing.
    func store(_ document: JSONValue) throws -> String {
        let bytes = document.canonicalBytes
        let digest = SHA256.hash(bytes).hex
        let path = paths.object(digest)
        if !files.exists(path) {
            try files.makeDirectory(paths.objects + "/" + digest.prefix(2))
            try files.write(bytes, to: path, mode: 0o640)
        }
        return digest
    }

    /// Reads a document by its digest. Throws `object.missing` or `object.altered`.
    func document(_ digest: String) throws -> JSONValue {
        let path = paths.object(digest)
        let bytes: [UInt8]
        do { bytes = try InputFile.read(path, limitBytes: JSONLimits.documentBytes) } catch { throw ControlError(.objectMissing, path) }
        guard SHA256.hash(bytes).hex == digest, let document = try? JSONValue.parseCanonical(bytes) else {
            throw ControlError(.objectAltered, path)
        }
        return document
    }

    /// Opens a stored object for an executor. Its content is authenticated there.
    func openObject(_ digest: String) throws -> OwnedDescriptor {
        let path = paths.object(digest)
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ControlError(.objectMissing, path) }
        return OwnedDescriptor(descriptor)
    }

    /// A file without a name for an executor to write into.
    func makeStagingDescriptor() throws -> OwnedDescriptor {
        OwnedDescriptor(try files.openUnnamed(in: paths.staging))
    }

    /// Gives a written descriptor its place among the objects.
    func link(_ descriptor: OwnedDescriptor, digest: String) throws {
        let path = paths.object(digest)
        guard !files.exists(path) else { return }
        try files.makeDirectory(paths.objects + "/" + digest.prefix(2))
        try files.link(descriptor.number, to: path)
    }
}
