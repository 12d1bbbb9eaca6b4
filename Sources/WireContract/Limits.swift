// SPDX-License-Identifier: Apache-2.0

/// Limits of one message between the planes.
public enum Limits {
    /// Longest JSON part.
    public static let jsonBytes = 64 << 20
    /// Longest secret part.
    public static let secretBytes = 1 << 20
    /// Most descriptors of one message.
    public static let descriptors = 1024
}
