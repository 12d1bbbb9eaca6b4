// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reading and writing of descriptors that were handed over. Nothing here opens or closes one.
enum Descriptor {
    /// Length of a seekable file. `fstat` is not used: a confined process has no such call.
    static func length(_ descriptor: Int32) -> Int? {
        let end = lseek(descriptor, 0, SEEK_END)
        return end < 0 ? nil : Int(end)
    }

    static func isSeekable(_ descriptor: Int32) -> Bool { lseek(descriptor, 0, SEEK_CUR) >= 0 }

    /// Fills the memory from a place in the file; false when the file ends before or the system refuses.
    static func read(_ descriptor: Int32, into memory: UnsafeMutableRawPointer, count: Int, at offset: Int) -> Bool {
        var done = 0
        while done < count {
            let got = pread(descriptor, memory + done, count - done, off_t(offset + done))
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { return false }
            done += got
        }
        return true
    }

    /// Reads up to `count` bytes, 0 at the end. `offset` is nil for a stream.
    static func readSome(_ descriptor: Int32, into memory: UnsafeMutableRawPointer, count: Int, at offset: Int?) -> Int? {
        while true {
            let got = offset.map { pread(descriptor, memory, count, off_t($0)) } ?? Glibc.read(descriptor, memory, count)
            if got < 0 && errno == EINTR { continue }
            return got < 0 ? nil : got
        }
    }

    /// Throws `store.no-space` or `store.write-failed`.
    static func write(
        _ descriptor: Int32, _ memory: UnsafeRawPointer, count: Int, at offset: Int, name: String
    ) throws(StoreError) {
        var done = 0
        while done < count {
            let put = pwrite(descriptor, memory + done, count - done, off_t(offset + done))
            if put < 0 && errno == EINTR { continue }
            guard put > 0 else { throw StoreError(errno == ENOSPC || errno == EDQUOT ? .noSpace : .writeFailed, [name]) }
            done += put
        }
    }

    static func write(_ descriptor: Int32, _ bytes: [UInt8], at offset: Int, name: String) throws(StoreError) {
        let result: Result<Void, StoreError> = bytes.withUnsafeBytes { memory in
            guard let start = memory.baseAddress else { return .success(()) }
            do throws(StoreError) {
                try write(descriptor, start, count: memory.count, at: offset, name: name)
                return .success(())
            } catch { return .failure(error) }
        }
        try result.get()
    }

    /// All bytes of a seekable file. Throws `store.read-failed`, and `store.limit-exceeded` when there are more than `limit`.
    static func readAll(_ descriptor: Int32, limit: Int, name: String) throws(StoreError) -> [UInt8] {
        guard let count = length(descriptor) else { throw StoreError(.readFailed, [name]) }
        guard count <= limit else { throw StoreError(.limitExceeded, [name, String(limit)]) }
        var isRead = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { memory, initialised in
            guard let start = memory.baseAddress else {
                isRead = count == 0
                return
            }
            isRead = read(descriptor, into: start, count: count, at: 0)
            initialised = isRead ? count : 0
        }
        guard isRead else { throw StoreError(.readFailed, [name]) }
        return bytes
    }
}
