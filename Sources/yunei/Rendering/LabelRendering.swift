// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import WireContract

/// Advice on labels for people and for scripts.
enum LabelRendering {
    /// `[{"column","code","kind","share","wrong","lines","message"}]`.
    static func json(_ advice: [LabelAdvice], table: String) -> JSONValue {
        .array(
            advice.map { advice in
                let message = message(advice, table)
                return [
                    "column": .string(advice.column), "code": .string(advice.code.rawValue), "kind": .string(advice.kindCode),
                    "share": .string(advice.shareCode), "wrong": .bool(advice.isWrong), "lines": .string(advice.lines),
                    "message": ["zh": .string(message.zh), "en": .string(message.en)],
                ]
            })
    }

    /// One line each, what is wrong first; empty without advice.
    static func text(_ advice: [LabelAdvice], table: String, language: Language) -> String {
        (advice.filter(\.isWrong) + advice.filter { !$0.isWrong }).map { "\n" + message($0, table).in(language) }.joined()
    }

    private static func message(_ advice: LabelAdvice, _ table: String) -> Text {
        let kind = Texts.text(advice.kindTextCode)
        return Text(
            zh: Texts.text(advice.code.rawValue, [advice.column, table, kind.zh, advice.lines]).zh,
            en: Texts.text(advice.code.rawValue, [advice.column, table, kind.en, advice.lines]).en)
    }
}
