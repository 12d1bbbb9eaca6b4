// SPDX-License-Identifier: Apache-2.0
import CanonicalJSON

/// Files of formats that this version has no implementation for: named, counted as skipped, never as agreed.
enum LaterVectors {
    static func check(_ file: ReferenceFile) -> Outcome? {
        if let members = file.json?.members, members["sm3"] != nil || members["sm4_gcm"] != nil {
            let count = members.values.reduce(0) { $0 + ($1.elements?.count ?? 1) }
            return Outcome(skipped: [(count, "the suite shangmi is not in this version")])
        }
        let lines = file.bytes.split(separator: 0x0A)
        func hasLine(_ word: String) -> Bool { lines.contains { $0.starts(with: "\(word) ".utf8) } }
        if hasLine("quorum") && hasLine("log") {
            return Outcome(skipped: [(lines.count, "witness policies are not in this version")])
        }
        return nil
    }
}
