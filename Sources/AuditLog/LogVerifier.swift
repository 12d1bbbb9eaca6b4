// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import DurableFiles

/// Derives a whole log again from its entries and compares every file of the directory with the result.
public struct LogVerifier {
    /// What was found. Without failures the log is exactly what its checkpoint says.
    public struct Report: Sendable {
        /// Nil when the checkpoint could not be read or trusted.
        public internal(set) var checkpoint: Checkpoint?
        public internal(set) var failures: [Failure] = []
        public var isIntact: Bool { checkpoint != nil && failures.isEmpty }
    }

    public struct Failure: Hashable, Sendable {
        public let code: AuditError.Code
        /// Below the log's directory.
        public let file: String
        /// The entry concerned, where one is.
        public let index: UInt64?

        /// The failure as an error, for its text.
        public var error: AuditError { AuditError(code, [file] + (index.map { [String($0)] } ?? [])) }
    }

    private let directory: String
    private let files: DurableFiles
    private var report = Report()

    /// Verifies a directory against the log's public key and, if given, a checkpoint noted earlier (a signed note),
    /// with which the log must still begin.
    public static func verify(
        directory: String, vkey: VerifierKey, knownCheckpoint: [UInt8]? = nil, files: DurableFiles = DurableFiles()
    ) -> Report {
        var verifier = LogVerifier(directory: directory, files: files)
        verifier.run(vkey, knownCheckpoint)
        return verifier.report
    }

    private init(directory: String, files: DurableFiles) {
        self.directory = directory
        self.files = files
    }

    private mutating func run(_ key: VerifierKey, _ knownNote: [UInt8]?) {
        guard let head = openHead("checkpoint", try? files.read("\(directory)/checkpoint"), key) else { return }
        report.checkpoint = head
        var known: Checkpoint?
        if let knownNote { known = openHead("known checkpoint", knownNote, key) }
        if let known, known.size > head.size { fail(.inconsistent, "checkpoint", known.size) }
        rederive(head, known)
        checkNames(below: "", head.size)
    }

    private mutating func openHead(_ name: String, _ note: [UInt8]?, _ key: VerifierKey) -> Checkpoint? {
        guard let note else {
            fail(.fileMissing, name)
            return nil
        }
        do {
            return try Checkpoint(opening: note, key: key)
        } catch {
            fail(error.code, name)
            return nil
        }
    }

    /// Leaf hashes from the bundles, tiles from the leaf hashes, the root from all.
    private mutating func rederive(_ head: Checkpoint, _ known: Checkpoint?) {
        var edge = TreeEdge()
        if let known, known.size == 0 { compareRoot(edge, known) }
        for path in Self.bundlePaths(head.size) {
            guard let leaves = leafHashes(path) else { return }
            for leaf in leaves {
                var completed: [TreeEdge.CompletedTile] = []
                edge.append(leaf) { completed.append($0) }
                for tile in completed { compare(tile.path, tile.hashes) }
                if let known, known.size == edge.size { compareRoot(edge, known) }
            }
        }
        for (path, hashes) in edge.partialTiles { compare(path, hashes) }
        if edge.root != head.root { fail(.rootMismatch, "checkpoint") }
    }

    static func bundlePaths(_ size: UInt64) -> some Sequence<TilePath> {
        (0..<(size + 255) / 256).lazy.map { index in
            TilePath(.entries, index: index, width: Int(min(256, size - index * 256)))
        }
    }

    private mutating func compareRoot(_ edge: TreeEdge, _ known: Checkpoint) {
        if edge.root != known.root { fail(.inconsistent, "known checkpoint", known.size) }
    }

    /// The hashes of a bundle's entries; where an entry disagrees with its tile the failure is noted and the tile's
    /// hash is used, so that the root tells which of the two was altered. Nil when neither can be read.
    private mutating func leafHashes(_ path: TilePath) -> [Digest]? {
        let reader = TreeReader(directory: directory, size: 0, files: files)
        let tilePath = TilePath(.tile(level: 0), index: path.index, width: path.width)
        let stored = try? reader.tile(tilePath)
        guard let entries = try? reader.bundle(path) else {
            fail(files.exists("\(directory)/\(path.text)") ? .bundleMalformed : .fileMissing, path.text)
            return stored
        }
        let hashes = entries.map { MerkleTree.leafHash($0) }
        guard let stored else { return hashes }
        for (offset, pair) in zip(hashes, stored).enumerated() where pair.0 != pair.1 {
            fail(.entryAltered, path.text, path.index * 256 + UInt64(offset))
        }
        return stored
    }

    private mutating func compare(_ path: TilePath, _ hashes: [Digest]) {
        let reader = TreeReader(directory: directory, size: 0, files: files)
        guard let stored = try? reader.tile(path) else {
            fail(files.exists("\(directory)/\(path.text)") ? .tileAltered : .fileMissing, path.text)
            return
        }
        if stored != hashes { fail(.tileAltered, path.text) }
    }

    /// Every file must be one of the layout's: nothing else may pretend to belong to the log.
    private mutating func checkNames(below folder: String, _ size: UInt64) {
        for name in (try? files.names(in: "\(directory)/\(folder)")) ?? [] {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            if files.isDirectory("\(directory)/\(path)") {
                checkNames(below: path, size)
            } else if path != "checkpoint" && !(name.hasPrefix(".") && name.hasSuffix(".tmp")) {
                checkFile(path, size)
            }
        }
    }

    private mutating func checkFile(_ text: String, _ size: UInt64) {
        guard let path = TilePath(parsing: text), let width = Self.width(of: path, size), path.width <= width else {
            fail(.fileUnexpected, text)
            return
        }
        // The widest form was compared already; narrower ones left from earlier must be its beginning.
        if path.width < width && !isBeginning(path, of: TilePath(path.kind, index: path.index, width: width)) {
            fail(path.kind == .entries ? .bundleMalformed : .tileAltered, text)
        }
    }

    private func isBeginning(_ path: TilePath, of wider: TilePath) -> Bool {
        let reader = TreeReader(directory: directory, size: 0, files: files)
        switch path.kind {
        case .entries:
            guard let short = try? reader.bundle(path), let long = try? reader.bundle(wider) else { return false }
            return long.starts(with: short)
        case .tile:
            guard let short = try? reader.tile(path), let long = try? reader.tile(wider) else { return false }
            return long.starts(with: short)
        }
    }

    /// How wide a tile is in a tree of that size; nil when the tree has no such tile.
    private static func width(of path: TilePath, _ size: UInt64) -> Int? {
        let count: UInt64
        switch path.kind {
        case .entries: count = size
        case .tile(let level): count = level < 8 ? size >> UInt64(8 * level) : 0
        }
        guard path.index <= count / 256 else { return nil }
        let width = path.index < count / 256 ? 256 : Int(count % 256)
        return width > 0 ? width : nil
    }

    private mutating func fail(_ code: AuditError.Code, _ file: String, _ index: UInt64? = nil) {
        report.failures.append(Failure(code: code, file: file, index: index))
    }
}
