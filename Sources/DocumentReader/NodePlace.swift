// SPDX-License-Identifier: Apache-2.0

import Yams

/// Where in a file something stands.
struct NodePlace {
    let fileName: String
    let line: Int
    let column: Int

    init(fileName: String, line: Int, column: Int) {
        self.fileName = fileName
        self.line = line
        self.column = column
    }

    init(_ node: Node, _ fileName: String) {
        self.init(fileName: fileName, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    func error(_ code: DocumentError.Code, _ details: String...) -> DocumentError {
        DocumentError(code, [fileName, String(line), String(column)] + details)
    }

    /// What the YAML library says, with its place.
    static func error(_ error: YamlError, fileName: String) -> DocumentError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            let code: DocumentError.Code = problem.contains("expected a single document") ? .severalDocuments : .malformed
            return NodePlace(fileName: fileName, line: mark.line, column: mark.column).error(code, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let place = NodePlace(fileName: fileName, line: context.mark.line, column: context.mark.column)
            return place.error(.duplicateKey, duplicates.map { "\($0)" }.joined(separator: ", "))
        case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return NodePlace(fileName: fileName, line: 1, column: 1).error(.malformed, "")
        @unknown default:
            return NodePlace(fileName: fileName, line: 1, column: 1).error(.malformed, "")
        }
    }
}
