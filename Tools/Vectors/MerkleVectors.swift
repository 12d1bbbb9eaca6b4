// SPDX-License-Identifier: Apache-2.0
import AuditLog
import CanonicalJSON
import CryptoSuites

/// Files of small Merkle trees: leaf hashes, roots, proofs that hold and proofs that must not.
enum MerkleVectors {
    static func check(_ file: ReferenceFile) -> Outcome? {
        guard let json = file.json, json["leaves_hex"] != nil, json["roots_by_size"] != nil else { return nil }
        var outcome = Outcome()
        do {
            let tree = try Tree(json)
            try check(json, tree, &outcome)
        } catch {
            outcome.failures.append("\(error)")
        }
        return outcome
    }

    private struct Tree {
        let entries: [[UInt8]]
        let scratch: ScratchLog
        let roots: [Digest]

        init(_ json: JSONValue) throws {
            let entries = try json.requireTexts("leaves_hex").map { text in
                guard let bytes = Hexadecimal.decode(text) else {
                    throw ShapeError(description: "leaves_hex is not hexadecimal")
                }
                return bytes
            }
            let scratch = try ScratchLog()
            self.entries = entries
            self.scratch = scratch
            roots = try (0...entries.count).map { try scratch.root(size: UInt64($0)) { entries[Int($0)] } }
        }

        func root(_ size: UInt64) throws -> Digest {
            guard size < UInt64(roots.count) else { throw ShapeError(description: "size \(size) has no root") }
            return roots[Int(size)]
        }
    }

    private static func check(_ json: JSONValue, _ tree: Tree, _ outcome: inout Outcome) throws {
        if let empty = json["empty_root"]?.text {
            outcome.note("empty root") { MerkleTree.emptyRoot.hex == empty }
        }
        for (index, hash) in (json["leaf_hashes"]?.elements ?? []).enumerated() {
            outcome.note("leaf \(index)") {
                index < tree.entries.count && MerkleTree.leafHash(tree.entries[index]).hex == hash.text
            }
        }
        for (size, root) in json["roots_by_size"]?.members?.sorted(by: { $0.key < $1.key }) ?? [] {
            outcome.note("root of size \(size)") {
                guard let number = UInt64(size) else { return false }
                return try tree.root(number).hex == root.text
            }
        }
        for (number, one) in (json["inclusion"]?.elements ?? []).enumerated() {
            outcome.note("inclusion proof \(number)") {
                let made = try tree.scratch.log.inclusionProof(
                    index: one.requireSize("index"), size: one.requireSize("size"))
                return try made == proof(one) && holds(one, inclusion: true, tree)
            }
        }
        for (number, one) in (json["consistency"]?.elements ?? []).enumerated() {
            outcome.note("consistency proof \(number)") {
                let made = try tree.scratch.log.consistencyProof(
                    from: one.requireSize("old"), to: one.requireSize("new"))
                return try made == proof(one) && holds(one, inclusion: false, tree)
            }
        }
        for (number, one) in (json["must_fail"]?.elements ?? []).enumerated() {
            outcome.note("must fail \(number) (\(one["why"]?.text ?? ""))") {
                let kind = try one.requireText("kind")
                guard kind == "inclusion" || kind == "consistency" else {
                    throw ShapeError(description: "kind \(kind) is not known")
                }
                return try !holds(one, inclusion: kind == "inclusion", tree)
            }
        }
    }

    private static func proof(_ one: JSONValue) throws -> [Digest] {
        try one.requireTexts("proof").map { text in
            guard let digest = Digest(hex: text) else { throw ShapeError(description: "proof is no list of hashes") }
            return digest
        }
    }

    private static func holds(_ one: JSONValue, inclusion: Bool, _ tree: Tree) throws -> Bool {
        let proof = try proof(one)
        guard inclusion else {
            let (old, new) = (try one.requireSize("old"), try one.requireSize("new"))
            return MerkleTree.verifiesConsistency(
                oldSize: old, oldRoot: try tree.root(old), newSize: new, newRoot: try tree.root(new), proof: proof)
        }
        let (index, size) = (try one.requireSize("index"), try one.requireSize("size"))
        // An index beyond the tree has no leaf: whichever is tried must not verify.
        let leaf = index < UInt64(tree.entries.count) ? tree.entries[Int(index)] : tree.entries.last ?? []
        return MerkleTree.verifiesInclusion(
            of: MerkleTree.leafHash(leaf), index: index, size: size, root: try tree.root(size), proof: proof)
    }
}
