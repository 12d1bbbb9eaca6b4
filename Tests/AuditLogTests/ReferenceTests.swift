// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CryptoSuites
import TestBasics
import Testing

/// Every case of Tests/Vectors/tlog.
@Suite struct ReferenceTests {
    @Test func verifierKeys() throws {
        let file = try VectorFiles.json("tlog/note.json")
        let keys = try #require(file["vkeys"] as? [[String: Any]])
        #expect(keys.count == 4)
        for key in keys {
            let text = try #require(key["vkey"] as? String)
            let parsed = try VerifierKey(parsing: text)
            #expect(parsed.text == text)
            if let id = key["key_id"] as? String { #expect(parsed.keyIDText == id) }
            guard let seedText = key["seed"] as? String else { continue }
            let seed = try #require(Hexadecimal.decode(seedText))
            #expect(try SigningKey(seed: seed).publicKey == parsed.key)
        }
    }

    @Test func notes() throws {
        let file = try VectorFiles.json("tlog/note.json")
        let cases = try #require(file["open"] as? [[String: Any]])
        #expect(cases.count == 12)
        for one in cases {
            let note = Array(try #require(one["note"] as? String).utf8)
            let texts = try #require(one["vkeys"] as? [String])
            let keys = try texts.map { try VerifierKey(parsing: $0) }
            var opened = false
            do throws(AuditError) {
                let parsed = try SignedNote(parsing: note)
                try parsed.verified(by: keys)
                opened = parsed.bytes == note
            } catch {}
            let why = one["why"] as? String ?? ""
            #expect(opened == (one["ok"] as? Bool), "\(why)")
        }
    }

    @Test func merkle() throws {
        let file = try VectorFiles.json("tlog/merkle.json")
        let leafTexts = try #require(file["leaves_hex"] as? [String])
        let leaves = try leafTexts.map { MerkleTree.leafHash(try #require(Hexadecimal.decode($0))) }
        #expect(leaves.map(\.hex) == file["leaf_hashes"] as? [String])
        #expect(MerkleTree.emptyRoot.hex == file["empty_root"] as? String)
        let rootTexts = try #require(file["roots_by_size"] as? [String: String])
        let roots = rootTexts.mapValues { Digest(hex: $0) }
        for (size, root) in roots { #expect(NaiveTree.root(leaves.prefix(try #require(Int(size)))) == root) }

        func check(_ one: [String: Any], inclusion: Bool) throws -> (holds: Bool, proof: [Digest]) {
            let texts = try #require(one["proof"] as? [String])
            let proof = texts.compactMap { Digest(hex: $0) }
            #expect(proof.count == texts.count)
            func root(_ name: String) throws -> (Int, Digest) {
                let size = try #require(one[name] as? Int)
                return (size, try #require(roots[String(size)] ?? nil))
            }
            if inclusion {
                let (size, root) = try root("size")
                let index = try #require(one["index"] as? Int)
                let leaf = leaves[min(index, 7)]
                return (
                    MerkleTree.verifiesInclusion(
                        of: leaf, index: UInt64(index), size: UInt64(size), root: root, proof: proof), proof
                )
            }
            let (old, oldRoot) = try root("old")
            let (new, newRoot) = try root("new")
            return (
                MerkleTree.verifiesConsistency(
                    oldSize: UInt64(old), oldRoot: oldRoot, newSize: UInt64(new), newRoot: newRoot, proof: proof), proof
            )
        }
        let inclusion = try #require(file["inclusion"] as? [[String: Any]])
        let consistency = try #require(file["consistency"] as? [[String: Any]])
        #expect(inclusion.count == 36 && consistency.count == 36)
        for one in inclusion {
            let (holds, proof) = try check(one, inclusion: true)
            #expect(holds)
            let size = try #require(one["size"] as? Int)
            #expect(NaiveTree.path(try #require(one["index"] as? Int), leaves.prefix(size)) == proof)
        }
        for one in consistency {
            let (holds, proof) = try check(one, inclusion: false)
            #expect(holds)
            let size = try #require(one["new"] as? Int)
            #expect(NaiveTree.proof(try #require(one["old"] as? Int), leaves.prefix(size)) == proof)
        }
        let mustFail = try #require(file["must_fail"] as? [[String: Any]])
        #expect(mustFail.count == 6)
        for one in mustFail {
            let inclusion = one["kind"] as? String == "inclusion"
            #expect(!(try check(one, inclusion: inclusion).holds))
        }
    }

    @Test func tilePaths() throws {
        let file = try VectorFiles.json("tlog/tiles.json")
        for one in try #require(file["paths"] as? [[String: Any]]) {
            let kind: TilePath.Kind = (one["level"] as? Int).map { .tile(level: $0) } ?? .entries
            let index = try #require(one["index"] as? Int)
            let path = TilePath(kind, index: UInt64(index), width: try #require(one["width"] as? Int))
            let text = try #require(one["path"] as? String)
            #expect(path.text == text)
            #expect(TilePath(parsing: text) == path)
        }
        for text in [
            "tile/0/0", "tile/0/1000", "tile/0/x000/001", "tile/0/001.p/0", "tile/0/001.p/256", "tile/64/000",
            "tile/00/000", "tile/0/000.p/01", "entries/000", "tile/entries/x001", "tile/0/000.p", "tile/0/000/", "tile",
        ] { #expect(TilePath(parsing: text) == nil, "\(text)") }
        for (size, count) in try #require(file["resource_counts"] as? [String: Int]) {
            #expect(TilePath.all(size: try #require(UInt64(size))).count == count)
        }
    }

    /// The log of 300 entries, file by file, and its proofs.
    @Test func smallLog() throws {
        let file = try VectorFiles.json("tlog/tiles.json")
        let folder = try LogFolder()
        let log = try folder.create()
        _ = try log.append(LogFolder.entries(0..<257))
        let old = try log.currentCheckpoint
        _ = try log.append(LogFolder.entries(257..<300))
        let note = try log.currentCheckpoint
        let roots = try #require(file["roots_by_size"] as? [String: String])
        let head = try Checkpoint(opening: note, key: log.verifierKey)
        #expect(Base64.encode(head.root.bytes) == roots["300"])
        #expect(Base64.encode(try Checkpoint(opening: old, key: log.verifierKey).root.bytes) == roots["257"])
        for one in try #require(file["resources_300"] as? [[String: String]]) {
            let path = try #require(one["path"])
            let bytes = try folder.folder.read("audit/\(path)")
            #expect(SHA256.hash(bytes).hex == one["sha256"])
        }
        func texts(_ proof: [Digest]) -> [String] { proof.map { Base64.encode($0.bytes) } }
        #expect(texts(try log.consistencyProof(from: 257, to: 300)) == file["consistency_257_300"] as? [String])
        #expect(texts(try log.inclusionProof(index: 73, size: 300)) == file["inclusion_73_in_300"] as? [String])
        #expect(try folder.verify(known: old).isIntact)
    }

    /// The log of 70,000 entries: two full levels of tiles.
    @Test func largeLog() throws {
        let file = try VectorFiles.json("tlog/tiles.json")
        let folder = try LogFolder()
        let log = try folder.create()
        let roots = try #require(file["roots_by_size"] as? [String: String])
        var size = 0
        for text in ["511", "65535", "65537", "70000"] {
            let next = try #require(Int(text))
            while size < next {
                let end = min(next, size + 30_000)
                _ = try log.append(LogFolder.entries(size..<end))
                size = end
            }
            let head = try Checkpoint(opening: try log.currentCheckpoint, key: log.verifierKey)
            #expect(Base64.encode(head.root.bytes) == roots[text])
        }
        for one in try #require(file["resources_70000_above_level0"] as? [[String: String]]) {
            let path = try #require(one["path"])
            #expect(SHA256.hash(try folder.folder.read("audit/\(path)")).hex == one["sha256"])
        }
        let proof = try log.consistencyProof(from: 65_537, to: 70_000).map { Base64.encode($0.bytes) }
        #expect(proof == file["consistency_65537_70000"] as? [String])
        #expect(try folder.verify().isIntact)
    }
}
