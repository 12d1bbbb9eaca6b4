// SPDX-License-Identifier: Apache-2.0
import CSodium
import Synchronization

/// A few secret bytes: locked against swap, left out of core dumps, in pages between guard pages, wiped on release.
///
/// For keys only. Short ones share pages (``SecretSlots``), a longer one takes several of its own.
final class LockedBytes: @unchecked Sendable {
    private let start: UnsafeMutableRawPointer
    private let home: Home
    let count: Int

    private enum Home {
        case slot(SecretSlots.Slot)
        case region
        case ordinaryMemory
    }

    private static let lockFailed = Atomic<Bool>(false)
    static var everyLockSucceeded: Bool { !lockFailed.load(ordering: .relaxed) }

    /// Zeroed memory. When the kernel gives no guarded or locked memory, ordinary memory is used and
    /// ``everyLockSucceeded`` turns false for good.
    init(count: Int) {
        _ = Backend.shared
        self.count = count
        if let slot = SecretSlots.shared.take(count, noteUnlocked: { Self.lockFailed.store(true, ordering: .relaxed) }) {
            start = slot.start
            home = .slot(slot)
        } else if let memory = sodium_malloc(count) {
            start = memory
            home = .region
            // sodium_malloc ignores a failed lock; asking again tells.
            if sodium_mlock(memory, count) != 0 { Self.lockFailed.store(true, ordering: .relaxed) }
        } else {
            start = .allocate(byteCount: count, alignment: 16)
            home = .ordinaryMemory
            Self.lockFailed.store(true, ordering: .relaxed)
        }
        sodium_memzero(start, count)
    }

    convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count)
        write { $0.copyMemory(from: bytes) }
    }

    deinit {
        switch home {
        case .slot(let slot): SecretSlots.shared.give(slot)
        case .region: sodium_free(start)
        case .ordinaryMemory:
            sodium_memzero(start, count)
            start.deallocate()
        }
    }

    // Closures rather than pointers as properties: the memory must outlive its use.

    func read<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: start, count: count))
    }

    func write<R, E: Error>(_ body: (UnsafeMutableRawBufferPointer) throws(E) -> R) throws(E) -> R {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeMutableRawBufferPointer(start: start, count: count))
    }

    /// The same for C functions.
    func writePointer<R>(_ body: (UnsafeMutablePointer<UInt8>) -> R) -> R {
        defer { withExtendedLifetime(self) {} }
        return body(start.assumingMemoryBound(to: UInt8.self))
    }
}

extension UnsafeRawBufferPointer {
    var bytePointer: UnsafePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }

    /// A pointer for C functions that want one even to nothing.
    func withBytePointer(_ body: (UnsafePointer<UInt8>) -> Void) {
        if let bytePointer {
            body(bytePointer)
        } else {
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1) { nothing in
                nothing.initialize(repeating: 0)
                nothing.baseAddress.map { body($0) }
            }
        }
    }

    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }
}

extension UnsafeMutableRawBufferPointer {
    var bytePointer: UnsafeMutablePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}
