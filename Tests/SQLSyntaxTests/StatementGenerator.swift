// SPDX-License-Identifier: Apache-2.0

import SQLSyntax

/// A small generator of numbers with a seed (Steele, Lea, Flood: SplitMix64).
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func chance() -> Bool { next() & 1 == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

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
            ]), span: nowhere)
    }

    mutating func some<Element>(_ bound: Int, _ one: (inout StatementGenerator) -> Element) -> [Element] {
        (0...random.below(bound)).map { _ in one(&self) }
    }

    mutating func query(_ depth: Int) -> SelectQuery {
        SelectQuery(
            commonTables: depth > 0 && random.below(4) == 0
                ? some(2) { CommonTable(alias: $0.alias(), query: $0.query(depth - 1)) } : [],
            items: some(3) { $0.item(depth) },
            from: random.below(5) == 0 ? nil : reference(depth),
            filter: random.chance() ? expression(depth) : nil,
            groups: random.chance() ? some(3) { $0.expression(depth) } : [],
            groupFilter: random.chance() ? expression(depth) : nil,
            order: random.chance()
                ? some(3) {
                    SortItem(
                        expression: $0.expression(depth), isDescending: $0.random.chance(),
                        isNullsFirst: $0.random.pick([nil, true, false]))
                } : [],
            limit: random.chance() ? expression(0) : nil, offset: random.chance() ? expression(0) : nil, span: nowhere)
    }

    mutating func alias() -> TableAlias {
        TableAlias(name: name(), columns: random.below(4) == 0 ? some(2) { $0.name() } : [])
    }

    mutating func item(_ depth: Int) -> SelectItem {
        switch random.below(5) {
        case 0: SelectItem(.star(qualifier: random.chance() ? nil : name()), span: nowhere)
        case 1, 2: SelectItem(.expression(expression(depth), alias: name()), span: nowhere)
        default: SelectItem(.expression(expression(depth), alias: nil), span: nowhere)
        }
    }

    mutating func reference(_ depth: Int) -> TableReference {
        if depth > 0, random.below(3) == 0 {
            return TableReference(
                .join(
                    TableJoin(
                        kind: random.pick(TableJoin.Kind.allCases), left: reference(depth - 1),
                        right: reference(depth - 1),
                        condition: random.chance() ? .on(expression(depth - 1)) : .using(some(2) { $0.name() }))),
                span: nowhere)
        }
        if depth > 0, random.below(4) == 0 {
            return TableReference(.derived(query(depth - 1), alias: alias()), span: nowhere)
        }
        return TableReference(.table(name(), alias: random.chance() ? alias() : nil), span: nowhere)
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
            default: return .column(qualifier: random.chance() ? nil : name(), name: name())
            }
        }
        let isNegated = random.chance()
        switch random.below(13) {
        case 0: return .unary(random.pick(SQLUnaryOperator.allCases), expression(depth - 1))
        case 1, 2, 3:
            return .binary(random.pick(SQLBinaryOperator.allCases), expression(depth - 1), expression(depth - 1))
        case 4: return .isNull(expression(depth - 1), isNegated: isNegated)
        case 5:
            return .between(
                expression(depth - 1), low: expression(depth - 1), high: expression(depth - 1), isNegated: isNegated)
        case 6: return .inList(expression(depth - 1), some(3) { $0.expression(depth - 1) }, isNegated: isNegated)
        case 7: return .like(expression(depth - 1), pattern: expression(depth - 1), isNegated: isNegated)
        case 8:
            return .conditional(
                operand: random.chance() ? expression(depth - 1) : nil,
                branches: some(2) {
                    SQLCaseBranch(condition: $0.expression(depth - 1), result: $0.expression(depth - 1))
                }, otherwise: random.chance() ? expression(depth - 1) : nil)
        case 9:
            let types = [("integer", []), ("numeric", [12, 2]), ("double precision", []), ("text", []), ("varchar", [9])]
            let (type, modifiers) = random.pick(types)
            return .cast(expression(depth - 1), SQLTypeName(name: type, modifiers: modifiers, span: nowhere))
        case 10: return .extract(field: Identifier("year", span: nowhere), expression(depth - 1))
        case 11:
            return .call(
                SQLFunctionCall(
                    name: name(), arguments: random.pick([.star, .list([])]),
                    filter: random.chance() ? expression(depth - 1) : nil))
        default:
            return .call(
                SQLFunctionCall(
                    name: name(), arguments: .list(some(3) { $0.expression(depth - 1) }), isDistinct: isNegated,
                    filter: random.chance() ? expression(depth - 1) : nil))
        }
    }
}
