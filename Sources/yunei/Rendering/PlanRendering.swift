// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import QueryPlan
import WireContract

/// How a statement becomes a plan, for people and for scripts.
enum PlanRendering {
    static func json(_ steps: [PlanStep]) -> JSONValue {
        .array(
            steps.map { step in
                let title = Texts.text(step.stage.rawValue)
                return ["step": .string(step.stage.rawValue), "title": ["zh": .string(title.zh), "en": .string(title.en)], "plan": .string(step.text)]
            })
    }

    /// Each stage under its title; empty without stages.
    static func text(_ steps: [PlanStep], language: Language) -> String {
        steps.enumerated().map { number, step in
            "\n\n\(number + 1). " + Texts.text(step.stage.rawValue).in(language) + "\n"
                + step.text.split(separator: "\n").map { "   " + $0 }.joined(separator: "\n")
        }.joined()
    }
}
