// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryEngine
import QueryPlan
import Tabular
import TestBasics
import TestSupport

/// Seeded random tables and plans over them.
struct RandomPlans {
    var random: SplitMix64
    static let money = LogicalType.decimal(precision: 12, scale: 2)
    static let product = LogicalType.decimal(precision: 26, scale: 4)
    static let quotient = LogicalType.decimal(precision: 38, scale: 16)
    static let big = LogicalType.decimal(precision: 38, scale: 2)
    static let texts = ["", "a", "b", "Ab", "仁和医院", "市一院", "中医院", "x y", "12", "-3.50", "2024-02-29", "true", "ÄÖ", " 1e2 ", ".5", "20240131", "2024/1/5 3:04:05.25", "a%b", "Off"]

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    static let visitColumns: [(name: String, type: LogicalType)] = [
        ("person", .entity("person")), ("hospital", .text), ("day", .date), ("at", .timestamp), ("cost", money), ("big", big),
        ("n", .int64), ("x", .double), ("flag", .bool), ("code", .text), ("other", .entity("person")),
    ]
    static let personColumns: [(name: String, type: LogicalType)] = [
        ("person", .entity("person")), ("bn", .int64), ("bcode", .text), ("amount", money), ("big", big), ("born", .date),
    ]

    mutating func value(_ type: LogicalType) -> Literal {
        if random.chance(12) { return .null }
        switch type {
        case .bool: return .bool(random.chance(50))
        case .int64: return .int64(random.chance(3) ? random.pick([.max, .min, 1 << 40]) : Int64(random.below(12) - 4))
        case .decimal(38, 2): return .decimal(units: Int128(random.below(9) - 4) * 1_234_000_000_000_000_000_000_000_000_000_001, scale: 2)
        case .decimal(_, let scale):
            // Some that do not go into 32 bits, or only just.
            if random.chance(3) { return .decimal(units: random.pick([4_294_967_295, 2_147_483_648, 999_999_999_999]), scale: scale) }
            return .decimal(units: Int128(random.below(5_000) - (random.chance(50) ? 1_500 : 0)), scale: scale)
        case .double: return .double(Double(random.below(4_000) - 2_000) / 64)
        case .date: return .date(days: random.chance(5) ? random.pick([-719_162, 2_932_896, -1]) : Int64(19_000 + random.below(800)))
        case .timestamp: return .timestamp(microseconds: Int64(random.below(40_000_000)) * 1_234_567 - 5_000_000_000_000)
        case .text: return .text(random.pick(Self.texts))
        case .entity: return .int64(Int64(random.below(9)))
        case .null: return .null
        }
    }

    struct Layout {
        var blockRows: Int
        var partitionRows: Int
        var sharesDictionaries: Bool
        var statesBounds: Bool
    }

    mutating func layout() -> Layout {
        Layout(blockRows: random.pick([1, 3, 17, 65_536]), partitionRows: random.pick([1, 10, .max]), sharesDictionaries: random.chance(50),
            statesBounds: random.chance(50))
    }

    /// Rows of both tables; `isOwn`: the person column is the stored entity.
    mutating func rows(_ count: Int, _ columns: [(name: String, type: LogicalType)], types: Int, isOwn: Bool) -> [MemoryTable.Row] {
        let persons = 1 + random.below(30)
        return (0..<count).map { _ in
            var values = columns.map { value($0.type) }
            let entities = (0..<types).map { _ in random.chance(4) ? nil : UInt32(random.below(persons)) }
            if isOwn { values[0] = entities[0].map { .int64(Int64($0)) } ?? .null }
            return MemoryTable.Row(values: values, entities: entities)
        }
    }

    static func table(
        _ columns: [(name: String, type: LogicalType)], _ types: [String], _ rows: [MemoryTable.Row], _ layout: Layout
    ) -> MemoryTable {
        MemoryTable(
            columns: columns, entityTypes: types, rows: rows, blockRows: layout.blockRows, partitionRows: layout.partitionRows,
            sharesDictionaries: layout.sharesDictionaries, statesBounds: layout.statesBounds)
    }

    // MARK: Expressions

    mutating func column(_ type: LogicalType, _ columns: [OutputColumn]) -> BoundExpression {
        let fitting = columns.indices.filter { columns[$0].type == type }
        if fitting.isEmpty || random.chance(15) { return Build.literal(value(type), type) }
        return Build.column(random.pick(fitting), type)
    }

    mutating func expression(_ type: LogicalType, _ columns: [OutputColumn], depth: Int) -> BoundExpression {
        if depth == 0 || random.chance(25) { return column(type, columns) }
        func sub(_ type: LogicalType, _ plans: inout RandomPlans) -> BoundExpression { plans.expression(type, columns, depth: depth - 1) }
        switch random.below(type == .bool ? 2 : 6) {
        case 0 where type != .bool:
            let branches = (0..<(1 + random.below(2))).map { _ in
                BoundExpression.Branch(condition: sub(.bool, &self), result: sub(type, &self))
            }
            return Build.expression(.caseWhen(branches, otherwise: random.chance(60) ? sub(type, &self) : nil), type)
        case 1 where type != .bool:
            let function = random.pick([ScalarFunction.coalesce, .nullIf, .greatest, .least])
            return Build.call(function, [sub(type, &self), sub(type, &self)], type)
        default: break
        }
        switch type {
        case .bool: return condition(columns, depth: depth)
        case .int64:
            switch random.below(5) {
            case 0: return Build.expression(.cast(sub(random.pick([.text, Self.money, .bool, .double]), &self)), .int64)
            case 1:
                let source = random.pick([LogicalType.date, .timestamp])
                let fields = CalendarField.allCases.filter { $0.type(of: source) == .int64 && (source == .timestamp || !$0.isOfClock) }
                return Build.call(.extract, [Build.literal(.text(random.pick(fields).rawValue)), sub(source, &self)], .int64)
            case 2:
                switch random.below(4) {
                case 0: return Build.call(.length, [sub(.text, &self)], .int64)
                case 1: return Build.call(.position, [sub(.text, &self), sub(.text, &self)], .int64)
                case 2: return Build.call(.daysBetween, [sub(.date, &self), sub(.date, &self)], .int64)
                default: return Build.call(random.pick([.absolute, .round, .floor, .ceiling, .truncate, .sign]), [sub(.int64, &self)], .int64)
                }
            case 3: return Build.expression(.negate(sub(.int64, &self)), .int64)
            default:
                return Build.expression(.arithmetic(random.pick(ArithmeticOperator.allCases), sub(.int64, &self), sub(.int64, &self)), .int64)
            }
        case Self.money:
            switch random.below(4) {
            case 0: return Build.expression(.cast(sub(random.pick([.text, .int64, .double, Self.product, Self.quotient]), &self)), type)
            case 1:
                if random.chance(20) {
                    let field = random.pick([CalendarField.second, .milliseconds, .epoch])
                    let part = Build.call(.extract, [Build.literal(.text(field.rawValue)), sub(.timestamp, &self)], field.type(of: .timestamp))
                    return Build.expression(.cast(part), type)
                }
                return Build.call(random.pick([.absolute, .floor, .ceiling, .sign]), [sub(type, &self)], type)
            case 2: return Build.call(random.pick([.round, .truncate]), [sub(type, &self), Build.literal(.int64(Int64(random.below(7) - 3)))], type)
            default: return Build.expression(.arithmetic(random.pick([.add, .subtract, .modulo]), sub(type, &self), sub(random.pick([type, .int64]), &self)), type)
            }
        case Self.product: return Build.expression(.arithmetic(.multiply, sub(Self.money, &self), sub(Self.money, &self)), type)
        case Self.quotient: return Build.expression(.arithmetic(.divide, sub(Self.money, &self), sub(random.pick([Self.money, .int64]), &self)), type)
        case .double:
            if random.chance(40) { return Build.expression(.cast(sub(random.pick([.text, .int64, Self.money]), &self)), type) }
            if random.chance(30) {
                return Build.call(random.pick([.absolute, .floor, .ceiling, .round, .truncate, .sign, .squareRoot, .exponential, .logarithm]), [sub(type, &self)], type)
            }
            if random.chance(10) { return Build.call(.power, [sub(type, &self), sub(type, &self)], type) }
            return Build.expression(.arithmetic(random.pick(ArithmeticOperator.allCases), sub(type, &self), sub(type, &self)), type)
        case .date:
            if random.chance(30) { return Build.expression(.cast(sub(random.pick([.text, .timestamp]), &self)), type) }
            if random.chance(30) { return Build.call(.addDays, [sub(type, &self), sub(.int64, &self)], type) }
            if random.chance(20) { return Build.call(.makeDate, (0..<3).map { _ in sub(.int64, &self) }, type) }
            let fields = CalendarField.allCases.filter { $0.isTruncation && !$0.isOfClock }
            return Build.call(.dateTrunc, [Build.literal(.text(random.pick(fields).rawValue)), sub(type, &self)], type)
        case .timestamp:
            if random.chance(30) { return Build.expression(.cast(sub(random.pick([.text, .date]), &self)), type) }
            if random.chance(40) {
                let parts: [Int64] = [random.pick([0, 1, -1, 12, 25, -13]), Int64(random.below(90) - 45), random.pick([0, 1, -86_400_000_000, 7_200_000_001])]
                return Build.call(.addInterval, [sub(random.pick([.date, .timestamp]), &self)] + parts.map { Build.literal(.int64($0)) }, type)
            }
            let fields = CalendarField.allCases.filter(\.isTruncation)
            return Build.call(.dateTrunc, [Build.literal(.text(random.pick(fields).rawValue)), sub(type, &self)], type)
        case .text:
            switch random.below(4) {
            case 0: return Build.call(random.pick([.lower, .upper]), [sub(type, &self)], type)
            case 1:
                var arguments = [sub(type, &self), Build.literal(.int64(Int64(random.below(4) - 1)))]
                if random.chance(60) { arguments.append(random.chance(70) ? Build.literal(.int64(Int64(random.below(4) - 1))) : column(.int64, columns)) }
                return Build.call(.substring, arguments, type)
            case 2: return Build.expression(.cast(sub(random.pick([.int64, Self.money, .date, .timestamp, .bool, .double]), &self)), type)
            default: return textCall(columns, depth: depth)
            }
        case .decimal, .entity, .null: return column(type, columns)
        }
    }

    mutating func condition(_ columns: [OutputColumn], depth: Int) -> BoundExpression {
        func sub(_ type: LogicalType, _ plans: inout RandomPlans) -> BoundExpression { plans.expression(type, columns, depth: depth - 1) }
        let type = random.pick([LogicalType.text, .int64, Self.money, .double, .date, .timestamp, .bool])
        switch random.below(9) {
        case 7: return Build.call(.isDistinct, [sub(type, &self), sub(type, &self)], .bool)
        case 8:
            if random.chance(20) { return Build.call(.startsWith, [sub(.text, &self), sub(.text, &self)], .bool) }
            let patterns = ["%", "_", "a%", "%b", "%医%", "_一_", "%_b%", "", "仁__院", "ab", "A%B", "%\\%", "!%%", "a!", "x%y", "%a%b%"]
            let pattern = random.chance(80) ? Build.literal(.text(random.pick(patterns))) : sub(.text, &self)
            return Build.call(
                random.pick([.like, .likeInsensitive]), [sub(.text, &self), pattern, Build.literal(.text(random.pick(["\\", "!", ""])))], .bool)
        case 0: return Build.expression(.not(sub(.bool, &self)), .bool)
        case 1: return Build.expression(.isNull(sub(type, &self), isNegated: random.chance(50)), .bool)
        case 2: return Build.expression(.and((0..<(2 + random.below(2))).map { _ in sub(.bool, &self) }), .bool)
        case 3: return Build.expression(.or((0..<(2 + random.below(2))).map { _ in sub(.bool, &self) }), .bool)
        case 4:
            let items = (0..<(1 + random.below(4))).map { _ in random.chance(85) ? Build.literal(value(type), type) : column(type, columns) }
            return Build.expression(.inList(sub(type, &self), items), .bool)
        default: return Build.compare(random.pick(ComparisonOperator.allCases), sub(type, &self), sub(type, &self))
        }
    }

    mutating func textCall(_ columns: [OutputColumn], depth: Int) -> BoundExpression {
        func sub(_ type: LogicalType, _ plans: inout RandomPlans) -> BoundExpression { plans.expression(type, columns, depth: depth - 1) }
        func text(_ choices: [String], _ plans: inout RandomPlans) -> BoundExpression {
            plans.random.chance(70) ? Build.literal(.text(plans.random.pick(choices))) : sub(.text, &plans)
        }
        func count(_ plans: inout RandomPlans) -> BoundExpression {
            plans.random.chance(70) ? Build.literal(.int64(Int64(plans.random.below(9) - 4))) : plans.column(.int64, columns)
        }
        switch random.below(8) {
        case 0: return Build.call(random.pick([.trimBoth, .trimLeft, .trimRight]), [sub(.text, &self), text([" ", "a", "ab", "院市", ""], &self)], .text)
        case 1: return Build.call(.concat, (0..<(1 + random.below(3))).map { _ in sub(.text, &self) }, .text)
        case 2: return Build.call(.concatenate, [sub(.text, &self), text(["", "x", "院"], &self)], .text)
        case 3: return Build.call(.replace, [sub(.text, &self), text(["", "a", "医院", "b"], &self), text(["", "ä", "zz"], &self)], .text)
        case 4: return Build.call(random.pick([.padLeft, .padRight]), [sub(.text, &self), count(&self), text(["", " ", "ab", "仁"], &self)], .text)
        case 5: return Build.call(random.pick([.left, .right]), [sub(.text, &self), count(&self)], .text)
        case 6: return Build.call(.reverse, [sub(.text, &self)], .text)
        default: return column(.text, columns)
        }
    }
}
