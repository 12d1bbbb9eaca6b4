// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// A city's baseline 基线: floors by grade, and data elements that units build on. Signed by the authority.
struct Baseline {
    let name: String
    /// Floor of each grade; `forbidden` where the grade may not be used at all.
    let floors: [Grade: JSONValue]
    let elements: [String: JSONValue]

    init(_ document: JSONValue) throws(PolicyError) {
        guard let name = document["baseline"]?.text, let floors = document["floors"]?.members else { throw PolicyError(.malformed, "baseline") }
        self.name = name
        var graded: [Grade: JSONValue] = [:]
        for (key, floor) in floors {
            guard let grade = Grade(rawValue: key) else { throw PolicyError(.badValue, name, key) }
            graded[grade] = floor
        }
        self.floors = graded
        elements = document["elements"]?.members ?? [:]
    }
}
