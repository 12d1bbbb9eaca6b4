// SPDX-License-Identifier: Apache-2.0
//
// yunei-fuzz [--queries N] [--first SEED] [--peer psql] [--save DIR] [--show] [--protected]
//
// Runs random queries by the engine in two layouts and by the naive interpreter, and by PostgreSQL through the psql that is given
// (reached by PGHOST and the like). Each difference is printed with its seed, and saved to DIR. `--show` prints what is refused, and
// what the peer refuses. Exit status 0 when nothing differed, 1 when something did, 2 for wrong use.

import Foundation
import SQLLogic

func stop(_ message: String) -> Never {
    FileHandle.standardError.write(Data("yunei-fuzz: \(message)\n".utf8))
    exit(2)
}

var options: [String: String] = [:]
var words = Array(CommandLine.arguments.dropFirst())
while let word = words.first {
    words.removeFirst()
    switch word {
    case "--show", "--protected": options[word] = ""
    case "--queries", "--first", "--peer", "--save":
        guard let value = words.first else { stop("\(word) needs a value") }
        options[word] = value
        words.removeFirst()
    default: stop("unknown option \(word)")
    }
}

let wanted = Int(options["--queries"] ?? "1000") ?? 1000
let first = UInt64(options["--first"] ?? "1") ?? 1
let seedCount = max(1, (wanted + FuzzCase.queryCount - 1) / FuzzCase.queryCount)
var report = FuzzReport(save: options["--save"], shows: options["--show"] != nil)
do {
    if options["--protected"] != nil {
        for seed in 0..<seedCount { try report.add(try ProtectedCase(seed: first + UInt64(seed))) }
        report.printSummary()
        exit(report.differences == 0 ? 0 : 1)
    }
    for start in stride(from: 0, to: seedCount, by: 50) {
        let cases = (start..<min(start + 50, seedCount)).map { FuzzCase(seed: first + UInt64($0)) }
        let peer = options["--peer"].map { PeerRun.Task(cases, psql: $0) }
        let outcomes = try CaseRuns.outcomes(of: cases)
        let answers = try peer?.answers()
        for (place, fuzzCase) in cases.enumerated() { report.add(fuzzCase, outcomes[place], answers?[place]) }
        if start > 0, start % 250 == 0 { report.printProgress() }
    }
} catch { stop("\(error)") }
report.printSummary()
exit(report.differences == 0 ? 0 : 1)
