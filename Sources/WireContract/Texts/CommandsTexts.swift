// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of Commands.
    static let commands: [String: Text] = [:]
}
