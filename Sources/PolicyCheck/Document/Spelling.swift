// SPDX-License-Identifier: Apache-2.0

/// "Did you mean" for keys and words of documents.
public enum Spelling {
    /// The nearest name, or a dash when none is near. Ties go to the first.
    public static func nearest(to name: String, among names: [String]) -> String {
        let wanted = Array(name.lowercased().unicodeScalars.prefix(100))
        let allowed = max(1, min(3, wanted.count / 2))
        var best: (distance: Int, name: String)?
        for candidate in names {
            let found = distance(wanted, Array(candidate.unicodeScalars))
            if found <= allowed, found < candidate.unicodeScalars.count, found < best?.distance ?? .max { best = (found, candidate) }
        }
        return best?.name ?? "-"
    }

    /// Edits between two names (Levenshtein).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var row = Array(0...right.count)
        for (index, scalar) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, other) in right.enumerated() {
                let above = row[place + 1]
                row[place + 1] = min(above + 1, row[place] + 1, diagonal + (scalar == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
