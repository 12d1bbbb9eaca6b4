// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of JobRuntime.
    static let jobRuntime: [String: Text] = [:]
}
