// SPDX-License-Identifier: Apache-2.0

public import CanonicalJSON
import DisclosureControl
import Synchronization
import Tabular

extension ReleasedTable {
    /// The canonical document: `columns`, `rows` and `withheld`, and what is added. Decimals and doubles are strings (JSON here has no
    /// fractions), whole numbers beyond 2^53 too, dates and times are ISO 8601, NULL and withheld cells are null. A double is written with
    /// the fewest digits that read back as the same number. The number of threads changes nothing. In pieces that follow each other.
    public func canonicalPieces(adding members: [String: JSONValue] = [:], threads: Int = 1) -> [[UInt8]] {
        let parts = (count + Self.partRows - 1) / Self.partRows
        let rows = Mutex(Array(repeating: [UInt8](), count: parts)), places = Mutex(Array(repeating: [UInt8](), count: parts))
        let written = Pieces(rows: consume rows, places: consume places)
        let writers = cells.map(ReleasedCellWriter.init)
        Workers.run(threads, each: parts) { part in
            let range = (part * Self.partRows)..<min((part + 1) * Self.partRows, count)
            let rows = Self.rows(range, writers), places = Self.withheldPlaces(range, cells)
            written.rows.withLock { $0[part] = rows }
            written.places.withLock { $0[part] = places }
        }
        var content = members.mapValues { CanonicalContent.value($0) }
        content["columns"] = .value(.array(columns.map { ["name": .string($0.name), "type": .string($0.type.name)] }))
        content["rows"] = .elements(written.rows.withLock { $0 })
        content["withheld"] = .object([
            "cells": .value(.string(record.withheld.rawValue)), "reasons": .value(.array(reasons.map { .string($0.rawValue) })),
            "cells_at": .elements(written.places.withLock { $0 }),
        ])
        return CanonicalContent.object(content).pieces
    }

    /// Largest whole number that every JSON reader keeps exactly.
    public static let exactIntegerMaximum: Int64 = 1 << 53

    /// Rows that a thread writes at a time.
    private static let partRows = 8_192

    /// What the threads have written, by part.
    private final class Pieces: Sendable {
        let rows: Mutex<[[UInt8]]>
        /// Where withheld cells stand, row by row.
        let places: Mutex<[[UInt8]]>

        init(rows: consuming sending Mutex<[[UInt8]]>, places: consuming sending Mutex<[[UInt8]]>) {
            self.rows = rows
            self.places = places
        }
    }

    private static func rows(_ range: Range<Int>, _ writers: [ReleasedCellWriter]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(range.count * (writers.count * 12 + 3))
        for row in range {
            if row > range.lowerBound { out.append(UInt8(ascii: ",")) }
            out.append(UInt8(ascii: "["))
            var isFirst = true
            for writer in writers {
                if !isFirst { out.append(UInt8(ascii: ",")) }
                isFirst = false
                writer.append(row, to: &out)
            }
            out.append(UInt8(ascii: "]"))
        }
        return out
    }

    private static func withheldPlaces(_ range: Range<Int>, _ cells: [ReleasedColumn]) -> [UInt8] {
        guard cells.contains(where: { $0.withheld != nil }) else { return [] }
        var out: [UInt8] = []
        for row in range {
            for (position, column) in cells.enumerated() where column.isWithheld(row) {
                if !out.isEmpty { out.append(UInt8(ascii: ",")) }
                out.append(UInt8(ascii: "["))
                CanonicalText.append(integer: Int64(row), to: &out)
                out.append(UInt8(ascii: ","))
                CanonicalText.append(integer: Int64(position), to: &out)
                out.append(UInt8(ascii: "]"))
            }
        }
        return out
    }
}
