// SPDX-License-Identifier: Apache-2.0
//
// yunei-bench query|check --domain DIR --product FILE.yaml --runs N [--memory BYTES]
// yunei-bench checks --policies DIR --runs N
//
// --memory lowers the memory of the job, so that what does not fit is put aside.
//
// Measures inside one process what Tools/bench cannot see from outside, and prints one line of JSON for each run. It starts
// itself once more as the executor, which runs its job many times: see MeasuredExecutor.

import CanonicalJSON
import CryptoSuites
import DocumentReader
import Glibc
import JobControl

let words = Array(CommandLine.arguments.dropFirst())
if let runs = MeasuredExecutor.runs(from: words) { exit(MeasuredExecutor.serve(runs: runs)) }

func stop(_ message: String) -> Never {
    let line = Array("yunei-bench: \(message)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(2)
}

func option(_ name: String) -> String {
    guard let place = words.firstIndex(of: name), place + 1 < words.count else { stop("\(name) is missing") }
    return words[place + 1]
}

func environment(_ name: String) -> [UInt8]? { getenv(name).map { Array(String(cString: $0).utf8) } }

do {
    guard !words.isEmpty else { stop("the first word is query, check or checks") }
    guard let runs = Int(option("--runs")), (1...MeasuredExecutor.mostRuns).contains(runs) else { stop("--runs is out of range") }
    if words[0] == "checks" {
        try CheckSpeed(folder: option("--policies")).measure(runs: runs)
        exit(0)
    }
    try CryptoSuites.initialise()
    var ceilings = JobControl.Limits.Ceilings()
    if words.contains("--memory") {
        guard let bytes = Int64(option("--memory")), bytes > 0 else { stop("--memory is no number of bytes") }
        ceilings.jobMemoryBytes = min(bytes, ceilings.jobMemoryBytes)
    }
    let domain = try Domain.open(at: option("--domain"), custodyPath: nil, ceilings: ceilings)
    let path = option("--product")
    let document = try DocumentReader.read(try InputFile.read(path, limitBytes: JobControl.Limits.documentBytes), fileName: path)
    let measurement = Measurement(domain: domain, runs: runs)
    switch words[0] {
    case "check": try measurement.check(document)
    case "query": try measurement.query(document, passphrases: { _ in environment("YUNEI_PASSPHRASE") })
    default: stop("the first word is query, check or checks")
    }
} catch let unexpected as CheckSpeed.Unexpected {
    stop("\(unexpected)")
} catch {
    let fault = FaultCode.of(error)
    stop("\(fault.code) \(fault.arguments.joined(separator: ", "))")
}
