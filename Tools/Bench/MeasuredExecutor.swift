// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import Confinement
import CryptoSuites
import JobControl
import JobRuntime
import Tabular
import WireContract

/// An executor that does its one job again and again: confined as always, the same code from the request to the written result, so
/// each run parses, checks, decrypts, computes, judges and serialises anew. Answers with the times and
/// its peak memory.
enum MeasuredExecutor {
    static let mostRuns = 1000
    static let timesCode = "bench.times"
    private static let word = "executor"

    /// Starts this program as the executor.
    struct Launcher: ExecutorLauncher {
        let path: String
        let runs: Int

        func launch() throws -> ExecutorProcess { try ExecutorProcess.spawn(executable: path, arguments: [MeasuredExecutor.word, String(runs)]) }
    }

    /// The number of runs when the arguments are those of the launcher.
    static func runs(from words: [String]) -> Int? {
        words.count == 2 && words[0] == word ? Int(words[1]) : nil
    }

    /// Serves the one request and gives the exit status.
    static func serve(runs: Int) -> Int32 {
        do {
            try CryptoSuites.initialise()
            let peak = PeakMemory()
            var options = ConfinementOptions()
            options.keptDescriptors.insert(peak.descriptor)
            let report = try Confinement.confineExecutor(options)
            let channel = Channel(adopting: ExecutorProcess.socketNumber)
            let secrets = SecretBox()
            let (json, descriptors) = try channel.receive(secret: secrets.reserve)
            let input = ExecutorInput(json: json, descriptors: descriptors, keys: try secrets.takeKeys(), confinement: report)
            try channel.send(json: ExecutorReply.fault(code: timesCode, arguments: try times(of: input, runs: runs, peak)).json)
            return 0
        } catch {
            return 5
        }
    }

    private static func times(of input: ExecutorInput, runs: Int, _ peak: PeakMemory) throws -> [String] {
        try (0..<runs).map { _ in
            PhaseClock.start()
            let start = PhaseClock.nanoseconds()
            _ = try JobExecution(input).run()
            let whole = PhaseClock.nanoseconds() - start
            return RunTimes(whole: whole, PhaseClock.stop()).line(peakKibibytes: peak.kibibytes)
        }
    }
}
