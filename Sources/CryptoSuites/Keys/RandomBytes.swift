// SPDX-License-Identifier: Apache-2.0
import CSodium
import Synchronization

/// A source of random bytes that is handed to whoever needs one, so that tests can repeat a run.
public struct RandomBytes: Sendable {
    private let seeded: SeededState?

    /// The kernel's generator.
    public static let system = RandomBytes(seeded: nil)

    private init(seeded: SeededState?) { self.seeded = seeded }

    /// Repeatable and worthless as a secret: for tests.
    package init(seed: UInt64) { seeded = SeededState(seed) }

    public func fill(_ output: UnsafeMutableRawBufferPointer) {
        guard let start = output.baseAddress else { return }
        if let seeded {
            for index in output.indices { output[index] = seeded.nextByte() }
        } else {
            _ = Backend.shared
            randombytes_buf(start, output.count)
        }
    }

    public func bytes(count: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: count)
        result.withUnsafeMutableBytes { fill($0) }
        return result
    }
}

/// SplitMix64.
private final class SeededState: Sendable {
    private let state: Mutex<UInt64>

    init(_ seed: UInt64) { state = Mutex(seed) }

    func nextByte() -> UInt8 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return UInt8(truncatingIfNeeded: mixed ^ (mixed >> 31))
        }
    }
}
