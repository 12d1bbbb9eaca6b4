// SPDX-License-Identifier: Apache-2.0

/// A file in the sqllogictest format, record by record.
///
/// Read are `statement ok|error|count N`, `query TYPES [nosort|rowsort|valuesort] [label]`, `query error`, `hash-threshold N`, `halt`,
/// `skipif` and `onlyif`; results one value or one row on a line, values of a row between tabs. An error may be followed by the code
/// of the refusal that is expected, on the same line or below `----`. Everything else becomes a record that is unsupported.
package struct TestFile: Sendable {
    package struct Record: Sendable {
        package let kind: Kind
        /// Line of the record's first word, from 1.
        package let line: Int
        package let sql: String
    }

    package enum Kind: Sendable {
        case statement(Expectation)
        case query(types: [Character], sort: SortMode, label: String?, expected: [String])
        case queryError(String)
        case hashThreshold(Int)
        /// The word that is not understood.
        case unknown(String)
    }

    package enum Expectation: Sendable {
        case success
        /// Text that must occur in the code; empty: any error.
        case error(String)
    }

    package enum SortMode: String, Sendable { case nosort, rowsort, valuesort }

    package let records: [Record]

    /// The name by which `skipif` and `onlyif` call this engine.
    package static let engineName = "yunei"

    package init(_ text: String) {
        var reader = Reader(text)
        records = reader.records()
    }

    private struct Reader {
        let lines: [Substring]
        var place = 0

        init(_ text: String) {
            lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.last == "\r" ? $0.dropLast() : $0 }
        }

        mutating func records() -> [Record] {
            var records: [Record] = []
            var isSkipped = false
            while place < lines.count {
                let line = lines[place]
                let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
                guard let first = words.first, !first.hasPrefix("#") else {
                    place += 1
                    continue
                }
                switch first {
                case "skipif", "onlyif":
                    let isOurs = words.dropFirst().first?.lowercased() == TestFile.engineName
                    if isOurs == (first == "skipif") { isSkipped = true }
                    place += 1
                    continue
                case "halt":
                    if !isSkipped { return records }
                    place += 1
                default:
                    let record = self.record(words)
                    if !isSkipped { records.append(record) }
                }
                isSkipped = false
            }
            return records
        }

        private mutating func record(_ words: [String]) -> Record {
            let line = place + 1
            place += 1
            switch words[0] {
            case "hash-threshold":
                return Record(kind: .hashThreshold(words.dropFirst().first.flatMap { Int($0) } ?? 0), line: line, sql: "")
            case "statement":
                let (sql, below) = block()
                switch words.dropFirst().first {
                case "ok", "count": return Record(kind: .statement(.success), line: line, sql: sql)
                case "error":
                    return Record(kind: .statement(.error(message(words, below))), line: line, sql: sql)
                default: return Record(kind: .unknown(words.joined(separator: " ")), line: line, sql: sql)
                }
            case "query":
                let (sql, below) = block()
                if words.dropFirst().first == "error" { return Record(kind: .queryError(message(words, below)), line: line, sql: sql) }
                let sort = words.count > 2 ? SortMode(rawValue: words[2]) : nil
                let label = words.count > 2 ? (sort == nil ? words[2] : words.dropFirst(3).first) : nil
                let kind = Kind.query(
                    types: words.count > 1 ? Array(words[1]) : [], sort: sort ?? .nosort, label: label, expected: below ?? [])
                return Record(kind: kind, line: line, sql: sql)
            default:
                let (sql, _) = block()
                return Record(kind: .unknown(words[0]), line: line, sql: sql)
            }
        }

        private func message(_ words: [String], _ below: [String]?) -> String {
            let own = words.dropFirst(2).joined(separator: " ")
            return own.isEmpty ? below?.first ?? "" : own
        }

        /// The text up to an empty line, and what stands below `----`.
        private mutating func block() -> (sql: String, below: [String]?) {
            var sql: [Substring] = []
            var below: [String]?
            // A value may be a blank.
            while place < lines.count, below == nil ? !lines[place].allSatisfy({ $0 == " " || $0 == "\t" }) : !lines[place].isEmpty {
                if lines[place] == "----" && below == nil {
                    below = []
                } else if below != nil {
                    below?.append(String(lines[place]))
                } else {
                    sql.append(lines[place])
                }
                place += 1
            }
            return (sql.joined(separator: "\n"), below)
        }
    }
}
