// SPDX-License-Identifier: Apache-2.0

import AuditLog
import CanonicalJSON
import ColumnStore
import Confinement
import CryptoSuites
import DisclosureControl
import DocumentReader
import DurableFiles
import MetadataStore
import PolicyCheck
import QueryPlan
import SQLSyntax
import WireContract

/// What an error is to a person: its stable code, its arguments, its place, and whose doing it is.
public struct FaultCode: Sendable, Hashable {
    public let code: String
    public let arguments: [String]
    public let span: SourceSpan?
    /// Further places, e.g. row, column and reason of each bad value of a load. Never a value.
    public let details: [JSONValue]

    init(_ code: String, _ arguments: [String], span: SourceSpan? = nil, details: [JSONValue] = []) {
        self.code = code
        self.arguments = arguments
        self.span = span
        self.details = details
    }

    /// The code of any error of ours; anything else is `internal.unexpected`, whose text asks for a report.
    public static func of(_ error: any Error) -> FaultCode {
        switch error {
        case let error as ControlError: FaultCode(error.code.rawValue, error.arguments)
        case let error as BadValues: FaultCode(ControlError.Code.tableBadValues.rawValue, error.arguments, details: error.places)
        case let error as ExecutorFault: FaultCode(error.code, error.arguments)
        case let error as SQLError: FaultCode(error.code.rawValue, error.arguments, span: error.span)
        case let error as BindError: FaultCode(error.code.rawValue, error.arguments, span: error.span)
        case let error as PolicyError: FaultCode(error.code.rawValue, error.arguments)
        case let error as DocumentError: FaultCode(error.code.rawValue, error.arguments)
        case let error as MetadataError: FaultCode(error.code.rawValue, error.arguments)
        case let error as AuditError: FaultCode(error.code.rawValue, error.arguments)
        case let error as CryptoError: FaultCode(error.code.rawValue, error.arguments)
        case let error as DurableError: FaultCode(error.code.rawValue, error.arguments)
        case let error as WireError: FaultCode(error.code.rawValue, error.arguments)
        case let error as ConfinementError: FaultCode(error.code.rawValue, error.arguments)
        case let error as StoreError: FaultCode(error.code.rawValue, error.arguments)
        case let error as JSONError: FaultCode(error.code.rawValue, [String(error.offset)])
        default: FaultCode("internal.unexpected", [])
        }
    }
}

/// Exit status of a command, by whose doing the fault is.
public enum ExitStatus: Int32, Sendable {
    case done = 0
    case refusedByPolicy = 1
    case wrongUse = 2
    case internalFault = 3

    /// Codes of refusals that rest on who may do what.
    private static let refusals: Set<String> = [
        "role.not-permitted", "organisation.not-permitted", "product.not-signed", "standing.missing",
        "grant.not-yet-valid", "grant.expired", "grant.used-up", "grant.withdrawn", "grant.epoch-missing",
    ]

    /// Codes, or beginnings of codes, of what the machine or the domain's keeper has to mend; everything else is the person's input.
    private static let faults: [String] = [
        "internal.", "crypto.authentication-failed", "crypto.library", "crypto.out-of-memory", "crypto.commitment", "file.", "log.",
        "wire.", "confinement.", "metadata.", "store.", "engine.", "executor.", "object.", "result.", "entry.", "domain.damaged", "key.",
        "plan.invariant-violated", "machine.", "disclosure.", "release.", "runtime.", "receipt.not-verified",
    ]

    /// Codes among those families that are the person's input after all.
    private static let inputs: Set<String> = [
        "key.file-missing", "store.column-missing", "store.column-repeated", "store.header-missing", "store.csv-malformed",
        "store.record-too-long", "store.byte-zero", "store.encoding-unknown", "store.schema-changed", "store.previous-missing",
        "store.limit-exceeded", "store.read-failed", "engine.open-key-repeats", "engine.result-too-large", "engine.memory-too-small",
        "engine.join-too-large", "engine.protected-join-too-large", "store.fan-out-exceeded",
    ]

    public static func of(_ fault: FaultCode) -> ExitStatus {
        if refusals.contains(fault.code) { return .refusedByPolicy }
        if inputs.contains(fault.code) { return .wrongUse }
        return faults.contains { fault.code.hasPrefix($0) } ? .internalFault : .wrongUse
    }
}
