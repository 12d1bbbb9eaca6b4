// SPDX-License-Identifier: Apache-2.0

import QueryPlan

/// "Did you mean" for keys and words of documents.
public enum Spelling {
    /// The nearest name, or a dash when none is near. Ties go to the first in order of bytes.
    public static func nearest(to name: String, among names: [String]) -> String { Suggestion.nearest(to: name, among: names) }
}
