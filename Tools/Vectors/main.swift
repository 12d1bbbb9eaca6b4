// SPDX-License-Identifier: Apache-2.0
//
// yunei-vectors DIR: runs every reference file of a known format below DIR and says how many cases agree.

import CryptoSuites
import Foundation

guard CommandLine.arguments.count == 2, let folder = ReferenceFolder(CommandLine.arguments[1]) else {
    FileHandle.standardError.write(Data("usage: yunei-vectors DIR (a directory with reference files)\n".utf8))
    exit(2)
}
do {
    try CryptoSuites.initialise()
} catch {
    FileHandle.standardError.write(Data("yunei-vectors: \(error.code.rawValue) \(error.arguments)\n".utf8))
    exit(3)
}

var passed = 0
var failed = 0
for file in folder.files() {
    guard let outcome = FormatChecker.all.lazy.compactMap({ $0.check(file) }).first else {
        print("\(file.path): not a reference file of a format known here")
        continue
    }
    let skipped = outcome.skipped.reduce(0) { $0 + $1.count }
    print("\(file.path): agreed \(outcome.agreed) failed \(outcome.failures.count) skipped \(skipped)")
    for (count, why) in outcome.skipped { print("    skipped \(count): \(why)") }
    for failure in outcome.failures { print("    failed: \(failure)") }
    passed += outcome.agreed
    failed += outcome.failures.count
}
print("\(passed) passed, \(failed) failed")
exit(failed == 0 ? 0 : 1)
