// SPDX-License-Identifier: Apache-2.0

import DocumentReader
import Glibc
import JobControl

/// Runs that are timed one by one.
struct Measurement {
    let domain: Domain
    let runs: Int

    /// Time of a check: policies read, statement parsed, bound and judged. Nothing is kept from one run to the next.
    func check(_ document: Document) throws {
        for _ in 0..<runs {
            let start = Self.nanoseconds()
            guard case .ready = try domain.check(document) else { throw ControlError(.productUnknown, document.name) }
            Self.print(nanoseconds: Self.nanoseconds() - start)
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
            for time in fault.arguments.compactMap(Int64.init) { Self.print(nanoseconds: time) }
        }
    }

    static func nanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private static func print(nanoseconds: Int64) {
        let fraction = String(nanoseconds % 1_000_000_000)
        let zeros = String(repeating: "0", count: 9 - fraction.utf8.count)
        Swift.print("{\"seconds\":\(nanoseconds / 1_000_000_000).\(zeros)\(fraction)}")
    }

    private static func ownPath() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, length)).map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    }
}
