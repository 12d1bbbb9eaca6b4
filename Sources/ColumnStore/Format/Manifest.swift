// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Tabular

/// The structure of one table version: what its sealed manifest holds. No value of any row, no zone map.
struct Manifest {
    struct Column: Hashable {
        let schema: ColumnSchema
        /// Position in `files`.
        let file: Int
    }

    /// One sealed column file.
    struct File: Hashable {
        let column: StoredColumn
        let type: LogicalType
        let digest: Digest
        let byteCount: Int
        /// Ties the manifest to this very file: it depends on key, salt and place.
        let commitment: [UInt8]
        /// Plaintext lengths of the data blocks.
        let blockBytes: [Int]
        /// Plaintext length of the dictionary of the whole column, if it has one.
        let dictionaryBytes: Int?
        let zonesBytes: Int
    }

    struct Directory: Hashable {
        let type: String
        let version: Int64
        let digest: Digest
    }

    /// A version that this one was made from.
    struct Parent: Hashable {
        let table: String
        let version: Int64
        let manifest: Digest
    }

    let identity: TableIdentity
    let mode: LoadMode
    let period: String
    let asOf: String
    let sourceDigest: Digest
    let columns: [Column]
    let entities: [EntityRule]
    let files: [File]
    let directories: [Directory]
    let parents: [Parent]
    let blockRows: [Int]
    let partitions: [Range<Int>]

    var rowCount: Int { blockRows.reduce(0, +) }

    /// Position of the file that holds a column; an identifier column may lie in the file of its entity type.
    func file(of column: StoredColumn) -> Int? {
        switch column {
        case .column(let name): columns.first { $0.schema.name == name }?.file
        case .entity: files.firstIndex { $0.column == column }
        }
    }

    /// Whether sizes and counts fit each other, so that readers need not doubt them again.
    func isConsistent(blockBytesMaximum: Int) -> Bool {
        guard blockRows.allSatisfy({ (1...Limits.blockRows).contains($0) }), columns.allSatisfy({ files.indices.contains($0.file) }),
            columns.allSatisfy({ files[$0.file].type.physical == $0.schema.type.physical })
        else { return false }
        var next = 0
        for partition in partitions {
            guard partition.lowerBound == next, !partition.isEmpty else { return false }
            next = partition.upperBound
        }
        return next == blockRows.count && files.allSatisfy { isConsistent($0, blockBytesMaximum) }
    }

    private func isConsistent(_ file: File, _ blockBytesMaximum: Int) -> Bool {
        let blocks = file.blockBytes + [file.dictionaryBytes, file.zonesBytes].compactMap { $0 }
        guard file.blockBytes.count == blockRows.count, blocks.allSatisfy({ (0...blockBytesMaximum).contains($0) }) else { return false }
        return file.byteCount == SealedFile.headerBytes + blocks.reduce(0) { $0 + $1 + Tag.byteCount }
    }
}
