// SPDX-License-Identifier: Apache-2.0

import Attacker
import Foundation

/// Counts, and what succeeded.
struct AttackReport {
    private(set) var failures = 0
    private var tried = 0
    private var executed = 0
    private var unread = 0
    private var refused: [String: Int] = [:]
    private var found: [String: Int] = [:]
    private var known: [String: Int] = [:]
    private let save: String?
    private let shows: Bool
    private let started = Date()

    init(save: String?, shows: Bool) {
        self.save = save
        self.shows = shows
    }

    mutating func attack(_ attackCase: AttackCase) throws {
        var released: [ReleasedPopulations] = []
        for sql in attackCase.queries {
            let (outcome, findings) = try attackCase.attack(sql)
            count(outcome, sql)
            for finding in findings { add(finding, attackCase, sql) }
            if case .answered = outcome, let populations = try attackCase.populations(sql) { released.append(populations) }
        }
        known["pairs of queries that differ by fewer than the minimum", default: 0] += ReleasedPopulations.differencing(released)
    }

    mutating func tellApart(_ attackCase: AttackCase) throws {
        for sql in attackCase.queries {
            let (outcome, findings, crossings) = try attackCase.tellApart(sql)
            count(outcome, sql)
            for finding in findings { add(finding, attackCase, sql) }
            known["marks that cross a threshold with one person", default: 0] += crossings
        }
    }

    private mutating func count(_ outcome: AttackCase.Outcome, _ sql: String) {
        tried += 1
        switch outcome {
        case .notAStatement(let code):
            unread += 1
            refused[code, default: 0] += 1
            show("no statement: \(code)", sql)
        case .refused(let rules):
            for rule in Set(rules) { refused[rule, default: 0] += 1 }
            show("refused: \(rules.joined(separator: ", "))", sql)
        case .failed(let code):
            refused[code, default: 0] += 1
            show("failed: \(code)", sql)
        case .answered(let answer):
            executed += 1
            show("\(answer.cells.count) rows", sql)
        }
    }

    private func show(_ what: String, _ sql: String) {
        if shows { say("\(what): \(sql)") }
    }

    private mutating func add(_ finding: AttackFinding, _ attackCase: AttackCase, _ sql: String) {
        guard !finding.isKnown else {
            known[finding.kind.rawValue, default: 0] += 1
            return show(finding.description, sql)
        }
        failures += 1
        found[finding.kind.rawValue, default: 0] += 1
        if found[finding.kind.rawValue, default: 0] <= 12 { say("seed \(attackCase.seed): \(finding)\n  \(sql)") }
        guard let save else { return }
        let path = "\(save)/\(finding.kind.rawValue)-\(attackCase.seed).seed"
        try? Data("\(attackCase.seed)\n\(sql)\n".utf8).write(to: URL(fileURLWithPath: path))
    }

    func printProgress() {
        say("\(tried) tried, \(executed) executed, \(failures) failures, \(Int(Double(tried) / max(Date().timeIntervalSince(started), 0.001))) a second")
    }

    func printSummary() {
        func shown(_ counts: [String: Int]) -> String { counts.sorted { $0.value > $1.value }.prefix(40).map { "\($0.value) × \($0.key)" }.joined(separator: "; ") }
        say("refused: " + shown(refused))
        say("known: " + shown(known))
        say("found: " + shown(found))
        say("\(tried) tried, \(unread) no statement, \(executed) accepted and executed, \(failures) failures")
    }
}

/// A line at once, also into a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
