// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement

/// The boundary's proof from inside: tries one forbidden act. If it returns at all, the boundary is broken, and the reply says so.
enum ConfinementAttempt {
    static func run(_ json: JSONValue) throws -> JSONValue {
        guard let act = json["act"]?.text.flatMap(ForbiddenAct.init(rawValue:)) else { throw RuntimeError(.badRequest) }
        Confinement.attempt(act)
        return ["survived": .string(act.rawValue)]
    }
}
