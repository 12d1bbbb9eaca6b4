// SPDX-License-Identifier: Apache-2.0

import DocumentReader
import Glibc
import JobControl
import Tabular

/// Runs that are timed one by one.
struct Measurement {
    let domain: Domain
    let runs: Int

    /// Time of a check: policies read, statement parsed, bound and judged. Nothing is kept from one run to the next.
    func check(_ document: Document) throws {
        for _ in 0..<runs {
            let start = PhaseClock.nanoseconds()
            guard case .ready = try domain.check(document).preparation else { throw ControlError(.productUnknown, document.name) }
            print(RunTimes(whole: PhaseClock.nanoseconds() - start, [:]).line())
        }
    }

    /// Time of a job inside its confined executor. The executor is this program; the domain takes its times for a fault and
    /// records the job as failed, which is of no consequence here.
    func query(_ document: Document, passphrases: PassphraseSource) throws {
        let actor = try domain.unlock("operator", passphrases: passphrases)
        do {
            let launcher = MeasuredExecutor.Launcher(path: Self.ownPath(), runs: runs)
            _ = try domain.runProduct(document.name, parameters: [:], by: actor, launcher: launcher)
        } catch let fault as ExecutorFault where fault.code == MeasuredExecutor.timesCode {
            for line in fault.arguments { print(line) }
            // Of this process, which opens the passphrase and the domain.
            if let peak = PeakMemory().kibibytes { print("control process: peak \(peak) KiB") }
        }
    }

    private static func ownPath() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, length)).map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    }
}
