// SPDX-License-Identifier: Apache-2.0

/// Everything that sums of known form tell together. Each released number is a known linear combination of unknown parts; a part is what
/// one class of rows adds of one measure. What an attacker can compute from the numbers is the space that their coefficients span, and the
/// most telling of it are the combinations that no other combination lies within: those are listed.
package struct Combinations {
    /// Independent rows of coefficients: for each, one number per column.
    private let basis: [[Rational]]
    private let width: Int

    /// Most choices of columns that are tried; beyond it only combinations of few columns are found.
    static let mostChoices = 4_000

    package init(_ coefficients: [[Rational]]) {
        width = coefficients.first?.count ?? 0
        var basis: [[Rational]] = []
        for row in coefficients {
            let rest = Self.reduced(row, by: basis)
            guard let pivot = rest.firstIndex(where: { !$0.isZero }) else { continue }
            let scaled = rest.map { $0 / rest[pivot] }
            basis = basis.map { known in Self.minus(known, scaled, times: known[pivot]) } + [scaled]
        }
        self.basis = basis
    }

    package var rank: Int { basis.count }

    /// Combinations with the smallest sets of columns, each with its coefficients by column. Multiples stand once.
    package func smallest() -> [[Rational]] {
        guard rank > 0 else { return [] }
        var found: [Set<Int>: [Rational]] = [:]
        var choices = 0
        choose(from: 0, [], &choices, &found)
        return found.filter { set in !found.keys.contains { $0.isStrictSubset(of: set.key) } }.values.map(\.self)
    }

    /// Every choice of columns to be zero: one fewer than the rank, independent, leaves one combination.
    private func choose(from start: Int, _ zeroed: [Int], _ choices: inout Int, _ found: inout [Set<Int>: [Rational]]) {
        guard choices < Self.mostChoices else { return }
        if zeroed.count == rank - 1 {
            choices += 1
            guard let combination = combination(withoutColumns: zeroed) else { return }
            found[Set(combination.indices.filter { !combination[$0].isZero })] = combination
            return
        }
        for column in start..<max(start, width) { choose(from: column + 1, zeroed + [column], &choices, &found) }
    }

    /// The one combination of the basis that is zero in these columns; nil when there are several.
    private func combination(withoutColumns columns: [Int]) -> [Rational]? {
        var rest = basis
        for column in columns {
            guard let place = rest.firstIndex(where: { !$0[column].isZero }) else { return nil }
            let pivot = rest.remove(at: place)
            rest = rest.map { Self.minus($0, pivot, times: $0[column] / pivot[column]) }
        }
        return rest.first
    }

    private static func reduced(_ row: [Rational], by basis: [[Rational]]) -> [Rational] {
        basis.reduce(row) { rest, known in
            guard let pivot = known.firstIndex(where: { !$0.isZero }) else { return rest }
            return minus(rest, known, times: rest[pivot])
        }
    }

    private static func minus(_ row: [Rational], _ other: [Rational], times factor: Rational) -> [Rational] {
        factor.isZero ? row : zip(row, other).map { $0 - $1 * factor }
    }
}
