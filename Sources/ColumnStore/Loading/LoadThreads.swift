// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Tabular

/// Does independent pieces of work on the threads of one load.
package struct LoadThreads {
    /// From 1, the caller's own, to `Limits.threads`.
    package let count: Int

    package init(count: Int) { self.count = min(max(count, 1), Limits.threads) }

    /// Calls `body` once for each piece of `0..<pieces`, with the number of the thread that does it. Pieces are begun in order. Throws
    /// the failure of the lowest piece; those not yet begun are then left out.
    func run(_ pieces: Int, _ body: @escaping (_ piece: Int, _ thread: Int) throws(StoreError) -> Void) throws(StoreError) {
        let queue = PieceQueue(pieces)
        Workers.run(max(min(count, pieces), 1)) { thread in
            while let piece = queue.take() {
                do throws(StoreError) { try body(piece, thread) } catch { queue.fail(piece, error) }
            }
        }
        if let failure = queue.failure { throw failure }
    }
}

/// Hands out piece numbers until one fails.
private final class PieceQueue: Sendable {
    private let next = Atomic<Int>(0)
    private let pieces: Int
    private let lowest = Mutex<(piece: Int, error: StoreError)?>(nil)

    init(_ pieces: Int) { self.pieces = pieces }

    func take() -> Int? {
        let piece = next.add(1, ordering: .relaxed).oldValue
        return piece < pieces ? piece : nil
    }

    func fail(_ piece: Int, _ error: StoreError) {
        next.store(pieces, ordering: .relaxed)
        lowest.withLock { if piece < $0?.piece ?? Int.max { $0 = (piece, error) } }
    }

    var failure: StoreError? { lowest.withLock { $0?.error } }
}
