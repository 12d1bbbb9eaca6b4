// SPDX-License-Identifier: Apache-2.0

import AuditLog
import CanonicalJSON
import CryptoSuites
import DurableFiles
import Glibc
import MetadataStore

extension Domain {
    /// Opens a domain for this process alone: waits a little for another process to leave, reads the keys, recovers the log, rolls the
    /// view forward, closes abandoned jobs.
    ///
    /// Throws `domain.missing`, `domain.locked`, `key.file-missing`, and what the log or the view report.
    public static func open(at directory: String, custodyPath: String?, clock: Clock = .system) throws -> Domain {
        try open(at: directory, custodyPath: custodyPath, clock: clock, ceilings: Limits.Ceilings())
    }

    package static func open(
        at directory: String, custodyPath: String?, clock: Clock = .system, ceilings: Limits.Ceilings
    ) throws -> Domain {
        let paths = DomainPaths(root: directory)
        let files = DurableFiles.process
        let description = try readDescription(paths)
        let lock = try takeLock(paths, files, milliseconds: ceilings.lockWaitMilliseconds)
        _ = try Suite.named(description.suite)
        let keys = try KeyCustody(paths: paths, files: files, custodyPath: custodyPath ?? paths.key("custody.key"))
        let logKey = try keys.logKey()
        guard logKey.publicKey == description.logKey else { throw ControlError(.keyFileDamaged, paths.key("log.key")) }
        let log = try AuditLog.open(directory: paths.audit, stateDirectory: paths.auditState, key: logKey, files: files)
        let metadata = try MetadataStore(path: paths.metadata)
        let domain = Domain(
            paths: paths, description: description, files: files, metadata: metadata, log: log, logKey: logKey, keys: keys,
            clock: clock, ceilings: ceilings, lock: lock)
        try domain.rollForward()
        try domain.removeUnfinishedFiles()
        try domain.closeAbandonedJobs()
        try domain.publishNewestResult()
        return domain
    }

    /// Reads what a domain is without opening it.
    public static func readDescription(_ paths: DomainPaths) throws(ControlError) -> DomainDescription {
        let bytes: [UInt8]
        do { bytes = try InputFile.read(paths.description, limitBytes: Limits.keyFileBytes) } catch {
            throw error.code == .fileTooLarge ? ControlError(.domainFormat, paths.description) : ControlError(.domainMissing, paths.root)
        }
        guard let json = try? JSONValue.parse(bytes) else { throw ControlError(.domainFormat, paths.description) }
        return try DomainDescription(json: json, path: paths.description)
    }

    /// Waits a little for another process to leave. Throws `domain.locked`.
    static func takeLock(
        _ paths: DomainPaths, _ files: DurableFiles, milliseconds: Int = Limits.Ceilings().lockWaitMilliseconds
    ) throws -> FileLock {
        for attempt in 0...(milliseconds / 100) {
            if attempt > 0 { usleep(100_000) }
            if let lock = try lockIfFree(paths, files) { return lock }
        }
        throw ControlError(.domainLocked, paths.root)
    }

    /// Nil while another process holds the lock.
    private static func lockIfFree(_ paths: DomainPaths, _ files: DurableFiles) throws -> FileLock? {
        do {
            return try FileLock(paths.lock, files: files)
        } catch {
            guard error.code == .locked else { throw error }
            return nil
        }
    }

    /// Deletes the metadata view and makes it again from the log.
    public static func rebuildMetadata(at directory: String, custodyPath: String?) throws -> Domain {
        let paths = DomainPaths(root: directory)
        _ = try readDescription(paths)
        try removeMetadata(paths, DurableFiles.process)
        return try open(at: directory, custodyPath: custodyPath)
    }

    private static func removeMetadata(_ paths: DomainPaths, _ files: DurableFiles) throws {
        let lock = try takeLock(paths, files)
        for suffix in ["", "-wal", "-shm"] where files.exists(paths.metadata + suffix) {
            try files.remove(paths.metadata + suffix)
        }
        withExtendedLifetime(lock) {}
    }
}
