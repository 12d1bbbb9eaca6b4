// SPDX-License-Identifier: Apache-2.0
import CSodium
import Synchronization

/// Regions of locked memory between guard pages, cut into slots for single keys: a job makes hundreds of short-lived ones, and pages
/// of its own for each cost more than all it does with them. A slot is empty before it is handed out again. Regions last as long as
/// the process.
final class SecretSlots: Sendable {
    static let shared = SecretSlots()

    /// Sizes of slots. A larger secret gets a region of its own.
    private static let slotBytes = [64, 256]
    /// With libsodium's own 16 bytes four pages: even a limit of 64 KiB has room for a region of each size.
    private static let regionBytes = 4 * 4096 - 16

    struct Slot: @unchecked Sendable {
        let start: UnsafeMutableRawPointer
        fileprivate let size: Int
    }

    private let free = Mutex<[[Slot]]>(slotBytes.map { _ in [] })

    /// A slot of at least `count` bytes; nil when it would be too large or the kernel gives no guarded memory.
    /// `noteUnlocked` is called when the kernel refuses to lock a region that is made for it.
    func take(_ count: Int, noteUnlocked: () -> Void) -> Slot? {
        guard let size = Self.slotBytes.firstIndex(where: { $0 >= count }) else { return nil }
        return free.withLock { free in
            if free[size].isEmpty {
                guard let region = sodium_malloc(Self.regionBytes) else { return nil }
                // sodium_malloc ignores a failed lock; asking again tells.
                if sodium_mlock(region, Self.regionBytes) != 0 { noteUnlocked() }
                let bytes = Self.slotBytes[size]
                for start in stride(from: 0, through: Self.regionBytes - bytes, by: bytes) {
                    free[size].append(Slot(start: region + start, size: size))
                }
            }
            return free[size].removeLast()
        }
    }

    /// Overwrites a slot and takes it back.
    func give(_ slot: Slot) {
        sodium_memzero(slot.start, Self.slotBytes[slot.size])
        free.withLock { $0[slot.size].append(slot) }
    }
}
