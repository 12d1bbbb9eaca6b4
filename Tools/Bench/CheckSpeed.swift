// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import Glibc
import JobControl
import PolicyCheck

/// How long checks take in a process that is warm: parsed, bound and judged anew each time. In time of the thread, which is the wall's
/// where nothing else wants the processor: a check waits for nothing.
struct CheckSpeed {
    private let policies: PolicySet

    /// The example policies in this folder.
    init(folder: String) throws {
        policies = try PolicySet(
            documents: ["visit", "resident", "disease"].map { name in
                let path = "\(folder)/\(name).yaml"
                return try DocumentReader.read(try InputFile.read(path, limitBytes: 1 << 20), fileName: path).json
            })
    }

    /// One line of JSON for each form and number of lines: nanoseconds of every check, in order of size, after one that warms up.
    func measure(runs: Int) throws {
        for isRefused in [false, true] {
            for form in CheckQueries.Form.allCases {
                for lines in [5, 10, 20, 35, 50, 75, 100, 150, 200] {
                    let sql = CheckQueries.statement(form, lines: lines, isRefused: isRefused)
                    let count = isRefused ? max(3, runs / 10) : runs
                    var times: [Int64] = []
                    for run in 0...count {
                        let start = Self.nanoseconds()
                        let outcome = try isRefused ? QueryCheck.runTryingChanges(sql: sql, policies: policies, parameterDomains: .null)
                            : QueryCheck.run(sql: sql, policies: policies, parameterDomains: .null)
                        let time = Self.nanoseconds() - start
                        switch outcome {
                        case .approved where !isRefused, .stopped where isRefused: if run > 0 { times.append(time) }
                        case .approved, .stopped: throw Unexpected(sql: sql)
                        }
                    }
                    let texts = times.map(String.init).joined(separator: ",")
                    let written = sql.utf8.count { $0 == 0x0A } + 1
                    print("{\"form\":\"\(form.rawValue)\",\"refused\":\(isRefused),\"lines\":\(written),\"nanoseconds\":[\(texts)]}")
                }
            }
        }
    }

    private static func nanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// A statement of this benchmark that is judged otherwise than it must be.
    struct Unexpected: Error, CustomStringConvertible {
        let sql: String
        var description: String { "judged otherwise than expected: " + sql }
    }
}
