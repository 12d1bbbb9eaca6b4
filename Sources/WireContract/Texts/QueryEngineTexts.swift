// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of QueryEngine.
    static let queryEngine: [String: Text] = [:]
}
