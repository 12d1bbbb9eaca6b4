// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular
import TestSupport

/// Three tables with columns of every type.
struct SampleCatalog: TableCatalog {
    private let tables: [TableSchema] = [
        TableSchema(
            name: "visit",
            columns: [
                ColumnSchema(name: "id", type: .int64, isNullable: false),
                ColumnSchema(name: "person_id", type: .entity("person"), isNullable: true),
                ColumnSchema(name: "hospital", type: .text, isNullable: false),
                ColumnSchema(name: "visit_date", type: .date, isNullable: false),
                ColumnSchema(name: "icd_code", type: .text, isNullable: true),
                ColumnSchema(name: "cost", type: .decimal(precision: 12, scale: 2), isNullable: true),
                ColumnSchema(name: "days", type: .int64, isNullable: true),
                ColumnSchema(name: "weight", type: .double, isNullable: true),
                ColumnSchema(name: "urgent", type: .bool, isNullable: true),
            ]),
        TableSchema(
            name: "person",
            columns: [
                ColumnSchema(name: "person_id", type: .entity("person"), isNullable: false),
                ColumnSchema(name: "district", type: .text, isNullable: true),
                ColumnSchema(name: "born", type: .timestamp, isNullable: true),
            ]),
        TableSchema(
            name: "门急诊",
            columns: [
                ColumnSchema(name: "医院", type: .text, isNullable: false),
                ColumnSchema(name: "总费用", type: .decimal(precision: 10, scale: 2), isNullable: true),
            ]),
    ]

    func schema(of table: String) -> TableSchema? { tables.first { $0.name == table } }

    var tableNames: [String] { tables.map(\.name) }
}

enum Sample {
    static let parameters = [
        ParameterDeclaration(name: "since", type: .date),
        ParameterDeclaration(name: "cap", type: .decimal(precision: 10, scale: 2)),
        ParameterDeclaration(name: "医院", type: .text),
    ]

    static func bind(_ text: String) throws -> BoundPlan {
        try Binder.bind(try SQLParser.parse(text), catalog: SampleCatalog(), parameters: parameters)
    }

    /// The plan of a statement over the tables of TPC-H, without the header; or the code of the refusal.
    static func shape(_ text: String) -> String {
        do {
            let plan = try Binder.bind(try SQLParser.parse(text), catalog: TPCHCatalog(), parameters: [])
            let lines = plan.canonicalText.split(separator: "\n").filter { !$0.hasPrefix("plan ") && !$0.hasPrefix("output ") }
            return lines.joined(separator: "\n")
        } catch let error as BindError {
            return "\(error.code.rawValue) \(error.arguments) \(error.span.column)+\(error.span.length)"
        } catch {
            return "\(error)"
        }
    }

    /// The canonical text, or the code of the refusal.
    static func plan(_ text: String) -> String {
        do {
            return try bind(text).canonicalText
        } catch let error as BindError {
            return "\(error.code.rawValue) \(error.arguments) \(error.span.line):\(error.span.column)+\(error.span.length)"
        } catch {
            return "\(error)"
        }
    }
}
