// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import TestBasics

/// Makes trees of every form that the grammar knows.
struct StatementGenerator {
    var random: SplitMix64
    private let nowhere = SourceSpan(line: 1, column: 1, length: 0, offset: 0)

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func name() -> Identifier {
        Identifier(
            random.pick([
                "a", "visit", "医院", "Select", "select", "x y", "带\"引号", "过滤", "filter", "over", "date", "nulls", "left", "_1",
                "收入（元）", "rollup", "exists", "recursive", "at", "1a", "month", "within", "interval", "substring",
                "position", "trim", "partition", "rows", "range", "unbounded", "current", "row", "escape", "unknown", "cube",
                "grouping", "sets", "union", "distinct", "overlay", "values", "窗口", "groups", "ignore",
            ]), span: nowhere)
    }

    mutating func some<Element>(_ bound: Int, _ one: (inout StatementGenerator) -> Element) -> [Element] {
        (0...random.below(bound)).map { _ in one(&self) }
    }

    mutating func query(_ depth: Int) -> SelectQuery {
        SelectQuery(
            commonTables: depth > 0 && random.below(4) == 0
                ? some(2) { CommonTable(alias: $0.alias(), query: $0.query(depth - 1)) } : [],
            body: body(depth), order: random.chance(50) ? order(depth) : [],
            limit: random.chance(50) ? expression(0) : nil, offset: random.chance(50) ? expression(0) : nil, span: nowhere)
    }

    /// UNION ALL leans to the left, as the parser reads it.
    private mutating func body(_ depth: Int) -> QueryBody {
        guard depth > 0, random.below(4) == 0 else { return .select(block(depth)) }
        let left = random.chance(50) ? body(depth - 1) : operand(depth - 1)
        return .unionAll(left, operand(depth - 1))
    }

    private mutating func operand(_ depth: Int) -> QueryBody {
        random.chance(50) ? .nested(query(depth)) : .select(block(depth))
    }

    private mutating func block(_ depth: Int) -> SelectBlock {
        SelectBlock(
            isDistinct: random.below(4) == 0, items: some(3) { $0.item(depth) },
            from: random.below(5) == 0 ? nil : reference(depth),
            filter: random.chance(50) ? expression(depth) : nil,
            groups: random.chance(50) ? some(3) { $0.group(depth) } : [],
            groupFilter: random.chance(50) ? expression(depth) : nil, span: nowhere)
    }

    private mutating func group(_ depth: Int) -> GroupItem {
        switch random.below(8) {
        case 0: .rollup(some(3) { $0.some(2) { $0.expression(0) } })
        case 1: .cube(some(3) { $0.some(2) { $0.expression(0) } })
        case 2: .sets(some(3) { $0.groupingSet(depth) })
        default: .expression(expression(depth))
        }
    }

    private mutating func groupingSet(_ depth: Int) -> [GroupItem] {
        switch random.below(4) {
        case 0: []
        case 1 where depth > 0: [group(depth - 1)]
        default: some(3) { .expression($0.expression(0)) }
        }
    }

    mutating func order(_ depth: Int) -> [SortItem] {
        some(3) {
            SortItem(
                expression: $0.expression(depth), isDescending: $0.random.chance(50),
                isNullsFirst: $0.random.pick([nil, true, false]))
        }
    }

    mutating func alias() -> TableAlias {
        TableAlias(name: name(), columns: random.below(4) == 0 ? some(2) { $0.name() } : [])
    }

    mutating func item(_ depth: Int) -> SelectItem {
        switch random.below(5) {
        case 0: SelectItem(.star(qualifier: random.chance(50) ? nil : name()), span: nowhere)
        case 1, 2: SelectItem(.expression(expression(depth), alias: name()), span: nowhere)
        default: SelectItem(.expression(expression(depth), alias: nil), span: nowhere)
        }
    }

    mutating func reference(_ depth: Int) -> TableReference {
        if depth > 0, random.below(3) == 0 {
            let kind = random.pick(TableJoin.Kind.allCases)
            let condition: TableJoin.Condition =
                kind == .cross ? .none : random.chance(50) ? .on(expression(depth - 1)) : .using(some(2) { $0.name() })
            let join = TableJoin(
                kind: kind, left: reference(depth - 1), right: reference(depth - 1), condition: condition)
            return TableReference(.join(join), span: nowhere)
        }
        if depth > 0, random.below(4) == 0 {
            return TableReference(.derived(query(depth - 1), alias: alias()), span: nowhere)
        }
        return TableReference(.table(name(), alias: random.chance(50) ? alias() : nil), span: nowhere)
    }

    mutating func literal() -> SQLLiteral {
        random.pick([
            .null, .boolean(true), .boolean(false), .integer("0"), .integer("99999999999999999999"), .decimal("1.50"),
            .decimal("1e3"), .decimal(".5"), .decimal("2.5e-7"), .string(""), .string("it's 甲乙 -- /* ："),
            .string("a\nb"), .date("2024-01-31"), .timestamp("2024-01-31 00:00:00"), .interval("1 month"),
        ])
    }

    mutating func expression(_ depth: Int) -> SQLExpression { SQLExpression(kind(depth), span: nowhere) }

    private mutating func kind(_ depth: Int) -> SQLExpression.Kind {
        guard depth > 0 else {
            switch random.below(4) {
            case 0: return .literal(literal())
            case 1: return .parameter(random.pick(["since", "起始", "Since"]))
            default: return .column(qualifier: random.chance(50) ? nil : name(), name: name())
            }
        }
        return random.below(3) == 0 ? rarer(depth) : common(depth)
    }

    private mutating func common(_ depth: Int) -> SQLExpression.Kind {
        let isNegated = random.chance(50)
        switch random.below(10) {
        case 0: return .unary(random.pick(SQLUnaryOperator.allCases), expression(depth - 1))
        case 1, 2, 3:
            return .binary(random.pick(SQLBinaryOperator.allCases), expression(depth - 1), expression(depth - 1))
        case 4: return .isNull(expression(depth - 1), isNegated: isNegated)
        case 5:
            return .between(
                expression(depth - 1), low: expression(depth - 1), high: expression(depth - 1), isNegated: isNegated)
        case 6:
            // A list of nothing but a query would be read as IN (SELECT …).
            let list = [SQLExpression(.literal(literal()), span: nowhere)] + some(3) { $0.expression(depth - 1) }
            return .inList(expression(depth - 1), list, isNegated: isNegated)
        case 7:
            return .conditional(
                operand: random.chance(50) ? expression(depth - 1) : nil,
                branches: some(2) {
                    SQLCaseBranch(condition: $0.expression(depth - 1), result: $0.expression(depth - 1))
                }, otherwise: random.chance(50) ? expression(depth - 1) : nil)
        case 8:
            let types = [("integer", []), ("numeric", [12, 2]), ("double precision", []), ("text", []), ("varchar", [9])]
            let (type, modifiers) = random.pick(types)
            return .cast(expression(depth - 1), SQLTypeName(name: type, modifiers: modifiers, span: nowhere))
        default: return .call(call(depth))
        }
    }

    private mutating func rarer(_ depth: Int) -> SQLExpression.Kind {
        let isNegated = random.chance(50)
        switch random.below(7) {
        case 0: return .extract(field: Identifier("year", span: nowhere), expression(depth - 1))
        case 1: return .subquery(query(depth - 1))
        case 2: return .exists(query(depth - 1))
        case 3: return .inQuery(expression(depth - 1), query(depth - 1), isNegated: isNegated)
        case 4: return .isDistinct(expression(depth - 1), expression(depth - 1), isNegated: isNegated)
        case 5: return .isTruth(expression(depth - 1), random.pick(SQLTruth.allCases), isNegated: isNegated)
        default:
            return .like(
                expression(depth - 1), pattern: expression(depth - 1),
                escape: random.chance(50) ? expression(depth - 1) : nil, isCaseInsensitive: random.chance(50),
                isNegated: isNegated)
        }
    }

    private mutating func call(_ depth: Int) -> SQLFunctionCall {
        let isList = random.chance(50)
        let isOrdered = random.below(6) == 0
        return SQLFunctionCall(
            name: name(), arguments: isList ? .list(some(3) { $0.expression(depth - 1) }) : random.pick([.star, .list([])]),
            isDistinct: isList && !isOrdered && random.below(3) == 0, withinGroup: isOrdered ? order(depth - 1) : [],
            filter: random.below(3) == 0 ? expression(depth - 1) : nil,
            window: random.below(3) == 0 ? window(depth - 1) : nil)
    }

    private mutating func window(_ depth: Int) -> SQLWindow {
        SQLWindow(
            partitions: random.chance(50) ? some(2) { $0.expression(depth) } : [],
            order: random.chance(50) ? order(depth) : [], frame: random.chance(50) ? frame(depth) : nil)
    }

    private mutating func frame(_ depth: Int) -> SQLFrame {
        let starts: [SQLFrameBound] = [.unboundedPreceding, .preceding(expression(depth)), .currentRow]
        let ends: [SQLFrameBound] = [.currentRow, .following(expression(depth)), .unboundedFollowing]
        return SQLFrame(unit: random.pick(SQLFrame.Unit.allCases), start: random.pick(starts), end: random.pick(ends))
    }
}
