// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of ColumnStore.
    static let columnStore: [String: Text] = [:]
}
