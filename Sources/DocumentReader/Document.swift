// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck

/// A document as everything else reads it: canonical JSON with English keys. Its Chinese twin gives the same bytes.
public struct Document: Sendable, Hashable {
    public let kind: DocumentKind
    /// Name under which it is in force: a table, a unit, a baseline, a product, a standing approval.
    public let name: String
    public let json: JSONValue
    /// The file it was read from, for messages.
    public let fileName: String

    /// The unit it speaks for, when it names one.
    public var unit: String? { json["unit"]?.text }
}
