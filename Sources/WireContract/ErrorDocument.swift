// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// `{"status":"error","code":…,"message":{"zh":…,"en":…}}`: how a fault is told, between the planes and to users of `--json`.
public struct ErrorDocument: Error, Sendable, Equatable {
    /// Stable code of some module.
    public let code: String
    /// What happened, where, and what to do next.
    public let message: Text

    /// The document for a code, with its text from the catalogue. Arguments are names, places and limits only.
    public init(code: String, arguments: [String] = []) {
        self.code = code
        message = Texts.text(code, arguments)
    }

    /// Reads a document; nil unless it has exactly these members.
    public init?(_ json: JSONValue) {
        guard let members = json.members, Set(members.keys) == ["status", "code", "message"],
            members["status"]?.text == "error", let code = members["code"]?.text,
            let texts = members["message"]?.members, Set(texts.keys) == ["zh", "en"],
            let zh = texts["zh"]?.text, let en = texts["en"]?.text
        else { return nil }
        self.code = code
        message = Text(zh: zh, en: en)
    }

    /// The document.
    public var json: JSONValue {
        ["status": "error", "code": .string(code), "message": ["zh": .string(message.zh), "en": .string(message.en)]]
    }
}
