// SPDX-License-Identifier: Apache-2.0
//
// yunei-slt [--in-process] [--quiet] FILE…
//
// Runs files in the sqllogictest format, each against a new rehearsal domain through the program beside this one, or within this
// process over tables in memory. Exit status 0 when nothing failed, 1 when something did, 2 for wrong use.

import Foundation
import SQLLogic

func stop(_ message: String) -> Never {
    FileHandle.standardError.write(Data("yunei-slt: \(message)\n".utf8))
    exit(2)
}

var names: [String] = []
var isInProcess = false, isQuiet = false
for word in CommandLine.arguments.dropFirst() {
    switch word {
    case "--in-process": isInProcess = true
    case "--quiet": isQuiet = true
    case _ where word.hasPrefix("--"): stop("unknown option \(word)")
    default: names.append(word)
    }
}
if names.isEmpty { stop("usage: yunei-slt [--in-process] [--quiet] FILE…") }

var total = FileRun.Tally()
for name in names {
    guard let data = FileManager.default.contents(atPath: name) else { stop("cannot read \(name)") }
    let own = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
    do {
        let session: any Session = isInProcess ? MemorySession() : try ProgramSession(program: own + "/yunei")
        var run = FileRun(session)
        let tally = try run.run(TestFile(String(decoding: data, as: UTF8.self)))
        for failure in tally.failures { print("\(name):\(failure.line): failed: \(failure.message)") }
        if !isQuiet { for refusal in tally.refusals { print("\(name):\(refusal.line): unsupported: \(refusal.message)") } }
        print("\(name): \(tally.passed) passed, \(tally.failed) failed, \(tally.unsupported) unsupported")
        total.passed += tally.passed
        total.failed += tally.failed
        total.unsupported += tally.unsupported
    } catch {
        stop("\(name): \(error)")
    }
}
print("\(total.passed) passed, \(total.failed) failed, \(total.unsupported) unsupported")
exit(total.failed == 0 ? 0 : 1)
