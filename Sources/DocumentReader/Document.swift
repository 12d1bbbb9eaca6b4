// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck

/// A document that was read: its kind and its canonical JSON, in which every key has its English name.
/// The same document in Chinese and in English has the same canonical JSON.
public struct Document: Sendable, Hashable {
    public let kind: DocumentKind
    /// Name of the baseline, unit, table, standing approval or product.
    public let name: String
    /// The unit, for unit documents and single tables.
    public let unit: String?
    /// Has `kind` beside the members of the document.
    public let json: JSONValue
    public let fileName: String
}
