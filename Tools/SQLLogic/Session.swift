// SPDX-License-Identifier: Apache-2.0

package import Tabular

/// Something that answers queries over the tables of a test.
package protocol Session: AnyObject {
    /// The tables as they are from now on.
    func use(_ tables: [String: TestTable]) throws
    func answer(_ sql: String) throws -> Answer
}

package enum Answer: Sendable {
    case rows([[Literal]])
    case refused(Refusal)
}

/// Why a query was not answered: the code of the error or the first finding.
package struct Refusal: Sendable, Hashable {
    package let code: String
    package let detail: String

    package init(code: String, detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Codes that say that a construct exists in SQL and not here. Everything else is a refusal of this statement.
    private static let unsupported: Set<String> = [
        "sql.unsupported", "plan.unsupported", "plan.unknown-function", "plan.join-without-key", "plan.from-required", "plan.unknown-type",
        "plan.correlation", "engine.unsupported",
    ]

    package var isUnsupported: Bool { Self.unsupported.contains(code) }
}
