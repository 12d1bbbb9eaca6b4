// SPDX-License-Identifier: Apache-2.0

/// Which mechanisms hold for this process. Says nothing about data; fit for the log and for `yunei doctor`.
public struct ConfinementReport: Sendable, Equatable {
    /// How one mechanism came out.
    public enum State: Sendable, Equatable {
        /// It holds; the detail is a limit or a version, or empty.
        case applied(detail: String)
        /// It does not; the reason is the name of a system error, or the mechanism it would have needed.
        case notAvailable(reason: String)
    }

    /// Every mechanism that was asked for, in the order of application.
    public private(set) var states: [(mechanism: Mechanism, state: State)] = []

    /// Whether `mechanism` holds.
    public func isApplied(_ mechanism: Mechanism) -> Bool {
        guard case .applied = self[mechanism] else { return false }
        return true
    }

    /// How `mechanism` came out; nil when it was not asked for.
    public subscript(_ mechanism: Mechanism) -> State? {
        states.first { $0.mechanism == mechanism }?.state
    }

    /// The mechanisms that were asked for and do not hold.
    public var missing: [Mechanism] { states.map(\.mechanism).filter { !isApplied($0) } }

    /// One line per mechanism: name, state, detail.
    public var lines: [String] {
        states.map { mechanism, state in
            switch state {
            case .applied(let detail): detail.isEmpty ? "\(mechanism.rawValue): applied" : "\(mechanism.rawValue): applied (\(detail))"
            case .notAvailable(let reason): "\(mechanism.rawValue): not available (\(reason))"
            }
        }
    }

    mutating func record(_ mechanism: Mechanism, _ state: State) { states.append((mechanism, state)) }

    public static func == (left: ConfinementReport, right: ConfinementReport) -> Bool { left.lines == right.lines }
}
