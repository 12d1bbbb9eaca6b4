// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// A city's baseline: floors by grade and data elements.
struct Baseline {
    enum Floor {
        case forbidden
        case lines(ReleaseLines)
    }

    let name: String
    let floors: [Grade: Floor]
    let elements: [String: UseLines]
    /// What any table may be used for.
    let useLimits: UseLimits
    /// Memory of a job in MiB.
    let jobMemory: Int64?

    init(_ json: JSONValue) throws(PolicyError) {
        var members = try DocumentMembers(json, place: "baseline")
        _ = members.value("kind")
        name = try members.requiredText("baseline")
        floors = try Self.floors(try members.object("floors"))
        elements = try Self.elements(try members.object("elements"))
        useLimits = try members.object("use_for").map { members throws(PolicyError) in try UseLimits(members) } ?? UseLimits()
        jobMemory = try members.integer("job_memory")
        try members.finish()
    }

    private static func floors(_ members: DocumentMembers?) throws(PolicyError) -> [Grade: Floor] {
        guard var members else { return [:] }
        var floors: [Grade: Floor] = [:]
        for grade in Grade.allCases {
            guard let value = members.value(grade.rawValue) else { continue }
            if value.text == "forbidden" {
                floors[grade] = .forbidden
            } else {
                floors[grade] = .lines(try ReleaseLines(try DocumentMembers(value, place: "floors." + grade.rawValue)))
            }
        }
        try members.finish()
        return floors
    }

    private static func elements(_ members: DocumentMembers?) throws(PolicyError) -> [String: UseLines] {
        guard var members else { return [:] }
        var elements: [String: UseLines] = [:]
        for name in members.names {
            guard var element = try members.object(name) else { continue }
            elements[name] = try UseLines(&element)
            try element.finish()
        }
        return elements
    }
}
