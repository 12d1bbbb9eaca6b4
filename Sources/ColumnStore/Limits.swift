// SPDX-License-Identifier: Apache-2.0

/// The limits of this module.
public enum Limits {
    /// Most rows of one block.
    public static let blockRows = 65_536
    /// Bytes of one block's rows, all columns together, before it is cut short (very wide tables).
    public static let blockRowBytes = 128 << 20
    /// Bytes of texts that are not in their column's dictionary, all columns together, after which a block is cut short.
    public static let blockTextBytes = 16 << 20
    /// Most distinct texts of a dictionary that serves a whole column.
    public static let dictionaryEntries = 1 << 20
    /// Most bytes of a dictionary that serves a whole column.
    public static let dictionaryBytes = 64 << 20
    /// Texts after which a column that hardly repeats any gets no dictionary.
    public static let dictionaryTrialRows = 1 << 17
    /// Longest text value in bytes of UTF-8.
    public static let textBytes = 65_535
    /// Longest identifier in bytes of its canonical form.
    public static let identifierBytes = 256
    /// Longest field that is taken for an identifier and brought to its canonical form.
    public static let identifierFieldBytes = 1_024
    /// Threads of one load.
    public static let threads = 64
    /// Longest CSV record in bytes.
    public static let recordBytes = 4 << 20
    /// Most columns of a table, and most fields of a CSV record.
    public static let columns = 1_024
    /// Most date formats of a column.
    public static let dateFormats = 16
    /// Most bad values listed when a load is refused; all of them are counted.
    public static let reportedBadValues = 1_000
    /// Most entities of one type. The two numbers above it are never given.
    public static let entities = 0xFFFF_FFFE
    /// Largest block of a sealed file, before it is sealed.
    public static let blockBytes = 1 << 30
    /// Most memory for reading another version during a load.
    public static let readerBytes = 1 << 32
    /// Memory for rows of a load, in bytes, unless told otherwise. When three quarters are used they leave while the fourth is filled.
    public static let stagingBytes = 256 << 20
    /// Most sorted runs that a load may spill.
    public static let spillRuns = 1_024
    /// Largest file of rows that a job puts aside because they do not fit memory.
    public static let spillBytes = 64 << 30
    /// Largest sealed manifest.
    public static let manifestBytes = 256 << 20
    /// Longest part of a manifest that is not sealed: magic, version, length, and the table's identity.
    public static let manifestHeadBytes = 4_096
    /// Bytes of a CSV file from which its encoding is first judged.
    public static let encodingSampleBytes = 1 << 20
    /// Most columns that are measured together, the first ones of a table.
    public static let unionColumns = 10
    /// Most combinations of columns that are measured.
    public static let unions = 32
    /// Combinations of values that are kept for one combination of columns; beyond, an even part of them is.
    public static let keptCombinations = 1 << 14
    /// Fewest entities of a table whose combinations are measured.
    public static let profiledEntities = 1_000
    /// Most rows of one version.
    public static let rows = 1 << 40

    /// Those of the limits that are too large to be reached by a test, as one load or table keeps them. Lower ones let tests stand at the
    /// edge.
    package struct Ceilings: Sendable {
        package var blockRowBytes = Limits.blockRowBytes
        package var blockTextBytes = Limits.blockTextBytes
        package var dictionaryEntries = Limits.dictionaryEntries
        package var dictionaryBytes = Limits.dictionaryBytes
        package var dictionaryTrialRows = Limits.dictionaryTrialRows
        package var entities = Limits.entities
        package var spillRuns = Limits.spillRuns
        package var spillBytes = Limits.spillBytes
        package var manifestBytes = Limits.manifestBytes
        package var blockBytes = Limits.blockBytes
        package var readerBytes = Limits.readerBytes
        package var rows = Limits.rows
        package var keptCombinations = Limits.keptCombinations
        package var profiledEntities = Int64(Limits.profiledEntities)

        package init() {}
    }
}
