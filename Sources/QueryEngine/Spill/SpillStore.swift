// SPDX-License-Identifier: Apache-2.0

/// Room outside memory for rows of one job that do not fit. JobRuntime fits a sealed file of ColumnStore to it: nobody without the key
/// that lives in this process can read, exchange or shorten what is put there.
public protocol SpillStore: AnyObject, Sendable {
    /// Bytes of memory that a chunk needs behind its content.
    var sealBytes: Int { get }
    /// A secret of the job that decides which rows fall together, so that nobody can choose rows that do.
    var seed: UInt64 { get }
    /// A way in and out for one thread.
    func makeChannel() throws -> any SpillChannel
}

/// Writes and reads chunks. For one thread.
public protocol SpillChannel: AnyObject {
    /// Seals `count` bytes in place, which spoils them and the `sealBytes` behind them, and puts them aside. Nil when there is no more
    /// room; throws when they cannot be written.
    func write(_ memory: UnsafeMutableRawPointer, count: Int, rows: Int) throws -> SpillChunk?
    /// Fills the memory, `byteCount` bytes and `sealBytes` behind them, with exactly what was written; throws when that is not there.
    func read(_ chunk: SpillChunk, into memory: UnsafeMutableRawPointer) throws
}

/// Where rows were put.
public struct SpillChunk: Sendable, Hashable {
    /// Different for each chunk of a store.
    public let number: Int
    public let offset: Int
    /// Without the seal.
    public let byteCount: Int
    public let rows: Int

    public init(number: Int, offset: Int, byteCount: Int, rows: Int) {
        self.number = number
        self.offset = offset
        self.byteCount = byteCount
        self.rows = rows
    }
}

/// The room of one execution.
struct SpillSpace: Sendable {
    let store: any SpillStore

    func makeChannel() throws(EngineError) -> any SpillChannel {
        do { return try store.makeChannel() } catch { throw EngineError(.spillFailed, cause: error) }
    }
}
