// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// Runs a program to its end, in a scratch directory that keeps its output, so that nothing waits for a pipe and all of it is searched.
enum Program {
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String], in scratch: Yunei.Scratch
    ) throws -> Yunei.Run {
        let (outputPath, errorsPath) = scratch.trail.placesForOutput()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errorsPath, O_WRONLY | O_CREAT, 0o600)
        var process: pid_t = 0
        let status = withStrings([enter, "--chdir", scratch.path, path] + arguments) { arguments in
            withStrings(environment.map { $0.key + "=" + $0.value }) { posix_spawn(&process, enter, &actions, nil, arguments, $0) }
        }
        guard status == 0 else { throw Yunei.Unexpected(description: "\(path): \(String(cString: strerror(status)))") }
        var outcome: Int32 = 0
        while waitpid(process, &outcome, 0) < 0, errno == EINTR {}
        let signal = outcome & 0x7F
        return Yunei.Run(
            status: signal == 0 ? (outcome >> 8) & 0xFF : 128 + signal, output: text(outputPath), errors: text(errorsPath))
    }

    /// Becomes the program, in the directory that it is to run in.
    private static let enter = "/usr/bin/env"

    private static func text(_ path: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: path))) ?? Data(), as: UTF8.self)
    }

    /// A C array of C strings, for the length of the call.
    private static func withStrings(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> Int32 {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        pointers.append(nil)
        return pointers.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map(body) ?? ENOMEM
        }
    }
}
