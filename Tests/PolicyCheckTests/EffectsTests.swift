// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import PolicyCheck
import QueryPlan
import SQLSyntax
import Tabular
import Testing

/// The page of effects: its tables by heading.
private struct EffectsPage {
    struct Row: CustomStringConvertible, Sendable {
        let heading: String
        let cells: [String]

        var name: String { Self.code(cells[0]) }
        var decision: String { cells[3] }
        var example: String { Self.code(cells[4]) }
        var description: String { heading + ": " + name }

        private static func code(_ cell: String) -> String { cell.hasPrefix("`") && cell.hasSuffix("`") ? String(cell.dropFirst().dropLast()) : cell }
    }

    static let rows: [Row] = {
        let url = CaseFile.policies.deletingLastPathComponent().appendingPathComponent("Documentation/Effects.md")
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        var heading = ""
        var rows: [Row] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
            guard line.hasPrefix("| `") else { continue }
            let cells = line.replacingOccurrences(of: "\\|", with: "\u{1}").split(separator: "|")
                .map { $0.replacingOccurrences(of: "\u{1}", with: "|").trimmingCharacters(in: .whitespaces) }
            rows.append(Row(heading: heading, cells: cells))
        }
        return rows
    }()

    static func names(_ heading: String) -> [String] { rows.filter { $0.heading == heading }.map(\.name) }
}

@Suite("The page of effects")
struct EffectsTests {
    private static func raw<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> [String] where Value.RawValue == String {
        Value.allCases.map(\.rawValue)
    }

    private static func raw<Value: RawRepresentable & CaseIterable>(_ type: Value.Type, in name: String) -> [String] where Value.RawValue == String {
        Value.allCases.map { name + "." + $0.rawValue }
    }

    /// Every heading with the names that must stand below it.
    private static func wanted() throws -> [String: [String]] {
        let query = try SQLParser.parse("SELECT rank() OVER (ORDER BY a ROWS CURRENT ROW) FROM t ORDER BY b").query
        guard case .select(let block) = query.body, case .expression(let item, _) = block.items[0].kind, case .call(let call) = item.kind,
            let window = call.window
        else { throw NotApproved() }
        let operators = Set(raw(ArithmeticOperator.self) + raw(ComparisonOperator.self))
        let written = (raw(SQLUnaryOperator.self) + raw(SQLBinaryOperator.self)).filter { !operators.contains($0) }
        return [
            "Nodes of a relation": raw(EffectNames.PlanNode.self),
            "Sources of filters": raw(EffectNames.FilterSource.self),
            "Kinds of joins": raw(Join.Kind.self),
            "Release": raw(EffectNames.Release.self),
            "Finishing": raw(EffectNames.Finishing.self),
            "Expressions": raw(EffectNames.Expression.self),
            "Operators": raw(ArithmeticOperator.self) + raw(ComparisonOperator.self),
            "Aggregate functions": raw(AggregateFunction.self),
            "Scalar functions": raw(ScalarFunction.self),
            "Window functions": raw(WindowFunction.self),
            "Capabilities": raw(Capability.self),
            "SQL: queries": EffectNames.parts(query) + raw(EffectNames.Body.self, in: "QueryBody") + EffectNames.parts(block)
                + raw(EffectNames.Item.self, in: "SelectItem") + EffectNames.parts(query.order[0]) + raw(EffectNames.Group.self, in: "GroupItem"),
            "SQL: FROM": raw(EffectNames.Reference.self, in: "TableReference") + raw(TableJoin.Kind.self)
                + raw(EffectNames.Condition.self, in: "Condition"),
            "SQL: expressions": raw(EffectNames.Written.self),
            "SQL: operators and constants": written + raw(SQLTruth.self) + raw(EffectNames.Constant.self),
            "SQL: calls and windows": EffectNames.parts(call) + EffectNames.parts(window) + raw(SQLFrame.Unit.self) + raw(EffectNames.Bound.self),
            "Refused by the parser": raw(UnsupportedConstruct.self),
        ]
    }

    @Test("has every case once, and none that does not exist")
    func complete() throws {
        let wanted = try Self.wanted()
        #expect(Set(EffectsPage.rows.map(\.heading)) == Set(wanted.keys))
        for (heading, names) in wanted {
            #expect(EffectsPage.names(heading).sorted() == names.sorted(), "\(heading)")
        }
        #expect(EffectsPage.rows.count > 200)
    }

    @Test("says of each what it tells and how it is judged", arguments: EffectsPage.rows.map(\.cells))
    func stated(_ cells: [String]) {
        #expect(cells.count == 5 && cells.allSatisfy { !$0.isEmpty }, "\(cells)")
        #expect(["allowed", "refused", "no statement"].contains(cells[3]), "\(cells)")
    }

    @Test("decides its examples as the checker does")
    func examples() throws {
        let policies = try example("visit", "resident", "prescription", "disease", "weather", "survey")
        for row in EffectsPage.rows {
            let decision: String
            do {
                switch try check(row.example, policies) {
                case .approved: decision = "allowed"
                case .stopped(let verdict): decision = verdict.decision.rawValue
                }
            } catch { decision = "no statement" }
            #expect(decision == row.decision, "\(row) \(row.example)")
        }
    }

    @Test("refuses by their names what the parser refuses")
    func unsupported() {
        for row in EffectsPage.rows where row.heading == "Refused by the parser" && row.name != UnsupportedConstruct.operatorSymbol.rawValue {
            #expect(throws: SQLError.self, "\(row)") { try SQLParser.parse(row.example) }
            do { _ = try SQLParser.parse(row.example) } catch {
                #expect(error.code == .unsupported && error.arguments.first == row.name, "\(row): \(error.code) \(error.arguments)")
            }
        }
    }

    @Test("names of cases are those of the enums")
    func names() throws {
        let query = try SQLParser.parse("SELECT 1 FROM a CROSS JOIN b WHERE x = 1 GROUP BY y").query
        #expect(EffectNames.Body.of(query.body) == .select)
        guard case .select(let block) = query.body, let from = block.from, let filter = block.filter else { throw NotApproved() }
        #expect(EffectNames.Reference.of(from.kind) == .join && EffectNames.Written.of(filter.kind) == .binary)
        #expect(EffectNames.Item.of(block.items[0].kind) == .expression && EffectNames.Group.of(block.groups[0]) == .expression)
        #expect(EffectNames.Constant.of(.integer("1")) == .integer && EffectNames.Bound.of(.currentRow) == .currentRow)
        #expect(EffectNames.Condition.of(.none) == .none && EffectNames.FilterSource.of(.policy) == .policy)
        let plan = try approved("SELECT hospital, COUNT(*) FROM visit GROUP BY hospital LIMIT 1", example("visit")).plan
        #expect(EffectNames.Release.of(plan.release) == .aggregate && plan.finishing.map(EffectNames.Finishing.of).contains(.limit))
        #expect(EffectNames.PlanNode.of(plan.rows) != .union && EffectNames.Expression.of(.literal(.null)) == .literal)
    }
}
