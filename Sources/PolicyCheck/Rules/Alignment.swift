// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Whether a constant lies on an edge of a period, so that a comparison with it never cuts one.
struct Alignment {
    let granularity: Granularity
    /// Type of the column.
    let type: LogicalType
    let symbol: ComparisonOperator
    let domains: [String: ParameterDomain]

    enum Outcome: Equatable {
        case aligned, unaligned
        case unalignedParameter(String)
        case withoutDomain(String)
    }

    /// `isMidnight`: a date column that is compared as a timestamp.
    func judge(_ constant: BoundExpression, isMidnight: Bool) -> Outcome {
        switch constant.kind {
        case .literal(.null): return .aligned
        case .literal(let literal): return isEdge(literal, isMidnight: isMidnight) ? .aligned : .unaligned
        case .parameter(let name): return judge(parameter: name, isMidnight: isMidnight)
        case .cast(let operand):
            guard case .parameter(let name) = operand.kind, operand.type == .date, constant.type == .timestamp else { return .unaligned }
            return judge(parameter: name, isMidnight: isMidnight)
        case .function(.dateTrunc, let arguments):
            // The start of a period that is no finer, whatever it is computed from.
            guard case .literal(.text(let field)) = arguments[0].kind, granularity.truncations.contains(field), field != "week" || granularity == .day,
                symbol == .greaterOrEqual || symbol == .less
            else { return .unaligned }
            return .aligned
        case .column, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .function: return .unaligned
        }
    }

    private func judge(parameter name: String, isMidnight: Bool) -> Outcome {
        guard let instances = domains[name]?.instances() else { return .withoutDomain(name) }
        return instances.allSatisfy { isEdge($0, isMidnight: isMidnight) } ? .aligned : .unalignedParameter(name)
    }

    /// `>=` and `<` need the first moment of a period, `<=` and `>` the last.
    private func isEdge(_ literal: Literal, isMidnight: Bool) -> Bool {
        var moment: Int64
        let unit: Int64
        switch literal {
        case .date(let days):
            (moment, unit) = type == .timestamp ? (days * CivilTimestamp.microsecondsPerDay, 1) : (days * CivilTimestamp.microsecondsPerDay, CivilTimestamp.microsecondsPerDay)
        case .timestamp(let microseconds):
            // A date compared with a time of day would be cut where no date lies; refuse rather than round.
            if isMidnight, microseconds % CivilTimestamp.microsecondsPerDay != 0 { return false }
            (moment, unit) = (microseconds, isMidnight ? CivilTimestamp.microsecondsPerDay : 1)
        case .null, .bool, .int64, .decimal, .double, .text: return false
        }
        switch symbol {
        case .greaterOrEqual, .less: break
        case .lessOrEqual, .greater:
            let (next, overflow) = moment.addingReportingOverflow(unit)
            guard !overflow else { return false }
            moment = next
        case .equal, .notEqual: return false
        }
        return isStart(moment)
    }

    private func isStart(_ moment: Int64) -> Bool {
        let (days, rest) = CivilTimestamp.split(moment)
        guard rest == 0, let date = CivilDate(days: days) else { return false }
        return switch granularity {
        case .day: true
        case .month: date.day == 1
        case .quarter: date.day == 1 && date.month % 3 == 1
        case .year: date.day == 1 && date.month == 1
        }
    }
}
