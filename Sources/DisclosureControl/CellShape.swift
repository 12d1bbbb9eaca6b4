// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The value of cells that may leave, rounded as the rule says. Whatever does not fit its type is NULL.
struct CellShape {
    private let cells: AggregateCells
    private let kind: ReleaseRules.Kind
    /// Of counts.
    private let base: Int128
    /// Of sums, in their units; nil when it leaves 128 bits.
    private let step: Int128?
    /// Of averages.
    private let division: WideDecimal?

    init(_ cells: AggregateCells, _ rule: ReleaseRules.AggregateRule, isOpen: Bool) {
        self.cells = cells
        kind = rule.kind
        base = isOpen ? 1 : Int128(rule.roundingBase)
        switch rule.kind {
        case .sum(let scale): (step, division) = (Self.step(base, scale), nil)
        case .average(let scale, let resultScale):
            (step, division) = (Self.step(base, scale), WideDecimal(scale: scale, resultScale: resultScale))
        case .count, .countDistinct, .openValue: (step, division) = (base, nil)
        }
    }

    /// The type of its values; nil for those that come as they are.
    var type: LogicalType? {
        switch kind {
        case .count, .countDistinct: .int64
        case .sum(let scale), .average(_, let scale): .decimal(precision: LogicalType.decimalPrecisionMaximum, scale: scale)
        case .openValue: nil
        }
    }

    func count(at group: Int) -> Int64? {
        base == 1 ? Int64(exactly: cells.value[group]) : Rounding.nearest(cells.value[group], base: base).flatMap { Int64(exactly: $0) }
    }

    /// A sum or an average, in units of the type's scale.
    func units(at group: Int) -> Int128? {
        switch kind {
        case .count, .countDistinct, .openValue: return nil
        case .sum: return cells.valueCount[group] > 0 ? roundedSum(at: group) : nil
        case .average:
            // Both parts are rounded first: the quotient of exact parts would give the exact parts back.
            guard let sum = roundedSum(at: group),
                let count = base == 1 ? Int128(cells.valueCount[group]) : Rounding.nearest(Int128(cells.valueCount[group]), base: base),
                count > 0
            else { return nil }
            return division?.quotient(sum, over: count)
        }
    }

    private func roundedSum(at group: Int) -> Int128? {
        guard cells.overflow[group] == 0, let sum = ExactDecimal.bounded(cells.value[group]) else { return nil }
        guard base > 1 else { return sum }
        guard let step, let rounded = Rounding.nearest(sum, base: step) else { return nil }
        return ExactDecimal.bounded(rounded)
    }

    private static func step(_ base: Int128, _ scale: Int) -> Int128? {
        guard let unit = ExactDecimal.power(scale) else { return nil }
        let (step, overflow) = base.multipliedReportingOverflow(by: unit)
        return overflow ? nil : step
    }
}

/// Decimal division whose intermediate product needs more than 128 bits.
struct WideDecimal {
    private let isWidening: Bool
    private let factor: UInt128

    /// Nil when the scales are further apart than the digits of any number.
    init?(scale: Int, resultScale: Int) {
        guard let factor = ExactDecimal.power(abs(resultScale - scale)) else { return nil }
        isWidening = resultScale >= scale
        self.factor = UInt128(factor)
    }

    /// units · 10^-scale / divisor at the scale of the result, halves away from zero. Nil beyond decimal(38). The divisor is positive.
    func quotient(_ units: Int128, over divisor: Int128) -> Int128? {
        guard divisor > 0 else { return nil }
        var product = (high: UInt128(0), low: units.magnitude)
        var whole = UInt128(divisor)
        if isWidening {
            if (units.magnitude | factor) >> 64 == 0 {
                product.low = units.magnitude * factor
            } else {
                let wide = units.magnitude.multipliedFullWidth(by: factor)
                product = (wide.high, wide.low)
            }
        } else {
            let (wide, overflow) = whole.multipliedReportingOverflow(by: factor)
            // Such a divisor is more than twice any 38-digit number: the quotient rounds to nothing.
            if overflow { return 0 }
            whole = wide
        }
        guard product.high < whole else { return nil }
        let (quotient, remainder) =
            product.high == 0 ? product.low.quotientAndRemainder(dividingBy: whole) : whole.dividingFullWidth(product)
        let (rounded, overflow) = quotient.addingReportingOverflow(remainder >= whole - remainder ? 1 : 0)
        guard !overflow, let magnitude = Int128(exactly: rounded), let result = ExactDecimal.bounded(magnitude) else { return nil }
        return units < 0 ? -result : result
    }
}
