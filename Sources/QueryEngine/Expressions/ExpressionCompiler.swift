// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Turns bound expressions into vector expressions with buffers of their own. Each worker compiles for itself.
struct ExpressionCompiler {
    let arena: ConfidentialArena
    let parameters: [String: Literal]
    /// Parts of several expressions that are computed once.
    var shared: SharedExpressions?

    init(arena: ConfidentialArena, parameters: [String: Literal], shared: SharedExpressions? = nil) {
        self.arena = arena
        self.parameters = parameters
        self.shared = shared
    }

    func compile(_ expression: BoundExpression) throws(EngineError) -> any VectorExpression {
        guard let shared else { return try compileNode(expression) }
        return try shared.share(expression, arena: arena) { () throws(EngineError) in try compileNode(expression) }
    }

    private func compileNode(_ expression: BoundExpression) throws(EngineError) -> any VectorExpression {
        let type = expression.type
        switch expression.kind {
        case .column(let position): return ColumnExpression(type: type, position: position)
        case .literal(let literal): return try constant(literal, type: type)
        case .parameter(let name): return try constant(try parameter(name, type: type), type: type)
        case .negate(let operand):
            let zero = try constant(type == .double ? .double(0) : .int64(0), type: type)
            return try arithmetic(.subtract, zero, try compile(operand), type: type)
        case .not(let operand): return try NotExpression(try compile(operand), arena: arena)
        case .isNull(let operand, let isNegated):
            return try NullTestExpression(try compile(operand), isNegated: isNegated, arena: arena)
        case .arithmetic(let symbol, let left, let right):
            return try arithmetic(symbol, try compile(left), try compile(right), type: type)
        case .comparison(let symbol, let left, let right):
            return try comparison(symbol, try compile(left), try compile(right))
        case .and(let operands): return try conjunction(operands)
        case .or(let operands): return try LogicExpression(isAnd: false, try compile(operands), arena: arena)
        case .inList(let operand, let items): return try membership(try compile(operand), try compile(items))
        case .caseWhen(let branches, let otherwise): return try choice(branches, otherwise, type: type)
        case .cast(let operand): return try cast(try compile(operand), to: type)
        case .function(let function, let arguments): return try call(function, try compile(arguments), type: type)
        }
    }

    func compile(_ expressions: [BoundExpression]) throws(EngineError) -> [any VectorExpression] {
        var compiled: [any VectorExpression] = []
        for expression in expressions { compiled.append(try compile(expression)) }
        return compiled
    }

    /// The expression in this type.
    func fit(_ expression: any VectorExpression, to type: LogicalType) throws(EngineError) -> any VectorExpression {
        expression.type == type ? expression : try cast(expression, to: type)
    }

    func constant(_ literal: Literal, type: LogicalType) throws(EngineError) -> any VectorExpression {
        guard let converted = LiteralConversion.convert(literal, to: type) else { throw EngineError(.malformedPlan, ["literal"]) }
        return try ConstantExpression(converted, type: type, arena: arena)
    }

    private func parameter(_ name: String, type: LogicalType) throws(EngineError) -> Literal {
        guard let value = parameters[name] else { throw EngineError(.parameterMissing, [name]) }
        guard LiteralConversion.convert(value, to: type) != nil else { throw EngineError(.parameterType, [name, type.name]) }
        return value
    }

    private func arithmetic(
        _ symbol: ArithmeticOperator, _ left: any VectorExpression, _ right: any VectorExpression, type: LogicalType
    ) throws(EngineError) -> any VectorExpression {
        switch type {
        case .int64 where left.type == .int64 && right.type == .int64:
            return try WholeArithmetic(symbol, left, right, arena: arena)
        case .int64, .decimal: return try ExactArithmetic(symbol, left, right, type: type, arena: arena)
        case .double:
            return try DoubleArithmetic(symbol, try fit(left, to: .double), try fit(right, to: .double), arena: arena)
        case .null: return try constant(.null, type: type)
        case .bool, .date, .timestamp, .text, .entity: throw EngineError(.unsupported, [symbol.rawValue, type.name])
        }
    }

    func comparison(
        _ symbol: ComparisonOperator, _ left: any VectorExpression, _ right: any VectorExpression
    ) throws(EngineError) -> any VectorExpression {
        if left.type == .null || right.type == .null { return try constant(.null, type: .bool) }
        if left.type == .text, right.type == .text {
            if let constant = right as? ConstantExpression { return try textTest(left, .compare(symbol, constant.literal)) }
            if let constant = left as? ConstantExpression { return try textTest(right, .compare(symbol.mirrored, constant.literal)) }
            return try TextComparison(symbol, left, right, arena: arena)
        }
        let common = comparisonType(left.type, right.type)
        if common != left.type || common != right.type, left.type.isExactNumeric {
            return try Comparison(symbol, try fit(left, to: common), try fit(right, to: common), arena: arena)
        }
        guard left.type.physical == right.type.physical else { throw EngineError(.malformedPlan, ["comparison"]) }
        return try Comparison(symbol, left, right, arena: arena)
    }

    /// The type in which two exact numbers are compared; of others the left one's.
    func comparisonType(_ left: LogicalType, _ right: LogicalType) -> LogicalType {
        guard left.isExactNumeric, right.isExactNumeric, left != right else { return left }
        return .decimal(precision: 38, scale: max(left.scale, right.scale))
    }

    private func textTest(_ operand: any VectorExpression, _ test: TextTest) throws(EngineError) -> any VectorExpression {
        try TextTestExpression(operand, test, arena: arena)
    }

    private func membership(
        _ operand: any VectorExpression, _ items: [any VectorExpression]
    ) throws(EngineError) -> any VectorExpression {
        let constants = items.compactMap { ($0 as? ConstantExpression)?.literal }
        if constants.count == items.count, operand.type != .null {
            if operand.type == .text { return try textTest(operand, .isIn(constants)) }
            if operand.type.physical == .int64, items.allSatisfy({ $0.type == operand.type }) {
                return try WholeMembership(operand, constants, arena: arena)
            }
        }
        var tests: [any VectorExpression] = []
        for item in items { tests.append(try comparison(.equal, operand, item)) }
        return tests.count == 1 ? tests[0] : try LogicExpression(isAnd: false, tests, arena: arena)
    }

    private func choice(
        _ branches: [BoundExpression.Branch], _ otherwise: BoundExpression?, type: LogicalType
    ) throws(EngineError) -> any VectorExpression {
        var conditions: [any VectorExpression] = []
        var results: [any VectorExpression] = []
        for branch in branches {
            conditions.append(try compile(branch.condition))
            results.append(try fit(try compile(branch.result), to: type))
        }
        if let otherwise {
            results.append(try fit(try compile(otherwise), to: type))
        } else {
            results.append(try constant(.null, type: type))
        }
        return try CaseExpression(conditions, results, type: type, arena: arena)
    }
}

extension ComparisonOperator {
    /// The operator that means the same with its sides exchanged.
    var mirrored: ComparisonOperator {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    /// Which of less, equal, greater (bits 0, 1, 2) make it true.
    var mask: UInt8 {
        switch self {
        case .equal: 0b010
        case .notEqual: 0b101
        case .less: 0b001
        case .lessOrEqual: 0b011
        case .greater: 0b100
        case .greaterOrEqual: 0b110
        }
    }
}
