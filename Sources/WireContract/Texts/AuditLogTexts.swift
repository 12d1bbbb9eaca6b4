// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of AuditLog.
    static let auditLog: [String: Text] = [:]
}
