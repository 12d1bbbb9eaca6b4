// SPDX-License-Identifier: Apache-2.0
//
// A process that confines itself and then does what its arguments say; the tests look at how it ends.
//   confinement-probe [--omit MECHANISM,…] [--require MECHANISM,…] [--data BYTES] forbid ACT | allow DEED

import Confinement
import Glibc

/// Exit statuses that tests tell apart.
enum Outcome {
    static let done: Int32 = 0
    static let survived: Int32 = 10
    static let failed: Int32 = 11
    static let wrongUse: Int32 = 12
    static let refused: Int32 = 13
}

func mechanisms(_ list: String) -> Set<Mechanism> {
    Set(list.split(separator: ",").compactMap { Mechanism(rawValue: String($0)) })
}

func run(_ arguments: [String]) -> Int32 {
    var options = ConfinementOptions()
    var rest = arguments[...]
    while let option = rest.first, option.hasPrefix("--"), let value = rest.dropFirst().first {
        switch option {
        case "--omit": options.omitted = mechanisms(value)
        case "--require": options.required = mechanisms(value)
        case "--data": options.dataBytes = UInt64(value)
        default: return Outcome.wrongUse
        }
        rest = rest.dropFirst(2)
    }
    guard let verb = rest.first, let name = rest.dropFirst().first else { return Outcome.wrongUse }
    let prepared = Deeds.prepare(name)
    do {
        let report = try Confinement.confineExecutor(options)
        switch verb {
        case "forbid":
            guard let act = ForbiddenAct(rawValue: name) else { return Outcome.wrongUse }
            Confinement.attempt(act)
            return Outcome.survived
        case "allow":
            return Deeds.perform(name, prepared, report) ? Outcome.done : Outcome.failed
        default:
            return Outcome.wrongUse
        }
    } catch {
        return error.code == .mechanismMissing || error.code == .severalThreads ? Outcome.refused : Outcome.failed
    }
}

exit(run(Array(CommandLine.arguments.dropFirst())))
