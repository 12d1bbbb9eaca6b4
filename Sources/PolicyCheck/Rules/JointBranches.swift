// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// Aggregates of one statement stand side by side in a row, so those that add up the same measure are judged together, and conditional ones
/// whatever they add up: the difference of two of them is a group too. Every combination of the conditions that part their rows (of every two, when there are many) is counted, and a
/// combination that somebody is in needs the minimum like a branch of its own.
enum JointBranches {
    /// The branches that each aggregate is judged by, in the order of the aggregates; nil when there would be more than the limit.
    static func joined(_ aggregates: [JudgedAggregate]) -> [[BoundExpression]]? {
        let populations = aggregates.map(\.population)
        var members: [JudgedAggregate.Measure: [Int]] = [:], measures: [JudgedAggregate.Measure] = []
        for (position, aggregate) in aggregates.enumerated() {
            for measure in aggregate.measures {
                if members[measure] == nil { measures.append(measure) }
                members[measure, default: []].append(position)
            }
        }
        // Of each aggregate, the measures by whose combinations it is judged.
        var judging = aggregates.map { _ in [Int]() }
        var all = Distinct(), found: [[Part]] = []
        for (number, measure) in measures.enumerated() {
            let members = members[measure] ?? []
            let areSeveral = Set(members.map { populations[$0] }).count > 1
            let parts = members.map { areSeveral ? aggregates[$0].parts(of: measure) : [aggregates[$0].branches].filter { !$0.isEmpty } }
            guard let combinations = combinations(parts.flatMap(\.self)) else { return nil }
            for (member, parts) in zip(members, parts) where !parts.isEmpty { judging[member].append(number) }
            found.append(combinations)
            all.add(combinations)
        }
        // Conditional aggregates of whatever measures are combined too: amounts may follow from one another by a rule that readers know.
        let conditional = aggregates.indices.filter { !aggregates[$0].branches.isEmpty }
        if !members.values.contains(where: { Set($0).isSuperset(of: conditional) }) {
            guard let combined = combinations(conditional.map { aggregates[$0].branches }) else { return nil }
            for position in conditional { judging[position].append(found.count) }
            found.append(combined)
            all.add(combined)
        }
        guard all.list.count <= Limits.jointPairs else { return nil }
        // Aggregates that are judged alike share one list.
        var lists: [[Int]: [BoundExpression]] = [:]
        return judging.map { numbers in
            if let known = lists[numbers] { return known }
            var list = Distinct()
            for number in numbers { list.add(found[number]) }
            lists[numbers] = list.list
            return list.list
        }
    }

    /// A condition and how it is written.
    private struct Part {
        let text: String
        let condition: BoundExpression

        init(_ condition: BoundExpression) {
            self.condition = condition
            text = condition.canonicalText
        }

        init(_ one: Part, _ other: Part) {
            text = one.text + "\n" + other.text
            let isNullable = one.condition.isNullable || other.condition.isNullable
            condition = BoundExpression(kind: .and([one.condition, other.condition]), type: .bool, isNullable: isNullable, span: one.condition.span)
        }
    }

    /// Conditions in their order, each once.
    private struct Distinct {
        private(set) var list: [BoundExpression] = []
        private var texts: Set<String> = []

        mutating func add(_ parts: [Part]) {
            for part in parts where texts.insert(part.text).inserted { list.append(part.condition) }
        }
    }

    private static func combinations(_ lists: [[BoundExpression]]) -> [Part]? {
        var distinct: [[Part]] = []
        var texts: Set<[String]> = []
        for list in lists {
            let parts = list.map(Part.init)
            if texts.insert(parts.map(\.text)).inserted { distinct.append(parts) }
        }
        return distinct.count > 1 ? products(distinct) ?? pairs(distinct) : distinct.first ?? []
    }

    /// All combinations, nil when there are too many.
    private static func products(_ lists: [[Part]]) -> [Part]? {
        var combinations: [Part] = []
        for list in lists {
            guard combinations.isEmpty || combinations.count * list.count <= Limits.jointProducts else { return nil }
            combinations = combinations.isEmpty ? list : combinations.flatMap { first in list.map { Part(first, $0) } }
        }
        return combinations
    }

    /// The combinations of every two lists, nil when there are too many.
    private static func pairs(_ lists: [[Part]]) -> [Part]? {
        var combinations: [Part] = []
        for first in lists.indices {
            for second in lists.indices where second > first {
                guard combinations.count + lists[first].count * lists[second].count <= Limits.jointPairs else { return nil }
                combinations += lists[first].flatMap { one in lists[second].map { Part(one, $0) } }
            }
        }
        return combinations
    }
}
