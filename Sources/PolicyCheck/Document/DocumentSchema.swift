// SPDX-License-Identifier: Apache-2.0

/// The schema of all documents: which keys there are, their English and Chinese names, and what stands under each.
/// DocumentReader reads YAML by it; the canonical JSON has the English names.
public enum DocumentSchema {
    /// Keys at the top of a document.
    public static func keys(of kind: DocumentKind) -> [KeySchema] {
        switch kind {
        case .baseline: baselineKeys
        case .unit: unitKeys
        case .table: singleTableKeys
        case .standing: standingKeys
        case .product: productKeys
        }
    }

    /// The key whose presence tells the kind, in the order in which they are looked for.
    public static let markers: [(key: KeySchema, kind: DocumentKind)] = [
        (tableNameKey, .table), (productNameKey, .product), (standingNameKey, .standing), (tablesKey, .unit), (floorsKey, .baseline),
        (elementsKey, .baseline),
    ]

    /// Every key of every document with the place where it stands, for pages and tests.
    public static var allKeys: [(place: String, key: KeySchema)] {
        DocumentKind.allCases.flatMap { nested(keys(of: $0), place: $0.rawValue) }
    }

    private static func nested(_ keys: [KeySchema], place: String) -> [(place: String, key: KeySchema)] {
        keys.flatMap { key in
            [(place: place, key: key)] + nested(key.shape.keys, place: place + "." + key.english)
        }
    }
}

/// One key of a mapping.
public struct KeySchema: Sendable {
    public let english: String
    public let chinese: String
    public let shape: ValueShape
    public let isRequired: Bool
    /// Known, but not to be had in this version: refused with that reason.
    public let isAvailable: Bool

    init(_ english: String, _ chinese: String, _ shape: ValueShape, required: Bool = false, available: Bool = true) {
        self.english = english
        self.chinese = chinese
        self.shape = shape
        isRequired = required
        isAvailable = available
    }

    /// Whether a key in a document is this one.
    public func isNamed(_ name: String) -> Bool { name == english || name == chinese }
}

/// What stands under a key.
public indirect enum ValueShape: Sendable {
    case scalar(ScalarForm)
    /// A list; one value without brackets is a list of one.
    case list(ScalarForm)
    case object([KeySchema])
    /// A mapping from free names to values; an object in canonical JSON.
    case named(ValueShape)
    /// A mapping from free names in an order that matters; an array of objects with `name` in canonical JSON.
    /// A single word stands for an object with that word under `use`.
    case orderedNames(word: ScalarForm, [KeySchema])
    /// One word or a mapping.
    case either(ScalarForm, [KeySchema])
    /// The entities of a table: `{ type: column }`, `{ via: table(key) }`, `{ none: rows }`, `{ weight: column }`, or a list of these.
    case entities

    /// The keys directly below.
    var keys: [KeySchema] {
        switch self {
        case .scalar, .list: []
        case .object(let keys), .orderedNames(_, let keys), .either(_, let keys): keys
        case .named(let shape): shape.keys
        case .entities: DocumentSchema.entityKeys
        }
    }
}
