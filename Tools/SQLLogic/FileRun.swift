// SPDX-License-Identifier: Apache-2.0


/// One file run against a session.
package struct FileRun {
    package struct Tally: Sendable {
        package var passed = 0
        package var failed = 0
        package var unsupported = 0
        /// Line and what was wrong.
        package var failures: [(line: Int, message: String)] = []
        package var refusals: [(line: Int, message: String)] = []

        package init() {}
    }

    private let session: any Session
    private var tables: [String: TestTable] = [:]
    private var isStale = true
    private var isSetupIncomplete = false
    private var hashThreshold = 0
    private var labels: [String: String] = [:]
    private var tally = Tally()

    package init(_ session: any Session) { self.session = session }

    package mutating func run(_ file: TestFile) throws -> Tally {
        for record in file.records { try run(record) }
        return tally
    }

    private mutating func run(_ record: TestFile.Record) throws {
        switch record.kind {
        case .hashThreshold(let count): hashThreshold = count
        case .unknown(let word): unsupported(record, word)
        case .statement(.success): try statement(record)
        case .statement(.error(let code)), .queryError(let code): try refused(record, code)
        case .query(let types, let sort, let label, let expected): try query(record, types, sort, label, expected)
        }
    }

    private mutating func pass() { tally.passed += 1 }

    private mutating func fail(_ record: TestFile.Record, _ message: String) {
        tally.failed += 1
        tally.failures.append((record.line, message + "\n    " + record.sql.replacing("\n", with: "\n    ")))
    }

    private mutating func unsupported(_ record: TestFile.Record, _ what: String) {
        tally.unsupported += 1
        tally.refusals.append((record.line, what + "\n    " + record.sql.replacing("\n", with: "\n    ")))
    }

    // MARK: Statements

    private mutating func statement(_ record: TestFile.Record) throws {
        do {
            switch try Script.read(record.sql) {
            case .query:
                switch try answer(record.sql) {
                case .rows: pass()
                case .refused(let refusal): count(record, refusal)
                }
            case let statement: change(statement) ? pass() : fail(record, "the statement does not fit the tables")
            }
        } catch let error as Script.Unsupported {
            isSetupIncomplete = true
            unsupported(record, error.construct)
        }
    }

    private mutating func change(_ statement: Script.Statement) -> Bool {
        isStale = true
        switch statement {
        case .create(let table):
            guard tables[table.name] == nil else { return false }
            tables[table.name] = table
            return true
        case .insert(let table, let columns, let rows): return tables[table]?.insert(rows, columns: columns) ?? false
        case .drop(let table, let ifExists): return tables.removeValue(forKey: table) != nil || ifExists
        case .query: return false
        }
    }

    private mutating func refused(_ record: TestFile.Record, _ code: String) throws {
        do {
            guard case .query = try Script.read(record.sql) else { return unsupported(record, "statement error") }
        } catch { return unsupported(record, error.construct) }
        switch try answer(record.sql) {
        case .rows: fail(record, "answered, but a refusal was expected")
        case .refused(let refusal):
            // Codes of other programs cannot be expected of this one.
            if !code.isEmpty, code.contains("."), !code.contains(" "), !refusal.code.contains(code) {
                fail(record, "refused with \(refusal.code) instead of \(code)")
            } else {
                pass()
            }
        }
    }

    private mutating func answer(_ sql: String) throws -> Answer {
        if isStale { try session.use(tables) }
        isStale = false
        return try session.answer(sql)
    }

    private mutating func count(_ record: TestFile.Record, _ refusal: Refusal) {
        let text = refusal.code + (refusal.detail.isEmpty ? "" : ": " + refusal.detail)
        if refusal.isUnsupported || (refusal.code == "plan.unknown-table" && isSetupIncomplete) {
            unsupported(record, text)
        } else {
            fail(record, "refused: " + text)
        }
    }

    // MARK: Queries

    private mutating func query(
        _ record: TestFile.Record, _ types: [Character], _ sort: TestFile.SortMode, _ label: String?, _ expected: [String]
    ) throws {
        switch try answer(record.sql) {
        case .refused(let refusal): count(record, refusal)
        case .rows(let rows):
            if let width = rows.first?.count, width != types.count {
                return fail(record, "\(width) columns instead of \(types.count)")
            }
            let result = QueryResult(rows, types: types, sort: sort)
            if let label {
                let digest = MD5.hex(result.values.joined(separator: "\n"))
                if let other = labels.updateValue(digest, forKey: label), other != digest {
                    return fail(record, "not the result of the other queries labelled \(label)")
                }
            }
            if let message = result.difference(from: expected, hashThreshold: hashThreshold) { fail(record, message) } else { pass() }
        }
    }
}
