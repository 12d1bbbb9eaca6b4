// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// What an executor answers. It never carries a row, a cell or a key.
public enum ExecutorReply: Sendable, Hashable {
    /// The work is done; `report` depends on the kind of request.
    case done(report: JSONValue)
    /// The work stopped; a stable code with its arguments.
    case fault(code: String, arguments: [String])
    /// How far a long load is, in rows read.
    case progress(rows: Int64)

    public var json: JSONValue {
        switch self {
        case .done(let report): ["status": "done", "report": report]
        case .fault(let code, let arguments):
            ["status": "fault", "code": .string(code), "arguments": .array(arguments.map { .string($0) })]
        case .progress(let rows): ["status": "progress", "rows": .integer(rows)]
        }
    }

    public init(json: JSONValue) throws(WireError) {
        let reader = MessageReader(json)
        switch try reader.text("status") {
        case "done": self = .done(report: json["report"] ?? .null)
        case "fault":
            self = .fault(code: try reader.text("code"), arguments: try reader.elements("arguments").compactMap(\.text))
        case "progress": self = .progress(rows: try reader.number("rows"))
        default: throw WireError(.badDocument)
        }
    }
}
