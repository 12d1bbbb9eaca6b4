// SPDX-License-Identifier: Apache-2.0

import CSandbox

/// Why a process could not be confined or started.
public struct ConfinementError: Error, Equatable, Sendable {
    /// Stable codes; their texts stand in the catalogue.
    public enum Code: String, Sendable, CaseIterable {
        /// Confinement was asked for when other threads already ran; they would have stayed outside.
        case severalThreads = "confinement.several-threads"
        /// The built-in list of system calls cannot be read; the argument is its line.
        case badProfile = "confinement.bad-profile"
        /// A mechanism that was required is not available; arguments: mechanism, system error.
        case mechanismMissing = "confinement.mechanism-missing"
        /// The executor could not be started; arguments: path, system error.
        case spawnFailed = "confinement.spawn-failed"
    }

    public let code: Code
    /// Names of mechanisms, program paths, line numbers and system errors.
    public let arguments: [String]

    init(_ code: Code, _ arguments: [String] = []) {
        self.code = code
        self.arguments = arguments
    }

    /// The same kind of error; arguments are for people.
    public static func == (left: ConfinementError, right: ConfinementError) -> Bool { left.code == right.code }

    /// The name of a system error, `ENOSYS` for example.
    static func name(ofSystemError number: Int32) -> String {
        csandbox_error_name(number).map { String(cString: $0) } ?? String(number)
    }
}
