// SPDX-License-Identifier: Apache-2.0

/// What becomes of the rows of a slice: they are counted, linked to entities of other tables, or reported as bad.
extension LoadRun {
    /// Counts the rows of a judged slice that stay, and reports the others; false when nothing is to be loaded any more.
    func settle(_ slice: RowSlice) throws(StoreError) -> Bool {
        let faults = faults(slice)
        try slice.keep(except: faults, stopping: resources.reject == nil)
        if upsertKeys != nil {
            // Repeated keys are found when texts have numbers, and reported with the other faults.
            guard rejects.refuses else {
                pendingFaults = faults
                return true
            }
        }
        try reject(faults, slice)
        guard !rejects.refuses else { return false }
        staging.commit(slice.keptCount)
        return true
    }

    private func reject(_ faults: [RowFault], _ slice: RowSlice) throws(StoreError) {
        for fault in faults.sorted(by: { ($0.row, $0.position) < ($1.row, $1.position) }) {
            try rejects.add(BadValue(row: slice.row + Int64(fault.row) + 1, column: fault.column, reason: fault.reason))
        }
        rejectedRows += Int64(Set(faults.map(\.row)).count)
    }

    private func faults(_ slice: RowSlice) -> [RowFault] {
        var faults: [RowFault] = []
        let expected = UInt32(truncatingIfNeeded: slice.chunk.keptFields)
        for row in 0..<slice.count where slice.chunk.fieldCounts[slice.first + row] != expected {
            faults.append(RowFault(row: row, position: -1, column: "", reason: .fieldCount))
        }
        for (position, converter) in converters.enumerated() {
            for (row, reason) in slice.notes[position].bad {
                faults.append(RowFault(row: row, position: position, column: converter.column.name, reason: reason))
            }
        }
        return faults
    }

    /// Entities that come by another table's key.
    func followLinks(_ slice: RowSlice) {
        let batch = slice.batch
        for (lookup, from, to) in lookups {
            for row in slice.base..<(slice.base + slice.keptCount) {
                let entity = ValueKey.bytes(batch, from, row).flatMap { lookup.entity($0) }
                batch.validity(to)[row] = entity == nil ? 0 : 1
                if entity == nil { batch.setNulls(to) }
                batch.values(to).array(UInt32.self)[row] = entity ?? 0
            }
        }
    }

    /// Rows whose key stands in an earlier row of the file are bad; the others are counted.
    func dropRepeatedKeys(_ slice: RowSlice) throws(StoreError) {
        guard upsertKeys != nil else { return }
        var faults = pendingFaults
        var places: [UInt32] = []
        for row in 0..<slice.keptCount {
            if try upsertKeys?.insert(slice.batch, slice.base + row) == false {
                let column = plan.upsertKey.joined(separator: " ")
                faults.append(RowFault(row: Int(slice.keptRows[row]), position: converters.count, column: column, reason: .repeatedKey))
                if resources.reject == nil { break }
            } else {
                places.append(UInt32(truncatingIfNeeded: row))
            }
        }
        try reject(faults, slice)
        guard !rejects.refuses else { return }
        if places.count < slice.keptCount {
            slice.keptCount = places.count
            places.withUnsafeBufferPointer { places in
                if let start = places.baseAddress { slice.batch.compact(start, count: places.count, at: slice.base) }
            }
        }
        staging.commit(slice.keptCount)
    }
}
