// SPDX-License-Identifier: Apache-2.0

import Tabular

extension AggregateCells {
    /// The value of a cell that may leave, rounded as its rule says. Whatever does not fit its type is NULL.
    func released(by rule: ReleaseRules.AggregateRule, isOpen: Bool, at group: Int) -> Literal {
        let base = isOpen ? 1 : Int128(rule.roundingBase)
        switch rule.kind {
        case .count, .countDistinct:
            guard let rounded = Rounding.nearest(value[group], base: base), let count = Int64(exactly: rounded) else { return .null }
            return .int64(count)
        case .sum(let scale):
            guard valueCount[group] > 0, let sum = roundedSum(base: base, scale: scale, at: group) else { return .null }
            return .decimal(units: sum, scale: scale)
        case .average(let scale, let resultScale):
            // Both parts are rounded first: the quotient of exact parts would give the exact parts back.
            guard let sum = roundedSum(base: base, scale: scale, at: group),
                let count = Rounding.nearest(Int128(valueCount[group]), base: base), count > 0,
                let quotient = WideDecimal.quotient(sum, scale: scale, over: count, resultScale: resultScale)
            else { return .null }
            return .decimal(units: quotient, scale: resultScale)
        case .openValue:
            return openValues?.literal(at: group) ?? .null
        }
    }

    private func roundedSum(base: Int128, scale: Int, at group: Int) -> Int128? {
        guard overflow[group] == 0, let sum = ExactDecimal.bounded(value[group]) else { return nil }
        guard base > 1 else { return sum }
        guard let unit = ExactDecimal.power(scale) else { return nil }
        let (step, stepOverflow) = base.multipliedReportingOverflow(by: unit)
        guard !stepOverflow, let rounded = Rounding.nearest(sum, base: step) else { return nil }
        return ExactDecimal.bounded(rounded)
    }
}

/// Decimal division whose intermediate product needs more than 128 bits.
enum WideDecimal {
    /// units · 10^-scale / divisor at `resultScale`, halves away from zero. Nil beyond decimal(38). The divisor is positive.
    static func quotient(_ units: Int128, scale: Int, over divisor: Int128, resultScale: Int) -> Int128? {
        let shift = resultScale - scale
        guard divisor > 0, let factor = ExactDecimal.power(abs(shift)).map({ UInt128($0) }) else { return nil }
        var product = (high: UInt128(0), low: units.magnitude)
        var whole = UInt128(divisor)
        if shift >= 0 {
            let wide = units.magnitude.multipliedFullWidth(by: factor)
            product = (wide.high, wide.low)
        } else {
            let (wide, overflow) = whole.multipliedReportingOverflow(by: factor)
            // Such a divisor is more than twice any 38-digit number: the quotient rounds to nothing.
            if overflow { return 0 }
            whole = wide
        }
        guard product.high < whole else { return nil }
        let (quotient, remainder) = whole.dividingFullWidth(product)
        let (rounded, overflow) = quotient.addingReportingOverflow(remainder >= whole - remainder ? 1 : 0)
        guard !overflow, let magnitude = Int128(exactly: rounded), let result = ExactDecimal.bounded(magnitude) else { return nil }
        return units < 0 ? -result : result
    }
}
