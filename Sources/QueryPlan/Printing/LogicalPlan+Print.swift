// SPDX-License-Identifier: Apache-2.0

import Tabular

extension BoundPlan {
    /// The plan as text: deterministic, without places in the SQL, inner names or statistics. The digest of a plan is
    /// the SHA-256 of the UTF-8 of this text.
    public var canonicalText: String {
        var lines = ["plan 1"]
        for column in output { lines.append("output " + column.header) }
        for parameter in parameters {
            lines.append("parameter " + CanonicalName.quoted(parameter.name) + ": " + parameter.type.name)
        }
        for step in finishing.reversed() { lines.append("finish " + step.canonicalText) }
        switch release {
        case .rows: lines.append("release rows")
        case .aggregate(let aggregation):
            lines.append("release aggregate")
            lines += aggregation.canonicalLines.map { "  " + $0 }
        }
        return lines.joined(separator: "\n") + "\n" + rows.canonicalText
    }
}

extension LogicalPlan {
    /// The relation as lines of text, inputs indented below; see ``BoundPlan/canonicalText``.
    public var canonicalText: String {
        var text = ""
        write(to: &text, depth: 0)
        return text
    }

    private func write(to text: inout String, depth: Int) {
        text += String(repeating: "  ", count: depth)
        switch self {
        case .scan(let scan):
            let columns = scan.output.map(\.header).joined(separator: ", ")
            text += "scan \(scan.reference) " + CanonicalName.quoted(scan.table) + " [" + columns + "]\n"
        case .filter(let filter):
            let source =
                switch filter.source {
                case .query: "filter "
                case .policy: "policy filter "
                }
            text += source + filter.predicate.canonicalText + "\n"
            filter.input.write(to: &text, depth: depth + 1)
        case .project(let project):
            text += "project " + project.expressions.map(\.canonicalText).joined(separator: ", ") + "\n"
            project.input.write(to: &text, depth: depth + 1)
        case .join(let join):
            let keys = join.keys.map { $0.left.canonicalText + " = " + $0.right.canonicalText }
            text += "join " + join.kind.rawValue + (join.isNullAware ? " null-aware" : "")
            text += keys.isEmpty ? " without key" : " on " + keys.joined(separator: ", ")
            if let residual = join.residual { text += " and " + residual.canonicalText }
            text += "\n"
            join.left.write(to: &text, depth: depth + 1)
            join.right.write(to: &text, depth: depth + 1)
        case .aggregate(let aggregate):
            text += "aggregate " + aggregate.aggregation.canonicalLines.joined(separator: ", ") + "\n"
            aggregate.input.write(to: &text, depth: depth + 1)
        case .window(let window):
            text += "window " + window.calls.map(\.canonicalText).joined(separator: ", ") + "\n"
            window.input.write(to: &text, depth: depth + 1)
        case .sort(let sort):
            text += sort.canonicalText + "\n"
            sort.input.write(to: &text, depth: depth + 1)
        case .union(let union):
            text += union.inputs.isEmpty ? "no rows\n" : "union all\n"
            for input in union.inputs { input.write(to: &text, depth: depth + 1) }
        }
    }
}

extension Sort {
    var canonicalText: String {
        "first " + (limit.map { String($0) } ?? "all") + " offset \(offset)"
            + (keys.isEmpty ? "" : " by " + keys.map(\.canonicalText).joined(separator: ", "))
    }
}

extension Aggregation {
    /// A line for each key and each call.
    var canonicalLines: [String] {
        keys.map { "key " + $0.canonicalText + ": " + $0.type.name } + calls.map { "call " + $0.canonicalText }
    }
}

extension SortKey {
    var canonicalText: String {
        expression.canonicalText + (isDescending ? " desc" : "") + (nullsFirst ? " nulls first" : "")
    }
}

extension WindowCall {
    /// The call with its partition, order, frame and type.
    var canonicalText: String {
        function.rawValue + "(" + (argument?.canonicalText ?? "") + ") over (partition by "
            + partitions.map(\.canonicalText).joined(separator: ", ") + " order by "
            + order.map(\.canonicalText).joined(separator: ", ") + " " + frame.canonicalText + "): " + type.name
    }
}

extension WindowFrame {
    var canonicalText: String { unit.rawValue + " " + start.canonicalText + " to " + end.canonicalText }
}

extension WindowFrame.Bound {
    var canonicalText: String {
        switch self {
        case .unboundedPreceding: "unbounded preceding"
        case .preceding(let rows): "\(rows) preceding"
        case .currentRow: "current row"
        case .following(let rows): "\(rows) following"
        case .unboundedFollowing: "unbounded following"
        }
    }
}

extension FinishingStep {
    /// The step as one line.
    public var canonicalText: String {
        switch self {
        case .filter(let predicate): return "filter " + predicate.canonicalText
        case .project(let expressions, _): return "project " + expressions.map(\.canonicalText).joined(separator: ", ")
        case .sort(let keys):
            return "sort " + keys.map(\.canonicalText).joined(separator: ", ")
        case .window(let calls, _): return "window " + calls.map(\.canonicalText).joined(separator: ", ")
        case .distinct: return "distinct"
        case .limit(let count, let offset):
            return "limit " + (count.map { String($0) } ?? "all") + " offset \(offset)"
        }
    }
}

extension AggregateCall {
    /// The call with its type.
    public var canonicalText: String {
        let place = percentile.map { "\($0.fraction)" + ($0.isDescending ? " desc" : "") + ", " } ?? ""
        return function.rawValue + "(" + place + (argument?.canonicalText ?? "") + "): " + type.name
    }
}

extension OutputColumn {
    /// Name, type and whether NULL may stand in it.
    var header: String { CanonicalName.quoted(name) + ": " + type.name + (isNullable ? " null" : "") }
}
