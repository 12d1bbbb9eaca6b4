// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// What is known while one statement is bound: tables, parameters, WITH queries, and how much was used of the limits.
final class QueryBinder {
    /// A query of a WITH clause with the queries that it may name itself.
    final class CommonQuery {
        let table: CommonTable
        let surroundings: Surroundings
        var isUsed = false

        init(table: CommonTable, surroundings: Surroundings) {
            self.table = table
            self.surroundings = surroundings
        }
    }

    let catalog: any TableCatalog
    let parameters: [String: ParameterDeclaration]
    private(set) var usedParameters: Set<String> = []
    private var references = 0
    private var nodes = 0

    init(catalog: any TableCatalog, parameters: [ParameterDeclaration]) {
        self.catalog = catalog
        self.parameters = Dictionary(parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The number of the next table reference.
    func nextReference(at span: SourceSpan) throws(BindError) -> Int {
        guard references < Limits.tableReferences else {
            throw BindError(.tooManyTableReferences, [String(Limits.tableReferences)], at: span)
        }
        references += 1
        return references - 1
    }

    /// Counts nodes of expressions.
    func count(_ added: Int, at span: SourceSpan) throws(BindError) {
        nodes += added
        guard nodes <= Limits.expressionNodes else {
            throw BindError(.tooLarge, [String(Limits.expressionNodes)], at: span)
        }
    }

    /// Binds on trial: what it counts is forgotten, and an error means nil.
    func attempt(_ bind: () throws(BindError) -> BoundExpression) -> BoundExpression? {
        let before = nodes
        defer { nodes = before }
        do throws(BindError) {
            return try bind()
        } catch {
            return nil
        }
    }

    func parameter(_ name: String, at span: SourceSpan) throws(BindError) -> ParameterDeclaration {
        guard let declaration = parameters[name] else {
            throw BindError(
                .unknownParameter, [name, Suggestion.nearest(to: name, among: Array(parameters.keys))], at: span)
        }
        usedParameters.insert(name)
        return declaration
    }

    /// Checks that a relation is not too wide.
    func checkWidth(_ count: Int, at span: SourceSpan) throws(BindError) {
        guard count <= Limits.columns else { throw BindError(.tooManyColumns, [String(Limits.columns)], at: span) }
    }
}
