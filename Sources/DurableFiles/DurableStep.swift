// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One step of a durable operation: the process may die before or after any of them.
public struct DurableStep: Sendable {
    public enum Kind: String, Sendable {
        case createFile, write, flush, rename, link, makeDirectory, flushDirectory, remove, truncate
    }

    /// What an observer may do to a step instead of letting it happen.
    public enum Fault: Sendable {
        /// The call fails with this error number.
        case fail(errno: Int32)
        /// As if the process died before the step: nothing happens, nothing is tidied, all later steps are refused.
        case stop
        /// As if the process died within the step: the same, but a write puts down half of its bytes.
        case tear
    }

    /// Counted from 1 within one ``DurableFiles``.
    public let number: Int
    public let kind: Kind
    public let path: String

    /// Sees each step before it is taken.
    public typealias Observer = @Sendable (DurableStep) -> Fault?

    /// The observer that the environment asks for, for end-to-end tests of real programs:
    /// `YUNEI_FAULT_STEP=n` kills the process at step n, `YUNEI_FAULT_ERROR=n:ENOSPC` makes step n fail
    /// (ENOSPC, EDQUOT, EIO, EROFS, EACCES, or TEAR for half a write and none after it).
    static func environmentObserver() -> Observer? {
        observer(
            killStep: getenv("YUNEI_FAULT_STEP").map { String(cString: $0) },
            errorStep: getenv("YUNEI_FAULT_ERROR").map { String(cString: $0) })
    }

    /// The same from the two texts; nil when neither is well-formed.
    package static func observer(killStep: String?, errorStep: String?) -> Observer? {
        if let fatal = killStep.flatMap({ Int($0) }) {
            return { step in
                if step.number == fatal { kill(getpid(), SIGKILL) }
                return nil
            }
        }
        let parts = (errorStep ?? "").split(separator: ":")
        guard parts.count == 2, let number = Int(parts[0]), let fault = faults[String(parts[1])] else { return nil }
        return { $0.number == number ? fault : nil }
    }

    private static let faults: [String: Fault] = [
        "ENOSPC": .fail(errno: ENOSPC), "EDQUOT": .fail(errno: EDQUOT), "EIO": .fail(errno: EIO),
        "EROFS": .fail(errno: EROFS), "EACCES": .fail(errno: EACCES), "TEAR": .tear,
    ]
}
