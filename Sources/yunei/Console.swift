// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Glibc
import JobControl
import PolicyCheck
import WireContract

/// Where outcomes and faults are printed: one JSON document, or text in the person's language.
struct Console {
    let globals: GlobalOptions
    private var language: Language { globals.language }

    /// Prints an outcome and gives the exit status.
    func finish(_ outcome: CommandOutcome) -> Int32 {
        switch outcome {
        case .done(let members, let text):
            show(members, status: "done", text: text)
            return ExitStatus.done.rawValue
        case .reported(let members, let status, let exit, let text):
            show(members, status: status, text: text)
            return exit.rawValue
        case .notVerified(let members, let text):
            show(members, status: "not-verified", text: text)
            return ExitStatus.internalFault.rawValue
        case .different(let members, let text):
            show(members, status: "different", text: text)
            return ExitStatus.refusedByPolicy.rawValue
        case .released(let job): return finish(job)
        case .stopped(let verdict, let sql, let steps, let document, let note):
            if globals.isJSON {
                write(VerdictRendering.json(document ?? VerdictDocument.json(verdict), steps: steps).canonicalText)
            } else {
                let text = VerdictRendering.text(verdict, sql: sql, language: language) + PlanRendering.text(steps, language: language)
                write(text + (note.map { "\n\n" + $0.in(language) } ?? ""))
            }
            return ExitStatus.refusedByPolicy.rawValue
        }
    }

    /// Prints a fault and gives the exit status.
    func finish(fault: FaultCode, sql: String?) -> Int32 {
        let status = ExitStatus.of(fault)
        let message = Texts.text(fault.code, fault.arguments)
        if globals.isJSON {
            write(FaultRendering.json(fault, message: message, isRefusal: status == .refusedByPolicy).canonicalText)
        } else {
            StandardError.write(FaultRendering.text(fault, message: message, sql: sql, language: language) + "\n")
        }
        return status.rawValue
    }

    /// A line about progress, when somebody watches.
    func progress(_ text: String) {
        guard !globals.isJSON, isatty(STDERR_FILENO) == 1 else { return }
        StandardError.write("\r" + text)
    }

    /// Asks for a passphrase without echo; nil when there is no terminal.
    func askPassphrase(_ identity: String) -> [UInt8]? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        let prompt = Texts.text("command.passphrase-prompt", [identity])
        StandardError.write(prompt.in(language) + " ")
        var quiet = termios()
        tcgetattr(STDIN_FILENO, &quiet)
        var silent = quiet
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
            StandardError.write("\n")
        }
        return readLine(strippingNewline: true).map { Array($0.utf8) }
    }

    private func finish(_ job: ReleasedJob) -> Int32 {
        guard let result = try? JSONValue.parseCanonical(job.result), var members = result.members else {
            return finish(fault: FaultCode.of(ControlError(.resultAltered)), sql: nil)
        }
        members["receipt"] = .string(job.receiptPath)
        if globals.isJSON {
            write(JSONValue.object(members).canonicalText)
        } else {
            write(ResultRendering.text(result, job: job, language: language))
        }
        return ExitStatus.done.rawValue
    }

    private func show(_ members: [String: JSONValue], status: String, text: (Language) -> String) {
        var members = members
        members["status"] = .string(status)
        write(globals.isJSON ? JSONValue.object(members).canonicalText : text(language))
    }

    private func write(_ text: String) { print(text) }
}

extension Text {
    /// The text in one language.
    func `in`(_ language: Language) -> String { language == .zh ? zh : en }
}
