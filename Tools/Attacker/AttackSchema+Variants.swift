// SPDX-License-Identifier: Apache-2.0

internal import CanonicalJSON
internal import PolicyCheck
package import SQLLogic
internal import Tabular

extension AttackSchema {
    /// The same with one line tighter, in a random place: a grant less, a coarser period, a shorter prefix, more entities.
    package func tightened(_ random: inout RandomSource) throws -> AttackSchema {
        var visits = visit.columns, residents = resident.columns
        let isVisit = random.chance(70)
        let place = random.below(isVisit ? visits.count : residents.count)
        var column = isVisit ? visits[place] : residents[place]
        switch (random.below(3), column.type) {
        case (0, .date):
            let order = ["day", "month", "quarter", "year"]
            column.granularity = column.granularity.flatMap { order.firstIndex(of: $0) }.map { order[min($0 + 1, 3)] } ?? "day"
        case (0, .text) where column.entity == nil: column.prefix = column.prefix.map { max(1, $0 - 1) } ?? 3
        default: if let less = column.allow.sorted().isEmpty ? nil : random.pick(column.allow.sorted()) { column.allow.remove(less) }
        }
        if isVisit { visits[place] = column } else { residents[place] = column }
        return try with(visits: visits, residents: residents, minimumAdded: random.chance(20) ? 1 : 0)
    }

    /// The same with columns in another order.
    package func shuffled(_ random: inout RandomSource) throws -> AttackSchema {
        // Entities stay in front, since rows are stored by the first.
        func mixed(_ columns: [AttackColumn]) -> [AttackColumn] {
            columns.filter { $0.entity != nil } + columns.filter { $0.entity == nil }.shuffled(using: &random)
        }
        return try with(visits: mixed(visit.columns), residents: mixed(resident.columns), minimumAdded: 0)
    }

    private func with(visits: [AttackColumn], residents: [AttackColumn], minimumAdded: Int) throws -> AttackSchema {
        func table(_ table: Table, _ columns: [AttackColumn]) -> Table {
            Table(
                name: table.name, columns: columns, entities: table.entities, minimum: table.minimum + minimumAdded, rounding: table.rounding,
                largest: table.largest, twoLargest: table.twoLargest, rowRange: table.rowRange)
        }
        return try AttackSchema(visit: table(visit, visits), resident: table(resident, residents), code: code, parameters: parameters)
    }

    private init(visit: Table, resident: Table, code: Table, parameters: JSONValue) throws {
        self.visit = visit
        self.resident = resident
        self.code = code
        self.parameters = parameters
        policies = try PolicySet(documents: [visit, resident, code].map(\.document))
    }
}
