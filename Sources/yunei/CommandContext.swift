// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Glibc
import JobControl

/// What every command works with: options, console, and the domain they name.
struct CommandContext {
    let globals: GlobalOptions
    let console: Console

    /// Path of the custody key when it lies outside the domain.
    var custodyPath: String? { GlobalOptions.environment("YUNEI_CUSTODY_KEY") }

    /// The domain's directory. Throws `domain.not-named`.
    func domainDirectory() throws -> String {
        guard let directory = globals.domain else { throw ControlError(.domainNotNamed) }
        return directory
    }

    /// Opens the domain that --domain or YUNEI_DOMAIN names.
    func openDomain() throws -> Domain { try Domain.open(at: try domainDirectory(), custodyPath: custodyPath) }

    /// The person who acts, key opened.
    func actor(in domain: Domain) throws -> Actor { try domain.unlock(globals.identity, passphrases: passphrases) }

    /// `YUNEI_PASSPHRASE_<NAME>`, else `YUNEI_PASSPHRASE`, else a prompt when there is a terminal.
    func passphrases(_ identity: String) throws -> [UInt8]? {
        if let own = GlobalOptions.environment(Domain.environmentName(identity)) { return Array(own.utf8) }
        if let common = GlobalOptions.environment("YUNEI_PASSPHRASE") { return Array(common.utf8) }
        return console.askPassphrase(identity)
    }

    /// Cost of the sealed keys; `light` is for tests.
    var strength: PassphraseSeal.Strength {
        GlobalOptions.environment("YUNEI_SEAL_STRENGTH") == "light" ? .light : .moderate
    }

    /// The executor binary: beside this one.
    func launcher() throws -> BinaryLauncher {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let own = length > 0 ? String(decoding: buffer[0..<length].map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self) : ""
        let path = (own.lastIndex(of: "/").map { String(own[...$0]) } ?? "/") + "yunei-executor"
        guard access(path, X_OK) == 0 else { throw ControlError(.executorMissing, path) }
        return BinaryLauncher(path: path)
    }

    /// The bytes of a file that the person named.
    func read(_ path: String) throws -> [UInt8] { try InputFile.read(path, limitBytes: JobControl.Limits.documentBytes) }
}
