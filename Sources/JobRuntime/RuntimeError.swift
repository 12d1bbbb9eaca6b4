// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import CryptoSuites
import DisclosureControl
import PolicyCheck
import QueryEngine
import QueryPlan
import SQLSyntax
import WireContract

/// Why an executor did not do what it was sent. Equality looks at the code only.
public struct RuntimeError: Error, Sendable, Equatable {
    /// Stable codes.
    public enum Code: String, Sendable, CaseIterable {
        case unknownRequest = "runtime.unknown-request"
        case badRequest = "runtime.bad-request"
        /// The plan that was sent is not the plan that was approved.
        case planDiffers = "runtime.plan-differs"
        /// The statement that was sent does not pass the policy that was sent.
        case notAllowed = "runtime.not-allowed"
        /// A parameter is outside its approved domain.
        case parameterOutside = "runtime.parameter-outside"
        /// A table that the plan reads was not sent.
        case tableMissing = "runtime.table-missing"
        case outputFailed = "runtime.output-failed"
    }

    public let code: Code
    public let arguments: [String]

    public init(_ code: Code, _ arguments: String...) {
        self.code = code
        self.arguments = arguments
    }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }
}

/// The code and arguments under which any error is reported to the control plane.
struct RuntimeFault {
    let code: String
    let arguments: [String]

    static func of(_ error: any Error) -> RuntimeFault {
        switch error {
        case let error as RuntimeError: RuntimeFault(code: error.code.rawValue, arguments: error.arguments)
        case let error as StoreError: RuntimeFault(code: error.code.rawValue, arguments: error.arguments)
        case let error as EngineError:
            // What a scan met is told as it is: which block of which column was altered.
            error.cause.map { of($0) } ?? RuntimeFault(code: error.code.rawValue, arguments: error.arguments)
        case let error as DisclosureError: RuntimeFault(code: error.code.rawValue, arguments: error.arguments)
        case let error as CryptoError: RuntimeFault(code: error.code.rawValue, arguments: error.arguments)
        case let error as WireError: RuntimeFault(code: error.code.rawValue, arguments: error.arguments)
        case let error as PolicyError: RuntimeFault(code: error.code.rawValue, arguments: error.arguments)
        // What the control plane had parsed and bound cannot fail here unless the planes disagree.
        case is SQLError, is BindError: RuntimeFault(code: RuntimeError.Code.planDiffers.rawValue, arguments: [])
        default: RuntimeFault(code: "internal.unexpected", arguments: [])
        }
    }
}
