// SPDX-License-Identifier: Apache-2.0

/// Limits of a confined process and of the profile.
public enum Limits {
    /// Arenas of malloc: more threads share them.
    public static let allocatorArenas = 8
    /// Size from which malloc maps an allocation on its own and gives it back when it is freed; smaller ones stay with the process.
    public static let allocatorMappingBytes = 1 << 20
    /// Open files of an executor: the descriptors of one message, its own four, and room for a few more.
    public static let openFiles = 1024 + 64
    /// Most lines of a profile.
    public static let profileLines = 512
    /// Longest line of a profile in bytes.
    public static let profileLineBytes = 200
}
