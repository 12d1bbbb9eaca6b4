// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import JobControl
import PolicyCheck
import QueryPlan
import WireContract

/// What a command leaves behind: one JSON document, or the same for people.
enum CommandOutcome {
    /// Done; the document's `status` is `done`.
    case done([String: JSONValue], text: (Language) -> String)
    /// Done, with something to say that scripts ask for by the exit status: the document, its status, and its text.
    case reported([String: JSONValue], status: String, exit: ExitStatus, text: (Language) -> String)
    /// A released result: the executor's bytes with the receipt's path.
    case released(ReleasedJob)
    /// The checker's verdict on a statement, not allowed.
    /// `document`: what `--json` prints; made from the verdict where it is nil.
    case stopped(Verdict, sql: String, steps: [PlanStep] = [], document: JSONValue? = nil, note: Text? = nil)
    /// Computed again and not the same (product check --replay): exit status 1.
    case different([String: JSONValue], text: (Language) -> String)
    /// Something that was checked does not hold (audit verify, receipt verify): the document and its text, exit status 3.
    case notVerified([String: JSONValue], text: (Language) -> String)
}
