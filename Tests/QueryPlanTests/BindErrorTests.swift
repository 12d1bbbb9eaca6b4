// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Testing

@Suite struct BindErrorTests {
    /// Wrong SQL: the code, its first argument, column and length of the place.
    @Test(arguments: [
        ("SELECT a FROM visits", BindError.Code.unknownTable, "visits", 15, 6),
        ("SELECT hospitl FROM visit", .unknownColumn, "hospitl", 8, 7),
        ("SELECT v.x FROM visit v", .unknownColumn, "x", 10, 1),
        ("SELECT visit.id FROM visit v", .unknownQualifier, "visit", 8, 5),
        ("SELECT w.* FROM visit v", .unknownQualifier, "w", 8, 1),
        ("SELECT medain(cost) FROM visit", .unknownFunction, "medain", 8, 6),
        ("SELECT id FROM visit WHERE cost > :capp", .unknownParameter, "capp", 35, 5),
        ("SELECT CAST(id AS geometry) FROM visit", .unknownType, "geometry", 19, 8),
        ("SELECT person_id FROM visit v JOIN person p ON v.person_id = p.person_id", .ambiguousColumn, "person_id", 8, 9),
        ("SELECT id FROM visit JOIN visit USING (id)", .duplicateName, "visit", 27, 5),
        ("WITH a AS (SELECT id FROM visit), a AS (SELECT id FROM visit) SELECT id FROM a", .duplicateName, "a", 35, 1),
        ("SELECT id FROM visit v (a, b, c, d, e, f, g, h, i, j)", .tooManyColumnNames, "10", 52, 1),
        ("SELECT id FROM visit WHERE hospital", .typeMismatch, "WHERE", 28, 8),
        ("SELECT id FROM visit WHERE urgent AND 1", .typeMismatch, "AND", 39, 1),
        ("SELECT id FROM visit WHERE id = hospital", .typeMismatch, "=", 33, 8),
        ("SELECT hospital + 1 FROM visit", .typeMismatch, "+", 8, 8),
        ("SELECT weight % 2 FROM visit", .typeMismatch, "%", 8, 10),
        ("SELECT -hospital FROM visit", .typeMismatch, "-", 9, 8),
        ("SELECT CASE WHEN urgent THEN 1 ELSE hospital END FROM visit", .typeMismatch, "CASE", 37, 8),
        ("SELECT SUM(hospital) FROM visit", .typeMismatch, "sum", 12, 8),
        ("SELECT MAX(urgent) FROM visit", .typeMismatch, "max", 12, 6),
        ("SELECT date_trunc('month', hospital) FROM visit", .typeMismatch, "date_trunc", 28, 8),
        ("SELECT lower(id) FROM visit", .typeMismatch, "lower", 14, 2),
        ("SELECT SUM(cost, id) FROM visit", .wrongArguments, "sum", 8, 13),
        ("SELECT SUM(*) FROM visit", .wrongArguments, "sum", 8, 6),
        ("SELECT substring(hospital) FROM visit", .wrongArguments, "substring", 8, 19),
        ("SELECT lower(DISTINCT hospital) FROM visit", .wrongArguments, "lower", 8, 24),
        ("SELECT id FROM visit WHERE visit_date >= '2024-02-30'", .invalidLiteral, "date", 42, 12),
        ("SELECT id FROM visit WHERE visit_date = DATE 'soon'", .invalidLiteral, "date", 41, 11),
        ("SELECT id FROM visit WHERE id IN (1, 'x')", .invalidLiteral, "int64", 38, 3),
        ("SELECT 1e99 FROM visit", .numberOutOfRange, "", 8, 4),
        ("SELECT date_trunc('fortnight', visit_date) FROM visit", .unknownField, "date_trunc", 19, 11),
        ("SELECT EXTRACT(hour FROM visit_date) FROM visit", .unknownField, "EXTRACT", 16, 4),
        ("SELECT CAST(urgent AS date) FROM visit", .impossibleCast, "bool", 8, 20),
        ("SELECT hospital, COUNT(*) FROM visit", .notGrouped, "hospital", 8, 8),
        ("SELECT *, COUNT(*) FROM visit GROUP BY id", .notGrouped, "person_id", 8, 1),
        ("SELECT hospital FROM visit GROUP BY 1 ORDER BY cost", .notGrouped, "cost", 48, 4),
        ("SELECT hospital FROM visit GROUP BY 1 HAVING cost > 1", .notGrouped, "cost", 46, 4),
        ("SELECT hospital FROM visit WHERE COUNT(*) > 1", .aggregateNotAllowed, "WHERE", 34, 8),
        ("SELECT COUNT(*) FROM visit GROUP BY 1", .aggregateNotAllowed, "GROUP BY", 8, 8),
        ("SELECT v.id FROM visit v JOIN visit w ON SUM(v.id) = w.id", .aggregateNotAllowed, "JOIN", 42, 9),
        ("SELECT SUM(COUNT(*)) FROM visit", .nestedAggregate, "", 12, 8),
        ("SELECT v.id FROM visit v JOIN visit w ON v.id < w.id", .joinWithoutKey, "", 18, 35),
        ("SELECT v.id FROM visit v LEFT JOIN visit w ON TRUE", .joinWithoutKey, "", 18, 33),
        ("SELECT id FROM visit ORDER BY 2", .ordinalOutOfRange, "ORDER BY", 31, 1),
        ("SELECT id FROM visit GROUP BY 0", .ordinalOutOfRange, "GROUP BY", 31, 1),
        ("SELECT id FROM visit ORDER BY 'a'", .constantKey, "ORDER BY", 31, 3),
        ("SELECT id FROM visit GROUP BY 'a'", .constantKey, "GROUP BY", 31, 3),
        ("SELECT id FROM visit LIMIT id", .limitNotConstant, "LIMIT", 28, 2),
        ("SELECT id FROM visit OFFSET -1", .limitNotConstant, "OFFSET", 29, 2),
        ("SELECT 1, *", .fromRequired, "", 11, 1),
        ("SELECT left(hospital) FROM visit", .wrongArguments, "left", 8, 14),
        ("SELECT hospital LIKE 'a' ESCAPE 'bc' FROM visit", .wrongArguments, "LIKE", 33, 4),
        ("SELECT hospital LIKE 'a' ESCAPE hospital FROM visit", .wrongArguments, "LIKE", 33, 8),
        ("SELECT id LIKE 'a' FROM visit", .typeMismatch, "LIKE", 8, 2),
        ("SELECT id || 2 FROM visit", .typeMismatch, "||", 8, 2),
        ("SELECT visit_date + 1.5 FROM visit", .typeMismatch, "+", 21, 3),
        ("SELECT visit_date * 2 FROM visit", .typeMismatch, "*", 21, 1),
        ("SELECT born - born FROM person", .unsupported, "timestamp -", 8, 11),
        ("SELECT id + INTERVAL '1 day' FROM visit", .typeMismatch, "+ INTERVAL", 8, 2),
        ("SELECT visit_date + INTERVAL '1 fortnight' FROM visit", .invalidLiteral, "interval", 21, 22),
        ("SELECT INTERVAL '1 day' - visit_date FROM visit", .unsupported, "INTERVAL", 8, 16),
        ("SELECT STDDEV(DISTINCT cost) FROM visit", .unsupported, "STDDEV(DISTINCT …)", 8, 21),
        ("SELECT percentile_cont(1.5) WITHIN GROUP (ORDER BY cost) FROM visit", .wrongArguments, "percentile_cont", 8, 49),
        ("SELECT percentile_cont(0.5) FROM visit", .wrongArguments, "percentile_cont", 8, 20),
        ("SELECT SUM(cost) WITHIN GROUP (ORDER BY cost) FROM visit", .wrongArguments, "sum", 8, 38),
        ("SELECT BOOL_AND(cost) FROM visit", .typeMismatch, "bool_and", 17, 4),
        ("SELECT greatest(person_id, person_id) FROM visit", .typeMismatch, "greatest", 8, 30),
        ("SELECT power(hospital, 2) FROM visit", .typeMismatch, "power", 14, 8),
        ("SELECT round(weight, 2) FROM visit", .typeMismatch, "round", 14, 6),
        ("SELECT round(cost, 39) FROM visit", .wrongArguments, "round", 8, 15),
        ("SELECT add_days(visit_date, 1) FROM visit", .unknownFunction, "add_days", 8, 8),
        ("SELECT INTERVAL '1 month' FROM visit", .unsupported, "INTERVAL", 8, 18),
        ("WITH unused AS (SELECT nothing FROM visit) SELECT id FROM visit", .unknownColumn, "nothing", 24, 7),
        ("SELECT 医院2 FROM 门急诊", .unknownColumn, "医院2", 8, 3),
        ("SELECT id AS a, days AS a FROM visit ORDER BY a", .ambiguousColumn, "a", 47, 1),
    ])
    func refused(example: (text: String, code: BindError.Code, argument: String, column: Int, length: Int)) throws {
        let statement = try SQLParser.parse(example.text)
        do throws(BindError) {
            _ = try Binder.bind(statement, catalog: SampleCatalog(), parameters: Sample.parameters)
            Issue.record("accepted: \(example.text)")
        } catch {
            #expect(error.code == example.code, "\(example.text)")
            #expect((error.arguments.first ?? "") == example.argument, "\(example.text)")
            #expect(error.span.line == 1)
            #expect(error.span.column == example.column, "\(example.text)")
            #expect(error.span.length == example.length, "\(example.text)")
        }
    }

    /// What differs little from a refused example and is right.
    @Test(arguments: [
        "SELECT v.id FROM visit v",
        "SELECT v.person_id FROM visit v JOIN person p ON v.person_id = p.person_id",
        "SELECT person_id FROM visit v JOIN person p USING (person_id)",
        "SELECT id FROM visit WHERE urgent AND NULL",
        "SELECT id FROM visit WHERE id = '5'",
        "SELECT cost + '1.5', cost % 2 FROM visit",
        "SELECT CASE WHEN urgent THEN 1 ELSE 2.5 END, CASE days WHEN 1 THEN 'a' END FROM visit",
        "SELECT hospital, COUNT(*) FROM visit GROUP BY hospital",
        "SELECT visit.*, COUNT(*) FROM visit GROUP BY id, person_id, hospital, visit_date, icd_code, cost, days, weight, urgent",
        "SELECT SUM(n) FROM (SELECT COUNT(*) n FROM visit) x",
        "SELECT COUNT(*) FROM (SELECT id FROM visit LIMIT 3) x",
        "SELECT v.id FROM visit v JOIN (SELECT id FROM visit GROUP BY id) x ON v.id = x.id",
        "SELECT TRUE FROM visit HAVING TRUE",
        "SELECT SUM(DISTINCT cost), hospital || 'a' FROM visit WHERE hospital LIKE 'a%' GROUP BY 2",
        "SELECT left(hospital, -1), visit_date + 1, urgent < TRUE FROM visit",
        "SELECT n FROM (SELECT COUNT(*) n FROM visit) x WHERE n > 5",
        "SELECT v.id FROM visit v JOIN visit w ON TRUE WHERE v.id = w.id",
        "SELECT id AS a, id AS a FROM visit ORDER BY a",
        "SELECT SUM(cost) AS 合计 FROM visit HAVING COUNT(*) > 1",
        "SELECT a FROM visit v (a, b) GROUP BY a",
        "SELECT left(hospital, -1), round(cost, -2), round(cost, 38), hospital || id FROM visit",
        "SELECT id FROM visit WHERE hospital LIKE 'a!%' ESCAPE '!' AND icd_code NOT ILIKE '_' AND days IS NOT DISTINCT FROM 3",
        "SELECT visit_date + 1, visit_date - visit_date, INTERVAL '1 day' + visit_date, visit_date - INTERVAL '1 mon' FROM visit",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY cost DESC), SUM(DISTINCT cost), STDDEV(days), every(urgent) FROM visit",
        "SELECT born FROM person WHERE born >= DATE '2000-01-01'",
        "SELECT person_id FROM visit WHERE person_id = 'x'",
        "SELECT 医院, AVG(总费用) FROM 门急诊 WHERE 医院 <> :医院 GROUP BY 医院",
    ])
    func accepted(text: String) throws {
        #expect(throws: Never.self) { try Sample.bind(text) }
    }

    @Test(arguments: [
        ("SELECT a FROM visits", "visit"),
        ("SELECT a FROM 门诊", "门急诊"),
        ("SELECT hospitl FROM visit", "hospital"),
        ("SELECT \"Hospital\" FROM visit", "hospital"),
        ("SELECT weigth FROM visit", "weight"),
        ("SELECT something FROM visit", "-"),
        ("SELECT HOSPITL FROM visit", "hospital"),
        ("SELECT cuont(*) FROM visit", "count"),
        ("SELECT id FROM visit WHERE visit_date > :sinse", "since"),
        ("SELECT vv.id FROM visit v JOIN person p USING (person_id)", "v"),
    ])
    func suggestions(pair: (text: String, suggestion: String)) throws {
        let error = #expect(throws: BindError.self) { try Sample.bind(pair.text) }
        #expect(error?.arguments.last == pair.suggestion)
    }

    @Test func messagesDoNotRepeatLiterals() {
        let error = #expect(throws: BindError.self) { try Sample.bind("SELECT id FROM visit WHERE id = 'SECRET'") }
        #expect(error?.code == .invalidLiteral)
        #expect(error?.arguments.contains { $0.contains("SECRET") } == false)
    }
}
