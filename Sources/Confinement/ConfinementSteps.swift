// SPDX-License-Identifier: Apache-2.0

import CSandbox
import Glibc

/// The steps of confinement, each recorded as applied or not available.
struct ConfinementSteps {
    let options: ConfinementOptions
    private(set) var report = ConfinementReport()

    init(options: ConfinementOptions) { self.options = options }

    mutating func limitDescriptors() throws(ConfinementError) {
        var first: UInt32 = 0
        var status: Int32 = 0
        for kept in options.keptDescriptors.filter({ $0 >= 0 }).sorted().map(UInt32.init) {
            if kept > first { status = min(status, csandbox_close_range(first, kept - 1)) }
            first = kept + 1
        }
        status = min(status, csandbox_close_range(first, .max))
        try settle(.descriptors, status)
    }

    mutating func limitResources() throws(ConfinementError) {
        try limit(.noCoreDump, CSANDBOX_LIMIT_CORE, to: 0)
        try limit(.openFiles, CSANDBOX_LIMIT_OPEN_FILES, to: UInt64(max(options.openFiles, 0)))
        // Before the user namespace, in which even root may not raise it any more.
        try limit(.lockedMemory, CSANDBOX_LIMIT_LOCKED_MEMORY, to: options.lockedMemoryBytes ?? .max)
        if let bytes = options.fileSizeBytes { try limit(.fileSize, CSANDBOX_LIMIT_FILE_SIZE, to: bytes) }
        if let bytes = options.dataBytes { try limit(.dataSize, CSANDBOX_LIMIT_DATA, to: bytes) }
    }

    /// No process-number namespace: it would hold for children only, and the kernel then refuses new threads.
    mutating func enterNamespaces() throws(ConfinementError) {
        let namespaces = [
            (Mechanism.userNamespace, CSANDBOX_NAMESPACE_USER), (.networkNamespace, CSANDBOX_NAMESPACE_NETWORK),
            (.ipcNamespace, CSANDBOX_NAMESPACE_IPC), (.utsNamespace, CSANDBOX_NAMESPACE_UTS),
            (.mountNamespace, CSANDBOX_NAMESPACE_MOUNT),
        ]
        for (mechanism, kind) in namespaces where !isOmitted(mechanism) { try settle(mechanism, csandbox_unshare(kind)) }
        guard !isOmitted(.emptyRoot) else { return }
        // Never without a mount table of our own: it would take the root away from everybody.
        if report.isApplied(.mountNamespace) {
            try settle(.emptyRoot, csandbox_empty_root())
        } else {
            try settle(.emptyRoot, .notAvailable(reason: Mechanism.mountNamespace.rawValue))
        }
    }

    /// After the namespaces, because entering one makes the process dumpable again and forgets the parent-death signal.
    mutating func dropPrivileges() throws(ConfinementError) {
        try settle(.noNewPrivileges, csandbox_no_new_privileges())
        try settle(.noCapabilities, csandbox_drop_capabilities())
        try settle(.notDumpable, csandbox_not_dumpable())
        try settle(.parentDeathSignal, csandbox_parent_death_signal(SIGKILL))
    }

    mutating func denyPaths() throws(ConfinementError) {
        guard !isOmitted(.landlock) else { return }
        let version = csandbox_landlock_version()
        try settle(.landlock, version < 0 ? version : csandbox_landlock_deny_all(version), detail: "version \(version)")
    }

    mutating func filterSystemCalls(_ profile: Profile) throws(ConfinementError) {
        guard let filter = csandbox_filter_create() else {
            return try settle(.systemCallFilter, .notAvailable(reason: ConfinementError.name(ofSystemError: ENOMEM)))
        }
        defer { csandbox_filter_destroy(filter) }
        for rule in profile.rules {
            let status = rule.add(to: filter)
            guard status == 0 else { return try settle(.systemCallFilter, status, failedAt: rule.call) }
        }
        try settle(.systemCallFilter, csandbox_filter_load(filter), detail: "\(profile.rules.count) calls")
    }

    private func isOmitted(_ mechanism: Mechanism) -> Bool {
        options.omitted.contains(mechanism) && !ConfinementOptions.minimum.contains(mechanism)
    }

    private mutating func limit(_ mechanism: Mechanism, _ kind: csandbox_limit, to wanted: UInt64) throws(ConfinementError) {
        guard !isOmitted(mechanism) else { return }
        var reached: UInt64 = 0
        let status = csandbox_limit_set(kind, wanted, 1, &reached)
        try settle(mechanism, status, detail: reached == .max ? "unlimited" : String(reached))
    }

    private mutating func settle(
        _ mechanism: Mechanism, _ status: Int32, detail: String = "", failedAt place: String = ""
    ) throws(ConfinementError) {
        guard status < 0 else { return try settle(mechanism, .applied(detail: detail)) }
        let reason = ConfinementError.name(ofSystemError: -status)
        try settle(mechanism, .notAvailable(reason: place.isEmpty ? reason : "\(place) \(reason)"))
    }

    /// Records the state; refuses when something needed is missing.
    private mutating func settle(_ mechanism: Mechanism, _ state: ConfinementReport.State) throws(ConfinementError) {
        report.record(mechanism, state)
        guard case .notAvailable(let reason) = state else { return }
        if options.required.union(ConfinementOptions.minimum).contains(mechanism) {
            throw ConfinementError(.mechanismMissing, [mechanism.rawValue, reason])
        }
    }
}
