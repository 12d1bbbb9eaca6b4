// SPDX-License-Identifier: Apache-2.0

import CryptoSuites

/// The keys that a load is given.
public struct LoadKeys: Sendable {
    /// The key of the table version that is written.
    public let version: SecretKey
    /// Keys of the directories in `LoadPlan.directoryTypes`.
    public let directories: [String: SecretKey]

    public init(version: SecretKey, directories: [String: SecretKey]) {
        self.version = version
        self.directories = directories
    }
}

/// The descriptors that a load is given. They stay the caller's.
public struct LoadResources {
    /// The CSV file.
    public let source: Int32
    /// Empty files, in the order of `LoadPlan.files`.
    public let outputs: [Int32]
    public let decoder: TextDecoder
    /// An empty file for what does not fit into memory; needed only beyond the budget.
    public let spill: Int32?
    /// Where bad rows are listed; without it one bad value refuses the load.
    public let reject: Int32?
    /// The directory versions to extend; a type without one begins at version 1.
    public let directories: [String: DirectoryInput]
    /// The version before, with all its files, for append and upsert.
    public let previous: StoredTable?
    /// Versions of the tables in `LoadPlan.viaTables`, each with key column and entity numbers.
    public let via: [String: StoredTable]
    public let memoryBudgetBytes: Int
    /// Threads of the load, at least 1.
    public let threads: Int

    public init(
        source: Int32, outputs: [Int32], decoder: TextDecoder, spill: Int32? = nil, reject: Int32? = nil,
        directories: [String: DirectoryInput] = [:], previous: StoredTable? = nil, via: [String: StoredTable] = [:],
        memoryBudgetBytes: Int = Limits.stagingBytes, threads: Int = 1
    ) {
        self.source = source
        self.outputs = outputs
        self.decoder = decoder
        self.spill = spill
        self.reject = reject
        self.directories = directories
        self.previous = previous
        self.via = via
        self.memoryBudgetBytes = memoryBudgetBytes
        self.threads = threads
    }
}

/// Loads a CSV file as a new version of a table: reads, judges, orders, encodes and seals it. Opens nothing itself.
///
/// Nothing is valid until the caller has recorded the returned digests; after an error or a refusal the outputs are worthless.
public final class TableLoader {
    private let plan: LoadPlan
    private let keys: LoadKeys
    private let resources: LoadResources
    private let random: RandomBytes
    private let ceilings: Limits.Ceilings

    public convenience init(plan: LoadPlan, keys: LoadKeys, resources: LoadResources, random: RandomBytes = .system) {
        self.init(plan: plan, keys: keys, resources: resources, random: random, ceilings: Limits.Ceilings())
    }

    package init(plan: LoadPlan, keys: LoadKeys, resources: LoadResources, random: RandomBytes, ceilings: Limits.Ceilings) {
        self.ceilings = ceilings
        self.plan = plan
        self.keys = keys
        self.resources = resources
        self.random = random
    }

    /// Loads. `progress` hears the number of rows read so far, every 65,536 rows.
    ///
    /// Throws `store.plan-invalid`, `store.column-missing`, `store.column-repeated`, `store.csv-malformed`, `store.encoding-unknown` and
    /// others of `StoreError.Code`. A file that looked like UTF-8 and is not is read again from its start as GB18030.
    public func load(progress: (Int64) -> Void = { _ in }) throws(StoreError) -> LoadOutcome {
        try plan.validate()
        guard resources.outputs.count == plan.outputFileCount else { throw StoreError(.planInvalid, ["outputs"]) }
        guard plan.mode == .replace || resources.previous != nil else { throw StoreError(.previousMissing, [plan.identity.table]) }
        let source = try TextSource(resources.source, decoder: resources.decoder, known: nil)
        do throws(StoreError) {
            return try run(source, progress)
        } catch {
            guard source.turnedInvalid, source.isSeekable else { throw error }
        }
        let again = try TextSource(resources.source, decoder: resources.decoder, known: .gb18030)
        return try run(again, progress)
    }

    private func run(_ source: TextSource, _ progress: (Int64) -> Void) throws(StoreError) -> LoadOutcome {
        let run = try LoadRun(plan, keys, resources, random, source, ceilings)
        var outcome: LoadOutcome?
        try withoutActuallyEscaping(progress) { (progress) throws(StoreError) in
            try run.threads.serve { () throws(StoreError) in outcome = try run.run(progress) }
        }
        guard let outcome else { throw StoreError(.outOfMemory) }
        return outcome
    }
}
