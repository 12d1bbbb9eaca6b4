// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of PolicyCheck.
    static let policyCheck: [String: Text] = [:]
}
