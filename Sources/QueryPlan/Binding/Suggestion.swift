// SPDX-License-Identifier: Apache-2.0

/// The nearest of the names that may be seen, for "did you mean".
package enum Suggestion {
    /// The nearest name, small and capital letters alike, or a dash when none is near. Ties go to the first in order of bytes, and no more
    /// names than `Limits.suggestionCandidates` are compared, the first in that order.
    package static func nearest(to name: String, among names: [String]) -> String {
        let wanted = Array(name.lowercased().unicodeScalars)
        let allowed = max(1, min(3, wanted.count / 2))
        var best: (distance: Int, name: String)?
        for candidate in Set(names).sorted().prefix(Limits.suggestionCandidates) {
            let scalars = Array(candidate.lowercased().unicodeScalars)
            guard abs(scalars.count - wanted.count) <= allowed else { continue }
            let found = distance(wanted, scalars)
            if found <= allowed, found < max(wanted.count, scalars.count), found < best?.distance ?? .max { best = (found, candidate) }
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
