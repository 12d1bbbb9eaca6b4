// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Entity numbers by a key of another table: made from two decrypted columns of one of its versions.
final class ViaLookup {
    private let keys: ByteInterner
    private let entities: GrowingMemory
    /// Stands for a key without entity, and for one that has several.
    private static let none = UInt32.max
    /// The type of the key.
    let keyType: LogicalType

    /// Throws what reading the version throws; `store.plan-invalid` when the key cannot be compared exactly.
    init(_ table: StoredTable, keyColumn: String, type: String, hasher: SeededHash, bytesMaximum: Int) throws(StoreError) {
        keys = try ByteInterner(hasher)
        entities = try GrowingMemory(bytes: 4096)
        guard let schema = table.schema.columns.first(where: { $0.name == keyColumn }), schema.type != .double else {
            throw StoreError(.planInvalid, [keyColumn])
        }
        keyType = schema.type
        let arena = ConfidentialArena(limitBytes: bytesMaximum)
        let reader = try table.makeReader(columns: [.column(keyColumn), .entity(type)], arena: arena)
        for block in table.blockRowCounts.indices {
            let vectors = try reader.read(block: block)
            for row in 0..<vectors[0].count { try add(vectors[0], vectors[1], row) }
        }
    }

    private func add(_ key: ColumnVector, _ entity: ColumnVector, _ row: Int) throws(StoreError) {
        guard let bytes = ValueKey.bytes(key, row) else { return }
        let number = entity.isNull(row) ? Self.none : entity.entities[row]
        let known = keys.count
        guard let position = try keys.intern(bytes, limit: Limits.entities) else {
            throw StoreError(.limitExceeded, ["via", String(Limits.entities)])
        }
        if Int(position) == known {
            try entities.reserve(4)
            entities.start.put(number, at: entities.count)
            entities.count += 4
        } else if entities.start.array(UInt32.self)[Int(position)] != number {
            entities.start.put(Self.none, at: Int(position) * 4)
        }
    }

    /// The entity of a key, if it has exactly one.
    @inline(__always)
    func entity(_ key: UnsafeRawBufferPointer) -> UInt32? {
        guard let position = keys.find(key) else { return nil }
        let number = entities.start.array(UInt32.self)[Int(position)]
        return number == Self.none ? nil : number
    }
}
