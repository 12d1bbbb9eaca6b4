// SPDX-License-Identifier: Apache-2.0

import Foundation
import SQLLogic
import Tabular

/// A line at once, also into a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// Counts, and the cases in which something differed.
struct FuzzReport {
    private(set) var differences = 0
    private var answered = 0
    private var compared = 0
    private var refused: [String: Int] = [:]
    private var failed: [String: Int] = [:]
    private let save: String?
    private let shows: Bool
    private let started = Date()

    init(save: String?, shows: Bool) {
        self.save = save
        self.shows = shows
    }

    mutating func add(_ fuzzCase: FuzzCase, _ outcomes: [FuzzCase.Outcome], _ answers: [PeerRun.Answer]?) {
        for (place, outcome) in outcomes.enumerated() {
            let sql = fuzzCase.queries[place]
            switch outcome {
            case .refused(let refusal):
                refused[refusal.code, default: 0] += 1
                if shows { say("refused: \(refusal.code) \(refusal.detail): \(sql)") }
                if refusal.code.hasPrefix("engine.") || refusal.code.hasPrefix("policy") || refusal.code == "plan.invariant-violated" {
                    differ(fuzzCase, sql, "refused: \(refusal.code) \(refusal.detail)")
                }
            case .differs(let message): differ(fuzzCase, sql, message)
            case .answered(let rows):
                answered += 1
                compare(fuzzCase, place, rows, answers?[place])
            }
        }
    }

    mutating func add(_ protectedCase: ProtectedCase) throws {
        for sql in protectedCase.queries {
            guard let messages = try protectedCase.differences(sql) else {
                refused["protected", default: 0] += 1
                if shows { say("refused: \(sql)") }
                continue
            }
            answered += 1
            if let message = messages.first {
                differences += 1
                say("protected seed \(protectedCase.seed): \(message)\n  \(sql)")
            }
        }
    }

    private mutating func compare(_ fuzzCase: FuzzCase, _ place: Int, _ rows: [[Literal]], _ answer: PeerRun.Answer?) {
        let sql = fuzzCase.queries[place]
        switch answer {
        case nil: return
        case .failed(let message):
            failed[message, default: 0] += 1
            if shows { say("peer failed: \(message): \(sql)") }
        case .rows(let theirs):
            compared += 1
            let truths = Self.truthColumns(rows)
            let read = theirs.map { row in row.enumerated().map { truths.contains($0) ? ($1 == "t" ? "true" : $1 == "f" ? "false" : $1) : $1 } }
            if let message = Comparison.difference(text: Comparison.text(rows), read, isOrdered: fuzzCase.areOrdered[place]) {
                differ(fuzzCase, sql, "PostgreSQL: " + message)
            }
        }
    }

    private static func truthColumns(_ rows: [[Literal]]) -> Set<Int> {
        var columns: Set<Int> = []
        for row in rows { for (column, value) in row.enumerated() { if case .bool = value { columns.insert(column) } } }
        return columns
    }

    private mutating func differ(_ fuzzCase: FuzzCase, _ sql: String, _ message: String) {
        differences += 1
        say("seed \(fuzzCase.seed): \(message)\n  \(sql)")
        guard let save else { return }
        let path = save + "/\(fuzzCase.seed).seed"
        try? Data("\(fuzzCase.seed)\n".utf8).write(to: URL(fileURLWithPath: path))
    }

    func printProgress() {
        let rate = Int(Double(answered) * 60 / max(Date().timeIntervalSince(started), 0.001))
        say("\(answered) answered, \(differences) differences, \(rate) a minute")
    }

    func printSummary() {
        func shown(_ counts: [String: Int]) -> String {
            counts.sorted { $0.value > $1.value }.prefix(12).map { "\($0.value) × \($0.key)" }.joined(separator: "; ")
        }
        if !refused.isEmpty { say("refused: " + shown(refused)) }
        if !failed.isEmpty { say("the peer failed: " + shown(failed)) }
        printProgress()
        say("\(answered) answered, \(compared) compared with the peer, \(refused.values.reduce(0, +)) refused, \(differences) differences")
    }
}
