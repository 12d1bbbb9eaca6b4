// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of DocumentReader.
    static let documentReader: [String: Text] = [:]
}
