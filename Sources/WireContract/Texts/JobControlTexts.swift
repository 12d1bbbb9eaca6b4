// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of JobControl.
    static let jobControl: [String: Text] = [:]
}
