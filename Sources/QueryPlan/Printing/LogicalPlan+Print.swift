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
            for key in aggregation.keys { lines.append("  key " + key.canonicalText + ": " + key.type.name) }
            for call in aggregation.calls { lines.append("  call " + call.canonicalText) }
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
            text += "join " + join.kind.rawValue + " on " + keys.joined(separator: ", ")
            if let residual = join.residual { text += " and " + residual.canonicalText }
            text += "\n"
            join.left.write(to: &text, depth: depth + 1)
            join.right.write(to: &text, depth: depth + 1)
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
            return "sort "
                + keys.map {
                    $0.expression.canonicalText + ($0.isDescending ? " desc" : "")
                        + ($0.nullsFirst ? " nulls first" : "")
                }.joined(separator: ", ")
        case .limit(let count, let offset):
            return "limit " + (count.map { String($0) } ?? "all") + " offset \(offset)"
        }
    }
}

extension AggregateCall {
    /// The call with its type.
    public var canonicalText: String {
        function.rawValue + "(" + (argument?.canonicalText ?? "") + "): " + type.name
    }
}

extension OutputColumn {
    /// Name, type and whether NULL may stand in it.
    var header: String { CanonicalName.quoted(name) + ": " + type.name + (isNullable ? " null" : "") }
}
