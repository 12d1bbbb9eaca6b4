// SPDX-License-Identifier: Apache-2.0

import Tabular

/// How long one run took, and where. The phases add up to the whole.
struct RunTimes {
    let seconds: Double
    let phases: [(name: String, seconds: Double)]

    /// From nanoseconds. Threads' times are brought to the wall in the proportion that their pipelines took there.
    init(whole: Int64, _ totals: [PhaseClock.Phase: Int64]) {
        func total(_ phase: PhaseClock.Phase) -> Double { Double(totals[phase] ?? 0) / 1e9 }
        let whole = Double(whole) / 1e9
        let share = total(.workers) > 0 ? total(.pipelines) / total(.workers) : 0
        seconds = whole
        phases = [
            ("decrypt", total(.decrypt) * share), ("decode", max(0, total(.read) - total(.decrypt)) * share),
            ("compute", max(0, total(.workers) - total(.read)) * share), ("merge", max(0, total(.engine) - total(.pipelines))),
            ("rest", max(0, whole - total(.engine))),
        ]
    }

    /// One line of JSON. `peakKibibytes`: largest resident size of the process up to the end of the run.
    func line(peakKibibytes: Int? = nil) -> String {
        let times = ([("seconds", seconds)] + phases).map { "\"\($0.0)\":\(Self.decimal($0.1))" }
        return "{" + (times + (peakKibibytes.map { ["\"peakKibibytes\":\($0)"] } ?? [])).joined(separator: ",") + "}"
    }

    /// Without an exponent.
    private static func decimal(_ seconds: Double) -> String {
        let nanoseconds = Int64((seconds * 1e9).rounded())
        let fraction = String(nanoseconds % 1_000_000_000)
        return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
    }
}
