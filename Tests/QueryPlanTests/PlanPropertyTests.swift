// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular
import TestSupport
import Testing

@Suite struct PlanPropertyTests {
    /// Types of result columns.
    @Test(arguments: [
        ("id + 1", LogicalType.int64), ("id / 2", .int64), ("-days", .int64),
        ("cost + 1", .decimal(precision: 13, scale: 2)), ("cost * 2.5", .decimal(precision: 14, scale: 3)),
        ("cost * cost", .decimal(precision: 24, scale: 4)), ("cost / 3", .decimal(precision: 26, scale: 16)),
        ("cost + weight", .double), ("1.50", .decimal(precision: 3, scale: 2)), ("1e3", .decimal(precision: 4, scale: 0)),
        ("1e-3", .decimal(precision: 3, scale: 3)), ("9223372036854775807", .int64),
        ("9223372036854775808", .decimal(precision: 19, scale: 0)), ("NULL", .text), ("'a'", .text),
        ("SUM(days)", .decimal(precision: 38, scale: 0)), ("SUM(cost)", .decimal(precision: 38, scale: 2)),
        ("SUM(weight)", .double), ("AVG(days)", .decimal(precision: 38, scale: 16)), ("COUNT(*)", .int64),
        ("AVG(cost)", .decimal(precision: 38, scale: 16)), ("AVG(weight)", .double),
        ("SUM(cost) / COUNT(*)", .decimal(precision: 38, scale: 16)), ("SUM(cost) * 100", .decimal(precision: 38, scale: 2)),
        ("MAX(visit_date)", .date), ("round(cost)", .decimal(precision: 11, scale: 0)),
        ("round(cost, 1)", .decimal(precision: 12, scale: 1)), ("floor(weight)", .double), ("EXTRACT(year FROM visit_date)", .int64),
        ("date_trunc('month', visit_date)", .date), ("visit_date::timestamp", .timestamp), ("coalesce(days, cost)", .decimal(precision: 21, scale: 2)),
        ("CASE WHEN urgent THEN 1 ELSE cost END", .decimal(precision: 12, scale: 2)), ("nullif(days, 0)", .int64),
        ("id::numeric(10,2)", .decimal(precision: 10, scale: 2)), ("hospital::int", .int64), ("person_id", .entity("person")),
    ])
    func resultType(pair: (expression: String, type: LogicalType)) throws {
        let plan = try Sample.bind("SELECT \(pair.expression) FROM visit")
        #expect(plan.output.map(\.type) == [pair.type], "\(pair.expression)")
    }

    @Test(arguments: [
        ("SELECT COUNT(*), sum(cost), cost::text FROM visit GROUP BY cost", ["count", "sum", "cost"]),
        ("SELECT 1, CASE WHEN urgent THEN 1 END, date_trunc('day', visit_date) FROM visit", ["?column?", "case", "date_trunc"]),
        ("SELECT * FROM person p JOIN visit v USING (person_id)", [
            "person_id", "district", "born", "id", "hospital", "visit_date", "icd_code", "cost", "days", "weight", "urgent",
        ]),
    ])
    func resultNames(pair: (text: String, names: [String])) throws {
        #expect(try Sample.bind(pair.text).output.map(\.name) == pair.names)
    }

    /// Faults stay in the plan; everything else that is constant is computed.
    @Test(arguments: [
        ("1 + 2 * 3", "7"), ("1 / 0", "(1 / 0)"), ("9223372036854775807 + 1", "(9223372036854775807 + 1)"),
        ("1.5 + 1.5", "3.0:decimal(3,1)"), ("CAST('x' AS int)", "cast:int64('x')"), ("CAST('7' AS int)", "7"),
        ("CAST(1.5 AS int)", "2"), ("NOT (1 > 2)", "true"), ("NULL = 1", "null:bool"), ("1 = 1 OR urgent", "true"),
        ("'a' < 'b' AND urgent", "$0"), ("CASE WHEN FALSE THEN 1 WHEN TRUE THEN 2 ELSE 3 END", "2"),
        ("date '1998-12-01' - interval '90 day'", "timestamp '1998-09-02T00:00:00'"), ("date '2024-01-31' + 1", "date '2024-02-01'"),
        ("date '9999-12-31' + 1", "add_days(date '9999-12-31', 1)"), ("upper('ab')", "'AB'"), ("concat('a', NULL, 2)", "'a2'"),
        ("'abc' LIKE 'a%'", "true"), ("round(2.345, 2)", "2.35:decimal(4,2)"), ("sqrt(4)", "2.0:double"), ("ln(0)", "ln(0.0:double)"),
        ("EXTRACT(year FROM date '2024-02-29')", "2024"), ("greatest(1, NULL, 3)", "3"), ("NULL IS DISTINCT FROM 1", "true"),
        ("CAST(1.50 AS text)", "'1.50'"), ("DATE '2024-01-31' < '2024-02-01'", "true"), ("NULL IS NULL", "true"), ("'é' = 'e\u{301}'", "false"),
    ])
    func folding(pair: (expression: String, text: String)) throws {
        let plan = try Sample.bind("SELECT \(pair.expression) FROM visit")
        let line = plan.rows.canonicalText.split(separator: "\n").first.map(String.init)
        let shown = line.map { $0.hasPrefix("project ") ? String($0.dropFirst(8)) : "$0" }
        #expect(shown == pair.text)
    }

    /// A date column is compared with a date, also where the constant came out as a midnight.
    @Test(arguments: [
        ("visit_date <= date '1998-12-01' - interval '90' day", "($0 <= date '1998-09-02')"),
        ("date '1998-12-01' + interval '1 month' > visit_date", "($0 < date '1999-01-01')"),
        ("visit_date = timestamp '2024-01-01 00:00:00'", "($0 = date '2024-01-01')"),
        ("visit_date < timestamp '2024-01-01 12:00:00'", "(cast:timestamp($0) < timestamp '2024-01-01T12:00:00')"),
    ])
    func dateComparisons(pair: (condition: String, text: String)) throws {
        let plan = try Sample.bind("SELECT COUNT(*) FROM visit WHERE \(pair.condition)")
        #expect(plan.rows.canonicalText.contains(pair.text), "\(plan.rows.canonicalText)")
    }

    @Test func parametersAreReplaced() throws {
        let text = "SELECT hospital, COUNT(*) FROM visit WHERE visit_date >= :since AND cost < :cap + 1 GROUP BY 1"
        let plan = try Sample.bind(text)
        #expect(plan.parameters.map(\.name) == ["since", "cap"])
        let filled = try plan.replacingParameters(with: ["since": .text("2024-01-01"), "cap": .int64(5)])
        #expect(filled.parameters.isEmpty && filled.brokenInvariant == nil)
        #expect(filled.canonicalText.contains("date '2024-01-01'") && filled.canonicalText.contains("6.00:decimal"))
        #expect(filled.canonicalText != plan.canonicalText)
        for values in [["since": Literal.date(days: 1)], ["since": .text("x"), "cap": .int64(5)], ["since": .date(days: 1), "cap": .null]] {
            #expect(throws: BindError.self) { try plan.replacingParameters(with: values) }
        }
    }

    @Test func nullsComeLastUnlessDescending() throws {
        func first(_ order: String) throws -> Bool? {
            guard case .sort(let keys)? = try Sample.bind("SELECT days FROM visit ORDER BY days \(order)").finishing.first
            else { return nil }
            return keys[0].nullsFirst
        }
        #expect(try first("") == false)
        #expect(try first("DESC") == true)
        #expect(try first("DESC NULLS LAST") == false)
        #expect(try first("NULLS FIRST") == true)
    }

    @Test func brokenPlansAreSeen() throws {
        let place = SourceSpan(line: 1, column: 1, length: 1, offset: 0)
        let column = OutputColumn(name: "a", type: .int64, isNullable: false, origin: nil)
        let scan = LogicalPlan.scan(Scan(reference: 0, table: "t", output: [column], span: place))
        func expression(_ position: Int, _ type: LogicalType) -> BoundExpression {
            BoundExpression(kind: .column(position), type: type, isNullable: false, span: place)
        }
        let yes = BoundExpression(kind: .literal(.bool(true)), type: .bool, isNullable: false, span: place)
        let key = Join.KeyPair(left: expression(0, .int64), right: expression(0, .int64))
        func join(_ right: LogicalPlan, _ keys: [Join.KeyPair], _ output: [OutputColumn]) -> LogicalPlan {
            .join(Join(kind: .inner, left: scan, right: right, keys: keys, residual: nil, output: output, span: place))
        }
        func filter(_ input: LogicalPlan, _ predicate: BoundExpression, _ source: Filter.Source) -> LogicalPlan {
            .filter(Filter(input: input, predicate: predicate, source: source))
        }
        let other = LogicalPlan.scan(Scan(reference: 1, table: "t", output: [column], span: place))
        let project = LogicalPlan.project(Project(input: scan, expressions: [expression(1, .int64)], output: [column]))
        #expect(scan.brokenInvariant == nil)
        #expect(join(other, [key], [column, column]).brokenInvariant == nil)
        #expect(join(scan, [key], [column, column]).brokenInvariant == .references)
        #expect(join(other, [], [column, column]).brokenInvariant == nil)
        let mixed = Join.KeyPair(left: expression(0, .int64), right: expression(0, .bool))
        #expect(join(other, [mixed], [column, column]).brokenInvariant == .joinKeys)
        #expect(join(other, [key], [column]).brokenInvariant == .outputShape)
        #expect(project.brokenInvariant == .columnInRange)
        #expect(filter(scan, expression(0, .int64), .query).brokenInvariant == .condition)
        #expect(filter(scan, expression(0, .bool), .query).brokenInvariant == .columnType)
        #expect(filter(filter(scan, yes, .policy), yes, .policy).brokenInvariant == nil)
        #expect(filter(filter(scan, yes, .query), yes, .policy).brokenInvariant == .policyFilter)
    }

    /// The same for grouping, windows, the first rows and unions.
    @Test func brokenWiderPlansAreSeen() {
        let place = SourceSpan(line: 1, column: 1, length: 1, offset: 0)
        func column(_ type: LogicalType) -> OutputColumn { OutputColumn(name: "a", type: type, isNullable: false, origin: nil) }
        func scan(_ reference: Int, _ type: LogicalType = .int64) -> LogicalPlan {
            .scan(Scan(reference: reference, table: "t", output: [column(type)], span: place))
        }
        let value = BoundExpression(kind: .column(0), type: .int64, isNullable: false, span: place)
        let far = BoundExpression(kind: .column(1), type: .int64, isNullable: false, span: place)
        func union(_ inputs: [LogicalPlan]) -> PlanInvariant? {
            LogicalPlan.union(Union(inputs: inputs, output: [column(.int64)], span: place)).brokenInvariant
        }
        func sort(_ key: BoundExpression, _ limit: Int64?, _ offset: Int64) -> PlanInvariant? {
            let keys = [SortKey(expression: key, isDescending: false, nullsFirst: false)]
            return LogicalPlan.sort(Sort(input: scan(0), keys: keys, limit: limit, offset: offset)).brokenInvariant
        }
        func window(_ function: WindowFunction, _ unit: WindowFrame.Unit, _ type: LogicalType, _ outputs: Int) -> PlanInvariant? {
            let call = WindowCall(
                function: function, argument: value, partitions: [], order: [],
                frame: WindowFrame(unit: unit, start: .preceding(1), end: .currentRow), type: type, span: place)
            let output = [column(.int64)] + Array(repeating: column(type), count: outputs)
            return LogicalPlan.window(Window(input: scan(0), calls: [call], output: output)).brokenInvariant
        }
        func aggregate(_ key: BoundExpression, _ output: [OutputColumn]) -> PlanInvariant? {
            let aggregation = Aggregation(keys: [key], calls: [], output: output, span: place)
            return LogicalPlan.aggregate(Aggregate(input: scan(0), aggregation: aggregation)).brokenInvariant
        }
        func join(_ kind: Join.Kind, isNullAware: Bool, _ output: [OutputColumn]) -> PlanInvariant? {
            LogicalPlan.join(
                Join(
                    kind: kind, left: scan(0), right: scan(1), keys: [], residual: nil, isNullAware: isNullAware, output: output,
                    span: place)
            ).brokenInvariant
        }
        #expect(union([scan(0), scan(1)]) == nil)
        #expect(union([scan(0)]) == .outputShape)
        #expect(union([scan(0), scan(1, .text)]) == .outputShape)
        #expect(union([scan(0), scan(0)]) == .references)
        #expect(sort(value, 0, 0) == nil)
        #expect(sort(far, 0, 0) == .columnInRange)
        #expect(sort(value, -1, 0) == .limit)
        #expect(sort(value, nil, -1) == .limit)
        #expect(window(.minimum, .rows, .int64, 1) == nil)
        #expect(window(.minimum, .rows, .int64, 2) == .outputShape)
        #expect(window(.minimum, .rows, .double, 1) == .aggregation)
        #expect(window(.rank, .rows, .int64, 1) == .aggregation)
        #expect(window(.minimum, .range, .int64, 1) == .limit)
        #expect(aggregate(value, [column(.int64)]) == nil)
        #expect(aggregate(far, [column(.int64)]) == .columnInRange)
        #expect(aggregate(value, []) == .outputShape)
        #expect(join(.mark, isNullAware: true, [column(.int64), column(.bool)]) == nil)
        #expect(join(.mark, isNullAware: true, [column(.int64)]) == .outputShape)
        #expect(join(.semi, isNullAware: true, [column(.int64)]) == .joinKeys)
        #expect(join(.semi, isNullAware: false, [column(.int64)]) == nil)
        #expect(join(.full, isNullAware: false, [column(.int64)]) == .outputShape)
    }

    /// Origins survive renaming and joins, and computed columns have none.
    @Test func origins() throws {
        let plan = try Sample.bind(
            "SELECT h, lower(h) AS l, COUNT(*) FROM (SELECT hospital AS h FROM visit) x GROUP BY h, lower(h)")
        guard case .aggregate(let aggregation) = plan.release else {
            Issue.record("an aggregation is expected")
            return
        }
        #expect(aggregation.output[0].origin == ColumnOrigin(reference: 0, table: "visit", column: "hospital"))
        #expect(aggregation.output[1].origin == nil && aggregation.output[2].origin == nil)
    }

    /// Random statements: refused with a place, or a plan whose rules hold and whose text is stable.
    @Test(arguments: 0..<4)
    func randomStatements(part: Int) throws {
        var generator = QueryTextGenerator(seed: UInt64(part))
        var accepted = 0
        for _ in 0..<400 {
            let text = generator.query(2)
            let statement = try SQLParser.parse(text)
            do throws(BindError) {
                let plan = try Binder.bind(statement, catalog: SampleCatalog(), parameters: Sample.parameters)
                accepted += 1
                #expect(plan.brokenInvariant == nil)
                let again = try Binder.bind(statement, catalog: SampleCatalog(), parameters: Sample.parameters)
                #expect(again.canonicalText == plan.canonicalText)
            } catch {
                #expect(error.code != .invariantViolated, "\(error.arguments) \(text)")
                #expect(error.span.length > 0 && error.span.offset < text.unicodeScalars.count)
            }
        }
        #expect(accepted > 40)
    }

    /// The same for the wider dialect.
    @Test(arguments: 0..<4)
    func randomWiderStatements(part: Int) throws {
        var generator = DialectTextGenerator(seed: UInt64(part))
        var accepted = 0
        for _ in 0..<150 {
            let text = generator.query(2)
            let statement = try SQLParser.parse(text)
            do throws(BindError) {
                let plan = try Binder.bind(statement, catalog: TPCHCatalog(), parameters: [])
                accepted += 1
                let steps = try Binder.explain(statement, catalog: TPCHCatalog(), parameters: [])
                #expect(steps.last?.text == plan.canonicalText)
            } catch {
                let known: [BindError.Code] = [.correlation, .joinWithoutKey, .tooManyTableReferences, .typeMismatch]
                #expect(known.contains(error.code), "\(error) \(text)")
            }
        }
        #expect(accepted > 50)
    }
}

@Suite struct ListTests {
    /// IN keeps constants in one list; a NULL and computed items stand beside it, so that a list never holds NULL.
    @Test(arguments: [
        ("days IN (1, 2)", "in($0, 1, 2)"),
        ("days IN (1)", "($0 = 1)"),
        ("days NOT IN (1, 2)", "not(in($0, 1, 2))"),
        ("days IN (1, 2, NULL)", "or(in($0, 1, 2), ($0 = null:int64))"),
        ("days IN (1, 2, days)", "or(in($0, 1, 2), ($0 = $0))"),
        ("days IN (1, 1 / 0)", "or(($0 = 1), ($0 = (1 / 0)))"),
        ("days IN (1, 1.5)", "in(cast:decimal(20,1)($0), 1.0:decimal(20,1), 1.5:decimal(20,1))"),
    ])
    func lists(pair: (condition: String, text: String)) throws {
        guard case .filter(let filter) = try Sample.bind("SELECT days FROM visit WHERE \(pair.condition)").rows else {
            Issue.record("a filter is expected")
            return
        }
        #expect(filter.predicate.canonicalText == pair.text)
    }
}
