// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import QueryPlan
import SQLSyntax

/// From original SQL bytes to a verdict: the one way both planes take, so that they arrive at the same plan or refuse.
public enum QueryCheck {
    /// Parses, binds and checks. Throws `SQLError`, `BindError` or `PolicyError` for what is no statement over these tables; everything a
    /// policy has to say is the outcome.
    public static func run(
        sql: String, policies: PolicySet, parameterDomains: JSONValue, basis: CheckBasis = .none
    ) throws -> CheckOutcome {
        let domains = try ParameterDomain.domains(parameterDomains)
        let declarations = domains.map { ParameterDeclaration(name: $0.key, type: $0.value.type) }.sorted { $0.name < $1.name }
        let statement = try SQLParser.parse(sql)
        let plan = try Binder.bind(statement, catalog: policies, parameters: declarations)
        return PolicyChecker.check(plan, policies: policies, context: CheckContext(parameters: domains, basis: basis))
    }

    /// The same, and where it is refused every change that can be carried out was tried: the verdict says which of them help.
    /// Throws as `run`.
    public static func runTryingChanges(
        sql: String, policies: PolicySet, parameterDomains: JSONValue, basis: CheckBasis = .none
    ) throws -> CheckOutcome {
        let outcome = try run(sql: sql, policies: policies, parameterDomains: parameterDomains, basis: basis)
        guard case .stopped(let verdict) = outcome else { return outcome }
        var trial = ChangeTrial(CheckInput(sql: sql, policies: policies, parameterDomains: parameterDomains, basis: basis))
        return .stopped(trial.tried(verdict))
    }

    /// How the statement becomes the plan that would run: after each rewrite that changed it and, when it is allowed, after the check.
    /// Throws as `run`.
    public static func explain(sql: String, policies: PolicySet, parameterDomains: JSONValue) throws -> [PlanStep] {
        let domains = try ParameterDomain.domains(parameterDomains)
        let declarations = domains.map { ParameterDeclaration(name: $0.key, type: $0.value.type) }.sorted { $0.name < $1.name }
        var steps = try Binder.explain(try SQLParser.parse(sql), catalog: policies, parameters: declarations)
        if case .approved(let approved) = try run(sql: sql, policies: policies, parameterDomains: parameterDomains) {
            steps.append(PlanStep(.approved, approved.canonicalText))
        }
        return steps
    }
}
