// SPDX-License-Identifier: Apache-2.0

import CSandbox
import Glibc

/// Locks the executor in before it has seen a byte.
public enum Confinement {
    /// Confines the calling process for good: no paths, no network, no programs, no other processes; only the descriptors it
    /// was given and those it receives later.
    ///
    /// Must come first in `main`, while there is one thread; libraries that read files when they start (libsodium, OpenSSL,
    /// iconv tables) are started before. What the kernel does not offer is left out and reported; the minimum is
    /// `ConfinementOptions.minimum`.
    /// - Throws: `several-threads`; `mechanism-missing` when the minimum or a required mechanism is not available. The process
    ///   is then half confined and must end.
    @discardableResult
    public static func confineExecutor(
        _ options: ConfinementOptions = ConfinementOptions()
    ) throws(ConfinementError) -> ConfinementReport {
        guard csandbox_thread_count() <= 1 else { throw ConfinementError(.severalThreads) }
        // Read before the file system goes, so that a faulty profile stops everything.
        let profile = try Profile.executor()
        csandbox_fix_allocator(Int32(Limits.allocatorArenas), Int32(Limits.allocatorMappingBytes))
        var steps = ConfinementSteps(options: options)
        try steps.limitDescriptors()
        try steps.limitResources()
        try steps.enterNamespaces()
        try steps.dropPrivileges()
        try steps.denyPaths()
        try steps.filterSystemCalls(profile)
        return steps.report
    }

    /// Raises this process's soft limit of open files towards `wanted` as far as the hard limit permits; gives what was reached.
    ///
    /// For the control side: descriptors on their way to an executor count against its limit.
    @discardableResult
    public static func raiseOpenFileLimit(to wanted: Int = 4 * Limits.openFiles) -> Int {
        var reached: UInt64 = 0
        guard let wanted = UInt64(exactly: wanted) else { return 0 }
        return csandbox_limit_set(CSANDBOX_LIMIT_OPEN_FILES, wanted, 0, &reached) == 0 ? Int(clamping: reached) : 0
    }

    /// Whether the machine has a swap area, so that unlocked memory could reach a disk. An unreadable list counts as yes.
    /// For the control side: it opens a file.
    public static var swapIsOn: Bool {
        guard let list = fopen("/proc/swaps", "re") else { return true }
        defer { fclose(list) }
        var line = [CChar](repeating: 0, count: 512)
        var lines = 0
        while fgets(&line, Int32(line.count), list) != nil { lines += 1 }
        // The first line is the heading.
        return lines != 1
    }
}
