// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Why a file operation failed; names the file, never its content.
public struct DurableError: Error, Equatable, Sendable {
    /// Stable codes; each has a text in the catalogue.
    public enum Code: String, CaseIterable, Sendable {
        case missing = "file.missing"
        case exists = "file.exists"
        case permissionDenied = "file.permission-denied"
        case readOnly = "file.read-only"
        case diskFull = "file.disk-full"
        case locked = "file.locked"
        case wrongKind = "file.wrong-kind"
        case tooLarge = "file.too-large"
        case inputOutput = "file.input-output"
        /// A flush failed: what reached the disk is unknown, and asking again may wrongly report success.
        case syncFailed = "file.sync-failed"
    }

    public let code: Code
    /// The file's path, then a detail where the text has a place for one.
    public let arguments: [String]

    public init(_ code: Code, _ arguments: [String]) {
        self.code = code
        self.arguments = arguments
    }

    /// The error of a failed call.
    init(errno number: Int32, path: String) {
        switch number {
        case ENOENT: self.init(.missing, [path])
        case EEXIST, ENOTEMPTY: self.init(.exists, [path])
        case EACCES, EPERM: self.init(.permissionDenied, [path])
        case EROFS: self.init(.readOnly, [path])
        case ENOSPC, EDQUOT: self.init(.diskFull, [path])
        case EWOULDBLOCK: self.init(.locked, [path])
        case ENOTDIR, EISDIR, ELOOP: self.init(.wrongKind, [path])
        default: self.init(.inputOutput, [path, String(cString: strerror(number))])
        }
    }

    public static func == (left: DurableError, right: DurableError) -> Bool { left.code == right.code }
}
