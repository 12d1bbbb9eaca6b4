// SPDX-License-Identifier: Apache-2.0
//
// yunei-attack [--queries N] [--first SEED] [--save DIR] [--show] [--twins]
//
// Writes statements under random policies, runs those that the checker accepts over random tables, and tries to learn from what is
// released something that fewer than the minimum make up; with --twins it tries to tell databases apart that differ in one person.
// Each success is printed with its seed, and saved to DIR. `--show` prints every statement with what became of it. Exit status 0 when
// nothing was learnt, 1 when something was, 2 for wrong use.

import Attacker
import Foundation

func stop(_ message: String) -> Never {
    FileHandle.standardError.write(Data("yunei-attack: \(message)\n".utf8))
    exit(2)
}

var options: [String: String] = [:]
var words = Array(CommandLine.arguments.dropFirst())
while let word = words.first {
    words.removeFirst()
    switch word {
    case "--show", "--twins": options[word] = ""
    case "--queries", "--first", "--save":
        guard let value = words.first else { stop("\(word) needs a value") }
        options[word] = value
        words.removeFirst()
    default: stop("unknown option \(word)")
    }
}

let wanted = Int(options["--queries"] ?? "3000") ?? 3000
let first = UInt64(options["--first"] ?? "1") ?? 1
var report = AttackReport(save: options["--save"], shows: options["--show"] != nil)
do {
    for number in 0..<max(1, (wanted + AttackCase.queryCount - 1) / AttackCase.queryCount) {
        let attackCase = try AttackCase(seed: first + UInt64(number))
        if options["--twins"] != nil { try report.tellApart(attackCase) } else { try report.attack(attackCase) }
        if number % 100 == 99 { report.printProgress() }
    }
} catch { stop("\(error)") }
report.printSummary()
exit(report.failures == 0 ? 0 : 1)
