// SPDX-License-Identifier: Apache-2.0

package import QueryPlan
package import Tabular

/// One window call over rows whose expressions have been evaluated.
package struct NaiveWindow {
    package let call: WindowCall
    package let partitions: [[Literal]]
    package let order: [[Literal]]
    package let arguments: [Literal]

    package init(_ call: WindowCall, _ rows: [[Literal]], _ values: NaiveExpressions) {
        self.call = call
        partitions = rows.map { row in call.partitions.map { values.evaluate($0, row) } }
        order = rows.map { row in call.order.map { values.evaluate($0.expression, row) } }
        arguments = rows.map { row in call.argument.map { values.evaluate($0, row) } ?? .bool(true) }
    }

    /// The result for each row, in the order of the rows.
    package func results() -> [Literal] {
        var results = arguments.map { _ in Literal.null }
        for members in arguments.indices.grouped(by: { NaiveKey(partitions[$0]) }) {
            let sorted = NaiveOrder.sorted(members.map { order[$0] }, call.order).map { members[$0] }
            for place in sorted.indices { results[sorted[place]] = result(place, sorted) }
        }
        return results
    }

    private func arePeers(_ one: Int, _ other: Int) -> Bool { NaiveOrder.compare(order[one], order[other], call.order) == 0 }

    private func result(_ place: Int, _ sorted: [Int]) -> Literal {
        let firstPeer = sorted.firstIndex { arePeers($0, sorted[place]) } ?? place
        switch call.function {
        case .rowNumber: return .int64(Int64(place + 1))
        case .rank: return .int64(Int64(firstPeer + 1))
        case .denseRank:
            let before = (0..<firstPeer).filter { $0 == 0 || !arePeers(sorted[$0], sorted[$0 - 1]) }
            return .int64(Int64(before.count + 1))
        case .countRows: return aggregate(.countRows, place, sorted)
        case .count: return aggregate(.count, place, sorted)
        case .sum: return aggregate(.sum, place, sorted)
        case .average: return aggregate(.average, place, sorted)
        case .minimum: return aggregate(.minimum, place, sorted)
        case .maximum: return aggregate(.maximum, place, sorted)
        }
    }

    private func aggregate(_ function: AggregateFunction, _ place: Int, _ sorted: [Int]) -> Literal {
        let frame = sorted.indices.filter { isAfterStart($0, place, sorted) && isBeforeEnd($0, place, sorted) }
        return NaiveAggregates.value(function, frame.map { arguments[sorted[$0]] }, type: call.type)
    }

    private func isAfterStart(_ candidate: Int, _ place: Int, _ sorted: [Int]) -> Bool {
        switch call.frame.start {
        case .unboundedPreceding: return true
        case .unboundedFollowing: return false
        case .preceding(let count): return Int128(candidate) >= Int128(place) - Int128(count)
        case .following(let count): return Int128(candidate) >= Int128(place) + Int128(count)
        case .currentRow: return candidate >= place || (call.frame.unit == .range && arePeers(sorted[candidate], sorted[place]))
        }
    }

    private func isBeforeEnd(_ candidate: Int, _ place: Int, _ sorted: [Int]) -> Bool {
        switch call.frame.end {
        case .unboundedFollowing: return true
        case .unboundedPreceding: return false
        case .preceding(let count): return Int128(candidate) <= Int128(place) - Int128(count)
        case .following(let count): return Int128(candidate) <= Int128(place) + Int128(count)
        case .currentRow: return candidate <= place || (call.frame.unit == .range && arePeers(sorted[candidate], sorted[place]))
        }
    }
}
