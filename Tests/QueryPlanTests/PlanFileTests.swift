// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Statements over the tables of TPC-H and the plans that they become, in `Plans`: a statement, a line `----`, the plan, an empty line.
@Suite struct PlanFileTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let plan: String
        var testDescription: String { text }
    }

    static let cases: [Case] = ["joins", "subqueries", "grouping"].flatMap { name -> [Case] in
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Plans/\(name).txt")
        let content = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return content.components(separatedBy: "\n\n").compactMap { block in
            let parts = block.trimmingCharacters(in: .newlines).components(separatedBy: "\n----\n")
            return parts.count == 2 ? Case(text: parts[0], plan: parts[1]) : nil
        }
    }

    @Test(arguments: cases)
    func plans(_ expected: Case) {
        #expect(Sample.shape(expected.text) == expected.plan)
    }

    @Test func filesWereRead() { #expect(Self.cases.count > 70) }
}
