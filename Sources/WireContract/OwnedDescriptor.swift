// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A file descriptor with one owner: it is closed when the owner goes, unless it was taken over.
public final class OwnedDescriptor: Sendable {
    private static let none: Int32 = -1
    private let held: Atomic<Int32>

    /// Takes over `number`, which nobody else may close from now on.
    public init(_ number: Int32) { held = Atomic(number) }

    deinit { close() }

    /// The number, or -1 once it was closed or taken over.
    public var number: Int32 { held.load(ordering: .acquiring) }

    /// Gives the number away; the caller closes it.
    public func take() -> Int32 { held.exchange(Self.none, ordering: .acquiringAndReleasing) }

    /// Closes it now. Closing twice does nothing.
    public func close() {
        let number = take()
        if number >= 0 { _ = Glibc.close(number) }
    }
}
