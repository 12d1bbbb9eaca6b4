// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import Tabular
import Testing

@Suite("Parameter domains")
struct ParameterDomainTests {
    private func domain(_ members: JSONValue) throws -> ParameterDomain {
        try #require(try ParameterDomain.domains(["p": members])["p"])
    }

    private func accepts(_ domain: ParameterDomain, _ text: String) -> Bool { domain.literal(text).map(domain.accepts) ?? false }

    @Test("months from a first day, from a last day")
    func months() throws {
        let first = try domain(["type": "date", "min": "2024-01-01", "max": "2025-12-01", "step": "1 month"])
        #expect(accepts(first, "2024-01-01") && accepts(first, "2025-12-01"))
        #expect(!accepts(first, "2024-01-02") && !accepts(first, "2026-01-01") && !accepts(first, "2023-12-01") && !accepts(first, "x"))
        let last = try domain(["type": "date", "min": "2024-01-31", "max": "2024-12-31", "step": "1 month"])
        #expect(accepts(last, "2024-02-29") && accepts(last, "2024-03-31") && !accepts(last, "2024-03-29"))
    }

    @Test("days, numbers, lists, bare types")
    func others() throws {
        let days = try domain(["type": "date", "min": "2024-01-01", "max": "2024-12-31", "step": "7 day"])
        #expect(accepts(days, "2024-01-08") && !accepts(days, "2024-01-09"))
        let whole = try domain(["type": "int64", "min": "2010", "max": "2014", "step": "1"])
        #expect(accepts(whole, "2010") && accepts(whole, "2014") && !accepts(whole, "2015") && !accepts(whole, "2010.0") && !accepts(whole, "+2011"))
        let decimal = try domain(["type": "decimal(6,2)", "min": "0", "max": "1", "step": "0.25"])
        #expect(accepts(decimal, "0.5") && !accepts(decimal, "0.3") && !accepts(decimal, "0.333"))
        let list = try domain(["type": "text", "values": ["甲", "乙"]])
        #expect(accepts(list, "甲") && !accepts(list, "丙"))
        let bare = try domain(["type": "text"])
        #expect(accepts(bare, String(repeating: "x", count: PolicyCheck.Limits.parameterTextBytes)))
        #expect(!accepts(bare, String(repeating: "x", count: PolicyCheck.Limits.parameterTextBytes + 1)))
        #expect(!whole.accepts(.text("2010")) && !list.accepts(.int64(1)) && !bare.accepts(.null))
    }

    @Test(
        "what is no domain is refused",
        arguments: [
            ["type": "money"], ["type": "date", "min": "2024-13-01"], ["type": "date", "min": "2024-02-01", "max": "2024-01-01"],
            ["type": "date", "step": "1 month"], ["type": "int64", "min": "1", "step": "1 month"], ["type": "text", "min": "a"],
            ["type": "int64", "values": []], ["type": "int64", "values": ["1"], "max": "3"], ["type": "int64", "values": ["x"]],
            ["type": "int64", "min": "1", "step": "0.5"], ["type": "int64", "more": "1"], [:],
        ] as [JSONValue])
    func refused(_ members: JSONValue) { #expect(throws: PolicyError.self) { try ParameterDomain.domains(["p": members]) } }

    @Test("as many values as the limit, not one more")
    func valueLimit() throws {
        func values(_ count: Int) -> JSONValue { ["type": "int64", "values": .array((0..<count).map { .string(String($0)) })] }
        _ = try domain(values(PolicyCheck.Limits.domainValues))
        #expect(throws: PolicyError.self) { try domain(values(PolicyCheck.Limits.domainValues + 1)) }
    }

    @Test("none, and what is no object")
    func none() throws {
        #expect(try ParameterDomain.domains(.null).isEmpty)
        #expect(try ParameterDomain.domains([:]).isEmpty)
        #expect(throws: PolicyError.self) { try ParameterDomain.domains("x") }
    }
}
